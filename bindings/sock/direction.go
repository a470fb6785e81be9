package sock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// direction is the receiving or the sending half of a socket: the one call that
// is being made there, and how it waits. All fields but struck belong to whoever
// has the turn.
type direction struct {
	turn
	socket *Socket
	call   call

	ctx     context.Context
	errno   syscall.Errno // of the last try
	stop    error         // why the call must not wait any longer
	waiting bool          // beginWait was done, endWait was not
	waited  bool          // the call has waited, or was about to
	dated   bool          // the descriptor has a deadline
	arming  arming
	struck  atomic.Bool // a cancel woke the call
	paid    int         // how many calls in a row spinning has ended

	// Made when the call first waits.
	park        func(try func(fd uintptr) bool) error
	setDeadline func(time.Time) error
	try         func(fd uintptr) bool
	wake        func()
}

// call is one system call with its arguments and results. It lives in the
// direction so that making one allocates nothing.
type call struct {
	once    func(d *direction, fd int) syscall.Errno // makes the system call, EAGAIN for "not now"
	p       []byte                                   // to receive into, or to send
	size    int                                      // how much is wanted
	n       int                                      // how much was received or sent
	full    int                                      // the true length of a datagram
	flags   Flags
	addr    sockaddr // of the sender or the receiver
	named   bool     // addr is wanted or given
	from    Addr     // the sender
	data    string   // what was received, if p is nil
	fd      int      // what was accepted
	patient bool     // of sending: the deadline was ahead when the call began
	extra   any      // what the rarer calls need besides
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// begin enters the direction for one call, which end leaves.
func (d *direction) begin(ctx context.Context) error {
	if err := refused(ctx); err != nil {
		return err
	}
	if !d.socket.hold() {
		return syscall.EBADF
	}
	if err := d.turn.take(ctx); err != nil {
		d.socket.release()
		return err
	}
	d.ctx = ctx
	return nil
}

func (d *direction) end() {
	d.ctx = nil
	d.call.p, d.call.data, d.call.extra, d.call.named = nil, "", nil, false
	d.turn.leave()
	d.socket.release()
}

// run makes the call in d.call, waiting as long as the system says "not now" and
// the context allows. The error is nil, a syscall.Errno, or why the wait ended.
func (d *direction) run() error {
	d.waited = false
	d.socket.used()
	d.expect()
	if d.park == nil {
		if d.attempt(d.socket.fd) || d.spin() {
			return d.result()
		}
		if d.late() {
			return os.ErrDeadlineExceeded
		}
		if err := d.register(); err != nil {
			return err
		}
	}
	for {
		d.stop = nil
		err := d.park(d.try)
		if over, err := d.parked(err); over {
			return err
		}
	}
}

// parked tells after a wait whether the call is over, and how.
//
//go:noinline
func (d *direction) parked(err error) (over bool, _ error) {
	woken := d.endWait()
	switch {
	case d.stop != nil:
		return true, d.stop
	case err == nil:
		return true, d.result()
	case d.socket.Closed():
		return true, syscall.EBADF
	case woken:
		return true, canceled(d.ctx)
	case d.late():
		return true, os.ErrDeadlineExceeded
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return true, fmt.Errorf("wait for the network poller: %w", err) // it refused the descriptor
	}
	return false, nil
}

func (d *direction) result() error {
	if d.errno != 0 {
		return d.errno
	}
	return nil
}

// attempt makes the system call once and reports whether the call is over.
func (d *direction) attempt(fd int) bool {
	for {
		d.errno = d.call.once(d, fd)
		if d.errno != syscall.EINTR {
			break
		}
	}
	return d.errno != syscall.EAGAIN || d.call.flags&impatient != 0
}

// attemptOrWait is what the poller runs, first at once and then each time that
// the descriptor became ready: it reports whether the call is over.
func (d *direction) attemptOrWait(fd uintptr) bool {
	if d.attempt(int(fd)) {
		return true
	}
	if d.waiting {
		return false
	}
	if d.spin() {
		return true
	}
	d.stop = d.beginWait()
	return d.stop != nil
}

// register hands the descriptor to the network poller.
//
//go:noinline
func (d *direction) register() error {
	f := d.socket.register()
	raw, err := f.SyscallConn()
	if err != nil {
		return syscall.EBADF
	}
	if d == &d.socket.in {
		d.park, d.setDeadline = raw.Read, f.SetReadDeadline
	} else {
		d.park, d.setDeadline = raw.Write, f.SetWriteDeadline
	}
	d.try = d.attemptOrWait
	d.wake = func() {
		d.struck.Store(true)
		d.setDeadline(longAgo)
	}
	return nil
}

// register makes the file that the poller knows the socket by.
func (s *Socket) register() *os.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.file.Load()
	if f == nil {
		f = os.NewFile(uintptr(s.fd), "socket")
		s.file.Store(f)
	}
	return f
}

// beginWait makes ready to be woken by the deadline, a cancel or Close, in that
// order: each may overtake the one before. It returns why not to wait at all.
func (d *direction) beginWait() error {
	d.waiting = true
	parked.Add(1)
	deadline, dated := d.ctx.Deadline()
	if dated && !deadline.After(time.Now()) {
		return os.ErrDeadlineExceeded
	}
	d.waited = true
	if pause := d.pace(); pause > 0 {
		if retry := time.Now().Add(pause); !dated || retry.Before(deadline) {
			deadline, dated = retry, true
		}
	}
	if dated {
		d.dated = true
		d.setDeadline(deadline)
	}
	if err := d.arming.arm(d.ctx, d.wake); err != nil {
		return err
	}
	if d.socket.Closed() {
		return syscall.EBADF
	}
	return nil
}

// endWait undoes beginWait and reports whether a cancel struck meanwhile.
func (d *direction) endWait() bool {
	if !d.waiting {
		return false
	}
	d.waiting = false
	parked.Add(-1)
	d.arming.disarm()
	woken := d.struck.Swap(false)
	if woken || d.dated {
		d.dated = false
		d.setDeadline(time.Time{})
	}
	return woken
}

// late reports whether the deadline of the call itself has come.
//
//go:noinline
func (d *direction) late() bool {
	deadline, dated := d.ctx.Deadline()
	return dated && !deadline.After(time.Now())
}

// retryPause is how long to wait for events that the system does not announce.
const retryPause = 2 * time.Millisecond

// pace returns after how long to try again without being told to. Only sockets of
// family Unix need it: neither a connect that found the backlog full nor a send
// to somebody else's full queue is ever woken.
func (d *direction) pace() time.Duration {
	if d.socket.family == Unix && d == &d.socket.out && (d.call.named || sendsWithoutEvent) {
		return retryPause
	}
	return 0
}

// opError wraps a bare error number in an Error; other errors stay as they are.
func opError(op string, addr Addr, err error, sent int) error {
	if errno, ok := err.(syscall.Errno); ok {
		return &Error{Op: op, Addr: addr, Errno: errno, Sent: sent}
	}
	return err
}
