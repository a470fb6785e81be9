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
			fmt.Fprint(t, arg[:len(arg)/2])
			answer, err := t.ReadLine(context.Background(), arg[len(arg)/2:])
			fmt.Fprintf(t, "answer %q %v\n", answer, err)
		case "partial":
			fmt.Fprint(t, arg)
		case "unfinished":
			fmt.Fprint(t, arg)
			flood(t, 3)
			fmt.Fprintln(t, ".")
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

func TestKeysThatTheEditorDoesNotKnowLeaveNoTrace(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	c.send("one two")
	for _, key := range []string{
		"\x1b[1;2A", "\x1b[I", "\x1b[O", "\x1b[97;5u", "\x1b[57~", "\x1bx", "\x1b中", "\x1b[<0;1;1M", "\x1bOj", "\x1b[1;2P",
	} {
		c.send(key)
	}
	c.send("!\r")
	c.shows("got \"one two!\"\n> ")
	c.send("one two\x1b[1;3Dx\x1b[1;2Dy\x1bOD\x1b[3;5~\r")
	c.shows("got \"one \"\n> ")
}

func TestAKeyMayComeInPieces(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	for _, b := range []byte("中\x1b[D文\x1b[200~a\tb\x1b[201~\r") {
		c.send(string([]byte{b}))
	}
	c.shows("got \"文a    b中\"\n> ")
}

func TestWhatIsTypedAheadIsNotLost(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	var keys, want strings.Builder
	for i := range 50 {
		fmt.Fprintf(&keys, "line %d\r", i)
		fmt.Fprintf(&want, "> line %d\ngot \"line %d\"\n", i, i)
	}
	c.send(keys.String() + "rest")
	c.shows(want.String() + "> rest")
}

func TestAProgramAsksForALine(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	c.send("partial 姓名: \r")
	c.shows("> partial 姓名:\n姓名:\n> ")
	c.send("ask 姓名: \r")
	c.shows("> ask 姓名:\n姓名: ")
	c.send("王\x1b[D小\x1b[200~明\nnext\n\x1b[201~")
	c.shows("\nanswer \"小王明\" <nil>\n> next\ngot \"next\"\n> ")
	c.send("ask \x1b[31mred\x1b[0m \r")
	c.shows("\nred ")
	c.send("\x1b[A\tx\x04\r")
	c.shows("\nanswer \"x\" <nil>\n> ")
	c.send("ask > \r")
	c.shows("\n> ask >\n> ")
	c.send("\x04")
	c.shows("\nanswer \"\" EOF\n> ")
}

func TestMessagesDoNotMixWithAnUnfinishedLine(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{cols: 40})
	c.shows("> ")
	long := strings.Repeat("很长", 30)
	c.send("unfinished " + long + "\r")
	c.until("the messages and then the line", func(v *vt) bool {
		return strings.HasSuffix(squeeze(v.text()), squeeze("消息0消息1=消息2=="+long+".>"))
	})
}

func TestALineTallerThanThePromptLeavesNoEmptyRows(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{cols: 20})
	c.shows("> ")
	c.send(strings.Repeat("x", 70) + strings.Repeat("\x7f", 60))
	c.cursorAt("> xxxxxxxxxx", "")
	c.send("\r")
	c.shows("> xxxxxxxxxx\ngot \"xxxxxxxxxx\"\n> ")
	c.send(strings.Repeat("y", 36))
	c.shows("\n> " + strings.Repeat("y", 18) + "\n" + strings.Repeat("y", 18))
	c.send("\x01\r")
	c.shows("\n> " + strings.Repeat("y", 18) + "\n" + strings.Repeat("y", 18) + "\ngot \"" + strings.Repeat("y", 15) + "\n" + strings.Repeat("y", 20) + "\ny\"\n> ")
}

func TestAResizedTerminalGoesOn(t *testing.T) {
	t.Parallel()
	c := startChild(t, "echo", consoleOptions{})
	c.shows("> ")
	c.send("中文")
	c.cursorAt("> 中文", "")
	c.resize(24, 50)
	c.send("字\r")
	c.shows("got \"中文字\"\n> ")
	c.resize(24, 8) // too narrow to edit in
	c.send("\r")
	c.shows("got \"\"\n> ")
	c.send("ab\r")
	c.until("a plain line", func(v *vt) bool { return strings.HasSuffix(v.text(), "> ab\ngot \"ab\"\n>") })
	c.resize(24, 60)
	c.send("\n")
	c.shows("got \"\"\n> ")
	c.send("x\x1b[Dy\r")
	c.shows("> yx\ngot \"yx\"\n> ")
}

func TestALineIsEdited(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
