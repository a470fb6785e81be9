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

	// slowToStop is when a person is told that what he interrupted has not stopped yet.
	slowToStop = 300 * time.Millisecond

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
	told   *time.Timer             // tells that it has not ended
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
	if in.told != nil {
		in.told.Stop()
	}
	in.cancel, in.last, in.told = cancel, time.Time{}, nil
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
		in.terminal.giveUp()
		io.WriteString(in.terminal, "\n")
		os.Exit(statusInterrupted)
	}
	in.last = time.Now()
	if in.told == nil {
		in.told = time.AfterFunc(slowToStop, in.tell)
	}
	in.cancel(ErrInterrupted)
}

// tell tells that what was interrupted goes on.
func (in *interrupts) tell() {
	io.WriteString(in.terminal.Background(), in.terminal.paint(styleHint, "not stopped yet; Ctrl-C again leaves the program")+"\n")
}
