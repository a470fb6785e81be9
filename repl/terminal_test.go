//go:build unix

package repl

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func init() {
	children["echo"] = echo
}

// echo reads lines until the end and tells what it got. Some lines are orders.
func echo() error {
	t, err := Open(os.Stdin, os.Stdout, ColourAuto)
	if err != nil {
		return err
	}
	defer t.Close()
	if t.editor != nil {
		t.editor.quiet()
	}
	var background sync.WaitGroup
	defer background.Wait()
	for {
		line, err := t.readOwnLine(context.Background(), request{prompt: "> ", painted: "> "})
		switch {
		case err == io.EOF:
			fmt.Fprintln(t, "bye")
			return nil
		case err != nil:
			fmt.Fprintln(t, "error:", err)
			continue
		}
		order, arg, _ := strings.Cut(line, " ")
		switch order {
		case "flood":
			n, _ := strconv.Atoi(arg)
			background.Go(func() { flood(t, n) })
		case "ask":
			answer, err := t.ReadLine(context.Background(), "")
			fmt.Fprintf(t, "answer %q %v\n", answer, err)
		case "partial":
			fmt.Fprint(t, arg)
		case "panic":
			background.Go(func() { defer t.Guard(); panic("on purpose") })
			select {}
		default:
			fmt.Fprintf(t, "got %q\n", line)
		}
	}
}

// flood prints n messages in the background, 10 ms apart, as a busy server would.
func flood(t *Terminal, n int) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range n {
		<-tick.C
		fmt.Fprintf(t.Background(), "消息 %d %s\n", i, strings.Repeat("=", i%50))
	}
}

func TestALineIsEdited(t *testing.T) {
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	c.send("hello 世界")
	c.cursorAt("> hello 世界", "")
	c.send("\x1b[D\x1b[DX")
	c.cursorAt("> hello X", "世界")
	c.send("\r")
	c.shows("got \"hello X世界\"\n> ")
	c.send("\x04")
	c.shows("bye")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestMessagesLeaveTheEditedLineExact(t *testing.T) {
	for _, cols := range []int{40, 61, 80} {
		t.Run(fmt.Sprint(cols), func(t *testing.T) {
			t.Parallel()
			c := startChild(t, "echo", consoleOptions{rows: 40, cols: cols})
			c.shows("> ")
			const messages = 300
			c.send(fmt.Sprintf("flood %d\r", messages))
			c.until("the first message", func(v *vt) bool { return strings.Contains(v.text(), "消息 0") })
			before, after := typeAtRandom(c, int64(cols))
			c.until("all messages", func(v *vt) bool {
				return strings.Contains(v.text(), fmt.Sprintf("消息 %d ", messages-1))
			})
			checkMessages(t, c, messages)
			c.until("the line "+before+"|"+after, func(v *vt) bool {
				b, a := v.aroundCursor()
				return strings.HasSuffix(squeeze(b), squeeze(fmt.Sprint(messages-1, strings.Repeat("=", (messages-1)%50), "> ", before))) &&
					squeeze(a) == squeeze(after)
			})
			c.send("\r")
			c.until("the line read", func(v *vt) bool {
				return strings.HasSuffix(squeeze(v.text()), squeeze("got "+strconv.Quote(before+after)+">"))
			})
		})
	}
}

// squeeze takes out spaces and line ends: where a row ends in spaces, a screen does not tell how many.
func squeeze(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }

// typeAtRandom types, moves and deletes for about as long as the flood lasts, and returns the line
// as it must be, before the cursor and after it.
func typeAtRandom(c *console, seed int64) (before, after string) {
	rnd := rand.New(rand.NewSource(seed))
	alphabet := []rune("abc xyz(中文字符，测试)123“”")
	var line []rune
	pos := 0
	tick := time.NewTicker(8 * time.Millisecond)
	defer tick.Stop()
	for range 360 {
		<-tick.C
		switch k := rnd.Intn(10); {
		case k < 7:
			r := alphabet[rnd.Intn(len(alphabet))]
			line = append(line[:pos], append([]rune{r}, line[pos:]...)...)
			pos++
			c.send(string(r))
		case k == 7 && pos > 0:
			pos--
			c.send("\x1b[D")
		case k == 8 && pos < len(line):
			pos++
			c.send("\x1b[C")
		case k == 9 && pos > 0:
			line = append(line[:pos-1], line[pos:]...)
			pos--
			c.send("\x7f")
		}
	}
	return string(line[:pos]), string(line[pos:])
}

// checkMessages looks for every message, whole and in order.
func checkMessages(t *testing.T, c *console, messages int) {
	t.Helper()
	c.vt.mu.Lock()
	defer c.vt.mu.Unlock()
	text := squeeze(c.vt.text())
	at := 0
	for i := range messages {
		want := squeeze(fmt.Sprintf("消息 %d %s", i, strings.Repeat("=", i%50)))
		n := strings.Index(text[at:], want)
		if n < 0 {
			t.Fatalf("message %d is missing or out of order", i)
		}
		at += n + len(want)
	}
}
