//go:build unix

package repl

import (
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCtrlCDropsTheLine(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send("half a line")
	c.cursorAt("> half a line", "")
	c.send("\x03")
	c.shows("> half a line^C\n> ")
	c.enter("1", "1")
}

func TestCtrlCEndsWhatRuns(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("l = tcp.listen('127.0.0.1', 0)", "")
	c.enter("u = udp.socket()", "")
	c.enter("u:bind('127.0.0.1', 0)", "")
	for _, entry := range []string{
		"l:accept()", "u:recvfrom(10)", "task.sleep(1000)", "while true do end", "while true do pcall(function() while true do end end) end",
	} {
		c.send("print('run' .. 'ning') " + entry + "\r")
		c.shows("\nrunning")
		start := time.Now()
		c.send("\x03")
		c.shows("\nrunning\ninterrupted\n> ")
		t.Logf("%s: interrupted after %v", entry, time.Since(start))
	}
	c.enter("u:sendto('still there', u:getsockname())", "11")
	c.send("u:recvfrom(100)\r")
	c.until("the datagram", func(v *vt) bool { return strings.Contains(v.text(), `"still there", 127.0.0.1:`) })
	c.send("\x04")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestASecondCtrlCLeavesAStuckCall(t *testing.T) {
	t.Parallel()
	c := startChild(t, "prompt", consoleOptions{})
	found := c.mode()
	c.shows("> ")
	c.send("print('run' .. 'ning') stuck()\r")
	c.shows("\nrunning")
	c.send("\x03")
	c.shows("\nnot stopped yet; Ctrl-C again leaves the program")
	c.send("\x03")
	if got := c.exit(); got != 130 {
		t.Errorf("exit status %d, want 130", got)
	}
	if c.mode() != found {
		t.Error("the terminal was not restored")
	}
}

// TestTheTerminalIsRestored leaves in every way there is, at the prompt and out of a call.
func TestTheTerminalIsRestored(t *testing.T) {
	t.Parallel()
	sent := func(s syscall.Signal) func(*console) {
		return func(c *console) { c.cmd.Process.Signal(s) }
	}
	keys := func(k string) func(*console) { return func(c *console) { c.send(k) } }
	for _, test := range []struct {
		name   string
		leave  func(*console)
		status int
	}{
		{"Ctrl-D", keys("\x04"), 0},
		{"quit", keys(".quit\r"), 0},
		{"SIGTERM", sent(syscall.SIGTERM), 128 + 15},
		{"SIGHUP", sent(syscall.SIGHUP), 128 + 1},
		{"panic", keys("broken()\r"), 2},
		{"SIGTERM in a call", func(c *console) {
			c.send("print('run' .. 'ning') task.sleep(1000)\r")
			c.shows("\nrunning")
			c.cmd.Process.Signal(syscall.SIGTERM)
		}, 128 + 15},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "SIGHUP" && signal.Ignored(syscall.SIGHUP) {
				t.Skip("the tests run under nohup, which their children inherit")
			}
			c := startChild(t, "prompt", consoleOptions{})
			found := c.mode()
			c.shows("> ")
			c.until("bracketed paste", func(v *vt) bool { return strings.Contains(v.raw.String(), pasteOn) })
			test.leave(c)
			if got := c.exit(); got != test.status {
				t.Errorf("exit status %d, want %d", got, test.status)
			}
			if c.mode() != found {
				t.Error("the mode of the terminal was not restored")
			}
			if raw := c.vt.raw.String(); strings.LastIndex(raw, pasteOff) < strings.LastIndex(raw, pasteOn) {
				t.Error("bracketed paste was left on")
			}
		})
	}
}

func TestCtrlZSuspendsAndComesBack(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs a shell with job control")
	}
	c := startChild(t, "prompt", consoleOptions{wrap: []string{bash, "--norc", "--noediting", "-i", "-c", `
		PS1='$ '; set -m; "$0"; echo "back at the shell"; read -r line; fg; echo "done"`}})
	c.shows("welcome\n> ")
	c.send("x = '中文'")
	c.cursorAt("> x = '中文'", "")
	c.send("\x1b[D\x1a")
	c.until("the shell", func(v *vt) bool { return strings.Contains(v.text(), "back at the shell") })
	c.send("\n")
	c.cursorAt("> x = '中文", "'")
	c.send("字\r")
	c.shows("> x = '中文字'\n> ")
	c.enter("x", `"中文字"`)
	c.send("\x04")
	c.until("the end", func(v *vt) bool { return strings.Contains(v.text(), "done") })
}
