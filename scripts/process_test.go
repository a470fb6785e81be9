package scripts_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A process is a program under test or a peer of one. Whoever started it types
// into it and waits for what it prints; its life ends with the test's.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	ended chan struct{} // closed after cmd.Wait

	mu      sync.Mutex
	printed bytes.Buffer  // standard output and standard error
	more    chan struct{} // has an element if something came since the last look
	seen    int           // how much of printed was expected already
}

// Write takes what the process prints.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
	return p.printed.Write(b)
}

// start starts cmd, to be killed at the end of the test or of our patience.
func start(t *testing.T, name string, args ...string) *process {
	t.Helper()
	return startIn(t, t.TempDir(), name, args...)
}

// startIn starts a command in a folder.
func startIn(t *testing.T, folder, name string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p := &process{t: t, cmd: exec.CommandContext(ctx, name, args...), ended: make(chan struct{}), more: make(chan struct{}, 1)}
	p.cmd.Dir = folder
	p.cmd.WaitDelay = patience // for a child that keeps its output
	p.cmd.Env = append(os.Environ(), "PYTHONUTF8=1", "PYTHONUNBUFFERED=1")
	p.cmd.Stdout, p.cmd.Stderr = p, p
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		p.cmd.Wait()
	}()
	t.Cleanup(func() { cancel(); <-p.ended })
	return p
}

// lunawire starts one of our programs.
func lunawire(t *testing.T, args ...string) *process {
	t.Helper()
	return start(t, os.Getenv(programVariable), args...)
}

// python starts a Python program, or skips the test where there is no Python.
func python(t *testing.T, args ...string) *process {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	return start(t, "python3", args...)
}

// original starts a program of the notes, or skips the test where they are not
// at hand. It runs a copy, as file_server.py creates a folder beside itself.
func original(t *testing.T, name string) *process {
	t.Helper()
	folder := os.Getenv("LUNAWIRE_ORIGINALS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "notes", "originals")
	}
	source, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Skipf("the originals are not at hand: %v", err)
	}
	copied := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(copied, source, 0o600); err != nil {
		t.Fatal(err)
	}
	return python(t, "-W", "ignore", copied)
}

// peer starts a role of testdata/peer.py.
func peer(t *testing.T, role string, args ...string) *process {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "peer.py"))
	if err != nil {
		t.Fatal(err)
	}
	return python(t, append([]string{path, role}, args...)...)
}

// expect waits until the process has printed text, after what was expected
// before, and returns what came until its end.
func (p *process) expect(text string) string {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		if got, ok := p.find(text); ok {
			return got
		}
		select {
		case <-p.more:
		case <-p.ended:
			if got, ok := p.find(text); ok {
				return got
			}
			p.t.Fatalf("%v ended (%v); want %q\n%s", p.cmd.Args, p.cmd.ProcessState, text, p.output())
		case <-deadline.C:
			p.t.Fatalf("%v: want %q, got so far\n%s", p.cmd.Args, text, p.output())
		}
	}
}

func (p *process) find(text string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	rest := p.printed.String()[p.seen:]
	i := strings.Index(rest, text)
	if i < 0 {
		return "", false
	}
	end := i + len(text)
	p.seen += end
	return rest[:end], true
}

// output is all that the process has printed.
func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printed.String()
}

// enter types lines.
func (p *process) enter(lines ...string) {
	p.t.Helper()
	for _, line := range lines {
		if _, err := io.WriteString(p.stdin, line+"\n"); err != nil {
			p.t.Fatalf("%v: %v\n%s", p.cmd.Args, err, p.output())
		}
	}
}

// endInput ends the standard input.
func (p *process) endInput() { p.stdin.Close() }

// interrupt is Ctrl-C.
func (p *process) interrupt() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits for the end and returns the output and the exit status.
func (p *process) wait() (string, int) {
	p.t.Helper()
	<-p.ended
	return p.output(), p.cmd.ProcessState.ExitCode()
}

// succeeds waits for a good end and returns the output.
func (p *process) succeeds() string {
	p.t.Helper()
	out, status := p.wait()
	if status != 0 {
		p.t.Fatalf("%v: got status %d, want 0\n%s", p.cmd.Args, status, out)
	}
	return out
}

// fails waits for an end with status 1 and looks for texts in the output.
func (p *process) fails(want ...string) {
	p.t.Helper()
	out, status := p.wait()
	if status != 1 {
		p.t.Errorf("%v: got status %d, want 1\n%s", p.cmd.Args, status, out)
	}
	contains(p.t, out, want...)
}

// contains looks for texts in an output.
func contains(t *testing.T, out string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("got\n%s\nwant in it %q", out, w)
		}
	}
}

// bound waits until a UDP socket has the port. Programs don't tell, so the
// system is asked, where it can be.
func bound(t *testing.T, port string) {
	t.Helper()
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	wanted := "0100007F:" + strings.ToUpper(hex.EncodeToString([]byte{byte(number >> 8), byte(number)})) // 127.0.0.1
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		table, err := os.ReadFile("/proc/net/udp")
		if err != nil {
			t.Skipf("nothing tells when a port is bound: %v", err)
		}
		if strings.Contains(string(table), wanted) {
			return
		}
	}
	t.Fatalf("nothing has bound UDP port %s", port)
}

// dial connects to a program that is ready for it.
func dial(t *testing.T, port string) *net.TCPConn {
	t.Helper()
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	return c.(*net.TCPConn)
}

// reset closes a connection with a RST.
func reset(t *testing.T, c *net.TCPConn) {
	t.Helper()
	if err := c.SetLinger(0); err != nil {
		t.Fatal(err)
	}
	c.Close()
}
