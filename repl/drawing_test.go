//go:build unix

package repl

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestAMessageMayComeAtAnyByte records what the editor draws while a person types, moves, deletes and wraps, and plays
// that with a message at each place.
func TestAMessageMayComeAtAnyByte(t *testing.T) {
	t.Parallel()
	const rows, cols = 24, 20
	c := startChild(t, "echo", consoleOptions{rows: rows, cols: cols})
	c.shows("> ")
	for _, step := range []struct{ keys, before, after string }{
		{"local 名字 = '中文字符的测试", "", ""},
		{"一二三四", "", ""},
		{"\x1b[D\x1b[D\x1b[D\x7f", "", ""},
		{"\x01ab\x05", "", ""},
		{"e\u0301", "", ""},
		{"\x01", "> ", "ablocal 名字 = '中"},
	} {
		before := len(c.recorded())
		c.send(step.keys)
		c.until("an answer to "+step.keys, func(v *vt) bool {
			b, a := v.cursorLine()
			return v.raw.Len() > before && (step.before == "" || b == step.before && a == step.after)
		})
	}
	_, drawn, _ := strings.Cut(c.recorded(), pasteOn)
	want := playDrawing(drawn, -1, rows, cols)
	if !strings.HasPrefix(want, "> |ablocal 名字 = '中\n") {
		t.Fatalf("without a message:\n%s", want)
	}
	for at := range len(drawn) + 1 {
		if got := playDrawing(drawn, at, rows, cols); got != "消息 1\n消息 2\n"+want {
			t.Fatalf("got\n%s\nwant\n%s\nwith the message after %q, before %q", got, want, drawn[:at], drawn[at:])
		}
	}
}

// cooked is a vt behind a terminal driver, which makes a return and a newline of each newline.
type cooked struct{ vt *vt }

func (c cooked) Write(p []byte) (int, error) {
	c.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), nil
}

func (c *console) recorded() string {
	c.vt.mu.Lock()
	defer c.vt.mu.Unlock()
	return c.vt.raw.String()
}

// playDrawing returns the screen, with a bar at the cursor, after drawn and two messages at a place in it.
func playDrawing(drawn string, at, rows, cols int) string {
	v := newVT(rows, cols)
	s := newScreen(cooked{v}, func() int { return cols })
	d := newDrawing(s)
	d.begin("> ", "> ")
	if at >= 0 {
		d.draw([]byte(drawn[:at]))
		io.WriteString(backgroundWriter{s}, "消息 1\n消息")
		io.WriteString(backgroundWriter{s}, " 2\n")
		drawn = drawn[at:]
	}
	d.draw([]byte(drawn))
	before, after := v.aroundCursor()
	var b strings.Builder
	for line := range strings.Lines(strings.TrimLeft(before, "\n") + "|" + after) {
		fmt.Fprintln(&b, strings.TrimRight(line, " \n"))
	}
	return strings.TrimRight(b.String(), "\n")
}

func TestWhatIsPrintedAboveALineIsHarmless(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, want string }{
		{"plain 中文", "plain 中文"},
		{"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m\x1b[0m"},
		{"\x1b[2J\x1b[H\x07bell\x08", "bell"},
		{"10%\r20%\r30%", "30%"},
		{"ended\r", "ended"},
		{"\x1b]0;title\x07x", "]0;titlex"},
		{"\u009b2J", "2J"},
		{"a\tb", "a\tb"},
		{"\x1b[", ""},
	} {
		if got := displayable(test.line); got != test.want {
			t.Errorf("got %q, want %q, for %q", got, test.want, test.line)
		}
	}
}

func TestALineWithoutAnEndWaits(t *testing.T) {
	t.Parallel()
	v := newVT(10, 40)
	s := newScreen(cooked{v}, func() int { return 40 })
	d := newDrawing(s)
	d.begin("> ", "> ")
	d.draw([]byte("> x"))
	io.WriteString(s, "half")
	if got := v.text(); got != "> x" {
		t.Errorf("got %q while a line is edited, want only that line", got)
	}
	io.WriteString(s, " a line\nnext")
	if got, want := v.text(), "half a line\n> x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	d.draw([]byte("\n"))
	d.end()
	io.WriteString(s, " one\n")
	if got, want := v.text(), "half a line\n> x\nnext one"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
