package ladder_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lunawire/bindings/record/ladder"
)

// rowsOf returns what rows say, without times, heads and spaces.
func rowsOf(text string) []string {
	var rows []string
	for line := range strings.Lines(text) {
		if len(line) < 10 || strings.TrimSpace(line[:9]) == "" || strings.Contains(line[:9], "time") {
			continue
		}
		rows = append(rows, strings.Join(strings.FieldsFunc(line[9:], func(r rune) bool { return strings.ContainsRune(" \n─", r) }), " "))
	}
	return rows
}

func TestLiveLadderDrawsTheRowsOfTheWholeOne(t *testing.T) {
	for _, scene := range []func(*taped){playTCP, playUDP, playStream} {
		rec := play(t, scene)
		var out strings.Builder
		live := ladder.NewLive(&out, ladder.Options{Decode: gbk})
		for i := range rec.Events {
			live.Add(rec.Events[i : i+1])
			if err := live.Flush(rec.Events[i].At - 5*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if err := live.Flush(time.Hour); err != nil {
			t.Fatal(err)
		}
		got := rowsOf(out.String())
		for _, row := range rowsOf(text(t, rec, ladder.Options{Decode: gbk})) {
			if strings.ContainsAny(row, "├┤◁▷") {
				if !slices.Contains(got, row) {
					t.Errorf("the live ladder lacks %q:\n%s", row, out.String())
				}
			}
		}
	}
}

// lockedBuffer is a writer that can be read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
	got chan struct{}
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.got <- struct{}{}:
	default:
	}
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestFollowDrawsWhileTheProgramRunsAndTheRestAtItsEnd(t *testing.T) {
	tape := newTaped(t)
	out := &lockedBuffer{got: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- ladder.Follow(ctx, tape.line, 0, out, ladder.Options{}) }()
	tape.line.Note(tape.task, "first")
	for !strings.Contains(out.String(), "first") {
		<-out.got
	}
	tape.line.Note(tape.task, "last")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Count(got, "first") != 1 || strings.Count(got, "last") != 1 {
		t.Errorf("got\n%s\nwant both notes once", got)
	}
}
