//go:build unix

package repl

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// terminalSignals are the signals that the terminal must be restored for.
type terminalSignals struct {
	incoming chan os.Signal
	ended    chan struct{}

	mu        sync.Mutex
	suspended *term.State // the mode to put back when the process goes on
}

// fatalSignals end the process, with the terminal restored.
var fatalSignals = []os.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT}

func (e *editor) watchSignals() {
	s := &terminalSignals{incoming: make(chan os.Signal, 8), ended: make(chan struct{})}
	e.events = s
	for _, sig := range append(fatalSignals, unix.SIGTSTP, unix.SIGCONT) {
		if !signal.Ignored(sig) {
			signal.Notify(s.incoming, sig)
		}
	}
	e.spawn(func() {
		for {
			select {
			case sig := <-s.incoming:
				e.handle(sig)
			case <-s.ended:
				return
			}
		}
	})
}

func (s *terminalSignals) stop() {
	signal.Stop(s.incoming)
	close(s.ended)
}

func (e *editor) handle(sig os.Signal) {
	switch sig {
	case unix.SIGTSTP:
		e.sleep()
	case unix.SIGCONT:
		e.wake()
	default:
		e.giveUp()
		signal.Reset(sig)
		unix.Kill(os.Getpid(), sig.(unix.Signal))
	}
}

// suspend is Ctrl-Z while a line is edited, when the terminal makes no signal of it: the whole job stops.
func (e *editor) suspend() { unix.Kill(0, unix.SIGTSTP) }

// sleep gives the terminal back and stops the process. The modes are put back by wake: the stop comes later than
// the call that asks for it returns. Without a shell that could continue it, the process goes on.
func (e *editor) sleep() {
	if !hasShell() {
		return
	}
	e.events.mu.Lock()
	defer e.events.mu.Unlock()
	fd := e.pump.keyboard.fd
	if mode, err := term.GetState(fd); err == nil && e.events.suspended == nil {
		e.events.suspended = mode
	}
	e.restore()
	unix.Kill(os.Getpid(), unix.SIGSTOP)
}

// wake takes the terminal again, unless the process goes on in the background: touching the terminal would stop it
// once more, and when it comes to the foreground, wake is called again.
func (e *editor) wake() {
	fd := e.pump.keyboard.fd
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	if err != nil || group != unix.Getpgrp() {
		return
	}
	e.events.mu.Lock()
	defer e.events.mu.Unlock()
	if e.events.suspended != nil {
		e.setMode(e.events.suspended)
		e.events.suspended = nil
	}
	if e.drawing.redraw() {
		e.markPastes(true)
	}
}

// hasShell reports whether the process belongs to a job that somebody controls.
func hasShell() bool {
	own, err := unix.Getsid(0)
	if err != nil || own == os.Getpid() {
		return false
	}
	parents, err := unix.Getsid(os.Getppid())
	return err != nil || parents == own
}

// interruptSelf sends the process what Ctrl-C makes of itself.
func interruptSelf() { unix.Kill(os.Getpid(), unix.SIGINT) }
