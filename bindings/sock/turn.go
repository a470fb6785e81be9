package sock

import (
	"context"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// turn lets one call at a time into a direction of a socket, in order of arrival.
// It exists because the network poller serves one waiter for each direction, and
// its own lock could be left neither by deadline nor by cancel.
type turn struct {
	state   atomic.Int32 // free, taken, or contended
	mu      sync.Mutex
	waiters []chan struct{}
	closed  bool
}

const (
	turnFree = iota
	turnTaken
	turnContended // taken, and waiters may be there
)

// take enters, or says why not.
func (t *turn) take(ctx context.Context) error {
	if t.state.CompareAndSwap(turnFree, turnTaken) {
		return nil
	}
	return t.queue(ctx)
}

// leave lets the next one in.
func (t *turn) leave() {
	if t.state.CompareAndSwap(turnTaken, turnFree) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiters) == 0 {
		t.state.Store(turnFree)
		return
	}
	next := t.waiters[0]
	t.waiters = slices.Delete(t.waiters, 0, 1)
	next <- struct{}{}
}

// queue waits for the turn as long as ctx allows.
func (t *turn) queue(ctx context.Context) error {
	mine := make(chan struct{}, 1)
	if entered, err := t.enqueue(mine); entered || err != nil {
		return err
	}
	err := await(ctx, mine)
	if err == nil {
		return t.check()
	}
	t.giveUp(mine)
	return err
}

func (t *turn) enqueue(mine chan struct{}) (entered bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false, syscall.EBADF
	}
	if t.state.Swap(turnContended) == turnFree {
		return true, nil
	}
	t.waiters = append(t.waiters, mine)
	return false, nil
}

// check tells a waiter that was let in from one that was sent away.
func (t *turn) check() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return syscall.EBADF
	}
	return nil
}

// giveUp leaves the queue; the turn that came meanwhile goes to the next one.
func (t *turn) giveUp(mine chan struct{}) {
	t.mu.Lock()
	i := slices.Index(t.waiters, mine)
	if i >= 0 {
		t.waiters = slices.Delete(t.waiters, i, i+1)
	}
	closed := t.closed
	t.mu.Unlock()
	if i < 0 && !closed {
		<-mine
		t.leave()
	}
}

// close sends all waiters away. The turn of a closed socket is never given again.
func (t *turn) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for _, w := range t.waiters {
		w <- struct{}{}
	}
	t.waiters = nil
}

// await waits for one token of ready as long as ctx allows.
func await(ctx context.Context, ready <-chan struct{}) error {
	var late <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		timer := time.NewTimer(left)
		defer timer.Stop()
		late = timer.C
	}
	struck := make(chan struct{}, 1)
	var a arming
	if err := a.arm(ctx, func() { offer(struck) }); err != nil {
		return err
	}
	defer a.disarm()
	select {
	case <-ready:
		return nil
	case <-late:
		return os.ErrDeadlineExceeded
	case <-struck:
		return canceled(ctx)
	}
}

// offer leaves a token unless one lies there already.
func offer(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
