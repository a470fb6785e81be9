package ladder_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
	"golang.org/x/text/encoding/simplifiedchinese"

	"lunawire/bindings/record"
	"lunawire/bindings/record/ladder"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scenes are real conversations, each with its golden ladder in testdata.
var scenes = []struct {
	name    string
	play    func(*taped)
	options ladder.Options
}{
	{"tcp", playTCP, ladder.Options{Title: "One connection"}},
	{"tcp-narrow", playTCP, ladder.Options{Width: 72}},
	{"tcp-ascii", playTCP, ladder.Options{ASCII: true}},
	{"stream", playStream, ladder.Options{}},
	{"udp", playUDP, ladder.Options{Decode: gbk}},
	{"two-clients-wide", playTwoClients, ladder.Options{Width: 130}},
	{"two-clients-folded", playTwoClients, ladder.Options{}},
	{"errors", playErrors, ladder.Options{}},
	{"outside", playOutside, ladder.Options{}},
	{"late-accept", playLateAccept, ladder.Options{}},
	{"pair", playPair, ladder.Options{}},
}

func gbk(_ int, data string) (text, encoding string, ok bool) {
	text, err := simplifiedchinese.GBK.NewDecoder().String(data)
	return text, "gbk", err == nil
}

func playTCP(t *taped) {
	l := t.listen("tcp", "127.0.0.1:0")
	c := t.dial(l.Addr())
	s := l.accept()
	c.send("hello")
	s.recv(1024)
	s.send("你好\n")
	c.recv(1024)
	c.close()
	s.recv(1024)
	s.close()
}

// playStream shows that a stream keeps no limits between sends.
func playStream(t *taped) {
	l := t.listen("tcp", "127.0.0.1:0")
	c := t.dial(l.Addr())
	s := l.accept()
	t.line.Note(t.task, "粘包: three sends, one recv\nand one send, two recvs")
	for _, word := range []string{"one", "two", "three"} {
		c.send(word)
	}
	s.fill(11)
	s.send("\x00\x01\xfe\xff")
	c.fill(1)
	c.fill(3)
	c.send("never read")
	s.close()
}

func playUDP(t *taped) {
	a, b := t.udp("127.0.0.1:0"), t.udp("127.0.0.1:0")
	a.sendto("\xc4\xe3\xba\xc3", b.LocalAddr())
	b.recvfrom(1024)
	b.sendto("a longer answer", a.LocalAddr())
	b.sendto("", a.LocalAddr())
	a.recvfrom(8)
	a.recvfrom(8)
	a.sendto("to myself", a.LocalAddr())
	a.recvfrom(100)
	a.sendto("lost", b.LocalAddr())
	b.close()
	a.close()
}

func playTwoClients(t *taped) {
	l := t.listen("tcp", "127.0.0.1:0")
	a := t.dial(l.Addr())
	sa := l.accept()
	b := t.dial(l.Addr())
	sb := l.accept()
	a.send("from a")
	b.send("from b")
	sa.recv(100)
	sb.recv(100)
	sb.send("to b")
	b.recv(100)
	sa.close()
	a.recv(10)
}

func playErrors(t *taped) {
	l := t.listen("tcp", "127.0.0.1:0")
	c := t.dial(l.Addr())
	s := l.accept()
	closed := l.Addr()
	t.must(l.Listener.Close())
	t.call(&record.Call{Socket: l.socket, Name: "close"}, func() {})
	refused := &record.Call{Socket: t.line.Open(record.Opening{Network: record.TCP}), Name: "connect",
		Args: record.Args{record.Address}, Addr: address(closed)}
	t.call(refused, func() {
		_, err := net.Dial("tcp", closed.String())
		if errors.Is(err, syscall.ECONNREFUSED) {
			refused.Err, refused.Message = "ECONNREFUSED", "connection refused"
		}
	})
	t.call(&record.Call{Socket: c.socket, Name: "recv", Args: record.Args{record.Int(10)}, Flow: record.Received, Err: record.Timeout}, func() {
		t.must(c.SetReadDeadline(time.Now().Add(110 * time.Millisecond)))
		_, err := c.Read(make([]byte, 10))
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("got %v, want a timeout", err)
		}
	})
	c.send("unread")
	s.close()
	t.must(c.SetReadDeadline(time.Time{}))
	c.recv(10)
	t.line.EndTask(t.task, "ECONNRESET", "connection reset by peer")
}

