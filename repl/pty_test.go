//go:build unix

package repl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/term"
)

// children are the programs that tests run on a terminal of their own: this test binary, started again.
var children = map[string]func() error{}

const childVariable = "LUNAWIRE_REPL_CHILD"

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		if err := children[name](); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// patience bounds every wait; a test that is right waits far less.
const patience = 20 * time.Second

// A console is a child on a pseudo-terminal, with a vt that shows what a person would see.
type console struct {
	t    *testing.T
	vt   *vt
	file *os.File
	cmd  *exec.Cmd
}

type consoleOptions struct {
	rows, cols int
	env        []string
	dir        string
	wrap       []string // a command to run the child under
	args       []string // for that command
}

func startChild(t *testing.T, name string, o consoleOptions) *console {
	t.Helper()
	if o.rows == 0 {
		o.rows = 24
	}
	if o.cols == 0 {
		o.cols = 80
	}
	args := append(append(o.wrap, os.Args[0]), o.args...)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), childVariable+"="+name, "TERM=xterm", "NO_COLOR=1",
		"XDG_STATE_HOME="+t.TempDir(), "GORACE=exitcode=66 halt_on_error=1 atexit_sleep_ms=0", "LANG=zh_CN.UTF-8")
	cmd.Env = append(cmd.Env, o.env...)
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(o.rows), Cols: uint16(o.cols)})
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, vt: newVT(o.rows, o.cols), file: file, cmd: cmd}
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(c.vt, file)
		c.vt.end()
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		file.Close()
		<-read
		if t.Failed() {
			t.Logf("screen:\n%s", c.text())
		}
		if strings.Contains(c.vt.raw.String(), "DATA RACE") {
			t.Errorf("the child has a data race:\n%s", c.vt.raw.String())
		}
	})
	return c
}

func (c *console) text() string {
	c.vt.mu.Lock()
	defer c.vt.mu.Unlock()
	return c.vt.text()
}

func (c *console) send(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.file, keys); err != nil {
		c.t.Fatalf("type %q: %v", keys, err)
	}
}

// resize changes the size of the terminal; what it showed stays.
func (c *console) resize(rows, cols int) {
	c.t.Helper()
	c.vt.mu.Lock()
	for i, row := range c.vt.lines {
		c.vt.lines[i] = append(row, blankRow(max(0, cols-len(row)))...)[:cols]
	}
	c.vt.cols = cols
	c.vt.mu.Unlock()
	if err := pty.Setsize(c.file, &pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)}); err != nil {
		c.t.Fatal(err)
	}
}

// until waits for a state of the screen.
func (c *console) until(what string, ok func(v *vt) bool) {
	c.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		c.vt.mu.Lock()
		good, changed, ended := ok(c.vt), c.vt.changed, c.vt.ended
		c.vt.mu.Unlock()
		if good {
			return
		}
		if ended {
			c.t.Fatalf("the child has ended; want %s", what)
		}
		select {
		case <-changed:
		case <-limit.C:
			c.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// shows waits until the screen ends with text, the cursor's place aside.
func (c *console) shows(text string) {
	c.t.Helper()
	c.until(fmt.Sprintf("a screen that ends with %q", text), func(v *vt) bool {
		return strings.HasSuffix("\n"+v.text(), strings.TrimRight(text, " "))
	})
}

// cursorAt waits until the row of the cursor reads so: before | after.
func (c *console) cursorAt(before, after string) {
	c.t.Helper()
	c.until(fmt.Sprintf("cursor at %q|%q", before, after), func(v *vt) bool {
		b, a := v.cursorLine()
		return b == before && a == after
	})
}

// exit waits for the end of the child and returns its status: 128+n after signal n.
func (c *console) exit() int {
	c.t.Helper()
	c.until("the end", func(v *vt) bool { return v.ended })
	var failed *exec.ExitError
	if err := c.cmd.Wait(); err != nil && !errors.As(err, &failed) {
		c.t.Fatal(err)
	}
	status := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// mode returns the mode that the terminal is in.
func (c *console) mode() term.State {
	c.t.Helper()
	s, err := term.GetState(int(c.file.Fd()))
	if err != nil {
		c.t.Fatal(err)
	}
	return *s
}
