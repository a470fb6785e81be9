package repl

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"
)

const (
	// secondChance is how soon after the first a second Ctrl-C leaves the program.
	secondChance = 2 * time.Second

	// statusInterrupted is the exit status of a program that Ctrl-C ended.
	statusInterrupted = 130
)

// interrupts turn Ctrl-C into the end of a context: of that one which belongs to what is going on now.
type interrupts struct {
	terminal *Terminal
	incoming chan os.Signal
	ended    chan struct{}
	watcher  sync.WaitGroup

	mu     sync.Mutex
	cancel context.CancelCauseFunc // of what is going on
	last   time.Time               // when it was asked to end
}

func newInterrupts(t *Terminal) *interrupts {
	in := &interrupts{terminal: t, incoming: make(chan os.Signal, 4), ended: make(chan struct{})}
	signal.Notify(in.incoming, os.Interrupt)
	in.watcher.Go(func() {
		defer t.Guard()
		for {
			select {
			case <-in.incoming:
				in.interrupt()
			case <-in.ended:
				return
			}
		}
	})
	return in
}

func (in *interrupts) close() {
	signal.Stop(in.incoming)
	close(in.ended)
	in.watcher.Wait()
}

// during runs f under a context that Ctrl-C ends.
func (in *interrupts) during(ctx context.Context, f func(context.Context)) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in.set(cancel)
	defer in.set(nil)
	f(ctx)
}

func (in *interrupts) set(cancel context.CancelCauseFunc) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.cancel, in.last = cancel, time.Time{}
}

// interrupt asks what is going on to end. If it was asked shortly before and has not obeyed, the process ends: a
// person must never be trapped.
func (in *interrupts) interrupt() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.cancel == nil {
		return
	}
	if !in.last.IsZero() && time.Since(in.last) < secondChance {
		in.terminal.restore()
		io.WriteString(in.terminal, "\n")
		os.Exit(statusInterrupted)
	}
	in.last = time.Now()
	in.cancel(ErrInterrupted)
}