// playOutside talks to a peer that the timeline does not know.
func playOutside(t *taped) {
	peer, err := net.Listen("tcp", "127.0.0.1:0")
	t.must(err)
	t.Cleanup(func() { peer.Close() })
	c := t.dial(peer.Addr())
	conn, err := peer.Accept()
	t.must(err)
	t.Cleanup(func() { conn.Close() })
	c.send("GET / HTTP/1.0\r\n\r\n")
	_, err = conn.Write([]byte("HTTP/1.0 200 OK\r\n"))
	t.must(err)
	c.fill(17)
	c.close()
}

func playLateAccept(t *taped) {
	l := t.listen("tcp", "127.0.0.1:0")
	c := t.dial(l.Addr())
	c.send("early")
	c.close()
	s := l.accept()
	s.fill(5)
	s.recv(10)
	s.close()
}

func playPair(t *taped) {
	a, b := t.line.OpenPair(record.Opening{Network: record.UnixStream})
	left, right := t.unixPair()
	x, y := &peerConn{t, left, a}, &peerConn{t, right, b}
	x.send("ab")
	y.fill(2)
	x.close()
	y.recv(1)
	y.close()
}

func play(t *testing.T, scene func(*taped)) *record.Recording {
	tape := newTaped(t)
	scene(tape)
	return tape.line.Recording(record.Filter{})
}

func text(t *testing.T, rec *record.Recording, o ladder.Options) string {
	t.Helper()
	var b strings.Builder
	if err := ladder.Text(&b, rec, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLaddersOfRealConversationsAreTheSameAtEveryRun(t *testing.T) {
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			scene.options.Stable = true
			golden(t, scene.name+".txt", text(t, play(t, scene.play), scene.options))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLadderDoesNotDependOnTheOrderOfRecording(t *testing.T) {
	rec := play(t, playTwoClients)
	want := text(t, rec, ladder.Options{})
	for range 20 {
		rand.Shuffle(len(rec.Events), func(i, j int) { rec.Events[i], rec.Events[j] = rec.Events[j], rec.Events[i] })
		opened := rec.Events[:0:0]
		for _, kinds := range []func(record.Kind) bool{
			func(k record.Kind) bool { return k == record.SocketOpened },
			func(k record.Kind) bool { return k != record.SocketOpened },
		} {
			for _, e := range rec.Events {
				if kinds(e.Kind) {
					opened = append(opened, e)
				}
			}
		}
		rec.Events = opened
		if got := text(t, rec, ladder.Options{}); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestRowsKeepToTheWidthAndLifelinesToTheirColumns(t *testing.T) {
	columns := &runewidth.Condition{}
	for _, scene := range scenes {
		rec := play(t, scene.play)
		for width := 72; width < 150; width += 7 {
			options := scene.options
			options.Width, options.Title = width, ""
			got := text(t, rec, options)
			life := -1
			for line := range strings.Lines(got) {
				line = strings.TrimSuffix(line, "\n")
				if w := columns.StringWidth(line); w > width {
					t.Errorf("%s at %d: got %d columns: %s", scene.name, width, w, line)
				}
				if line == "" {
					life = -1
				}
				i := strings.IndexAny(line, "│├┤|+")
				if i < 0 || strings.Contains(line, "───") && strings.HasPrefix(line[10:], "───") {
					continue
				}
				at := columns.StringWidth(line[:i])
				if life >= 0 && at != life {
					t.Errorf("%s at %d: first lifeline at %d, want %d: %s", scene.name, width, at, life, line)
				}
				life = at
			}
		}
	}
}

func TestSinceShowsOnlyNewRowsUnderTheSameNumbersInTheSameColumns(t *testing.T) {
	rec := play(t, playTCP)
	whole := text(t, rec, ladder.Options{})
	part := text(t, rec, ladder.Options{Since: rec.Events[len(rec.Events)/2].Seq})
	if rows := strings.Count(part, "\n"); rows < 3 || rows >= strings.Count(whole, "\n") {
		t.Fatalf("got %d lines, want some but not all of\n%s", rows, whole)
	}
	for line := range strings.Lines(part) {
		if !strings.Contains(whole, line) {
			t.Errorf("got row %q, want one of\n%s", line, whole)
		}
	}
}
