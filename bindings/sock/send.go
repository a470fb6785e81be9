package sock

import (
	"context"
	"os"
	"syscall"
	"time"
)

// Send sends data on a connected socket, as C's blocking send(2) does: it returns
// when the system has all of it, after several system calls if its memory was
// full. Under a deadline that has passed already it does not wait and returns
// how much the system took. The count is right with an error, too.
func (s *Socket) Send(ctx context.Context, data string, flags Flags) (int, error) {
	return s.transmit(ctx, "send", data, nil, flags)
}

// SendTo sends one datagram to an address: one sendto(2).
func (s *Socket) SendTo(ctx context.Context, data string, to Addr, flags Flags) (int, error) {
	return s.transmit(ctx, "sendto", data, &to, flags)
}

func (s *Socket) transmit(ctx context.Context, op, data string, to *Addr, flags Flags) (n int, err error) {
	start := s.began()
	d := &s.out
	if err = d.begin(ctx); err != nil {
		err = opError(op, valueOf(to), err, 0)
		if s.observer != nil {
			s.tellSent(start, ctx, op, data, to, flags, 0, err)
		}
		return 0, err
	}
	defer d.end()
	n, err = d.transmit(op, data, to, flags)
	if s.observer != nil {
		s.tellSent(start, ctx, op, data, to, flags, n, err)
	}
	return n, err
}

func (d *direction) transmit(op, data string, to *Addr, flags Flags) (int, error) {
	c := &d.call
	c.p, c.n, c.flags = bytesOf(data), 0, flags
	if c.named = to != nil && to.IsValid(); c.named {
		if errno := c.addr.set(*to); errno != 0 {
			return 0, failure(op, *to, errno)
		}
	}
	c.once = sendRest
	c.patient = len(data) > quickSize && !d.late()
	err := d.run()
	d.socket.sent.Add(int64(c.n))
	if err != nil {
		err = d.sendError(op, valueOf(to), err)
	}
	return c.n, err
}

// tellSent tells the observer of a send or a sendto.
//
//go:noinline
func (s *Socket) tellSent(start time.Duration, ctx context.Context, op, data string, to *Addr, flags Flags, n int, err error) {
	r := s.report(start)
	r.Ctx, r.Name, r.N, r.Err = ctx, op, countOf(n, err), err
	r.Args.Data, r.Args.Len, r.Args.Flags = data, len(data), flags
	if to != nil {
		r.Args.Addr = *to
	}
	r.done()
}

// valueOf is the address that there may be.
func valueOf(a *Addr) Addr {
	if a == nil {
		return Addr{}
	}
	return *a
}

// quickSize is how much is handed over in so short a time that a deadline found to
// have passed then must have passed before the call.
const quickSize = 64 << 10

// sendError returns how a sending call ended that handed over d.call.n bytes.
// None is wrong if the caller did not want to wait and something was taken.
func (d *direction) sendError(op string, to Addr, err error) error {
	c := &d.call
	switch {
	case c.n > 0 && err == os.ErrDeadlineExceeded && !d.waited && !c.patient,
		c.n > 0 && err == syscall.EAGAIN:
		return nil
	}
	return opError(op, to, err, c.n)
}

// sendRest hands over what was not sent yet: a stream may take it in parts.
func sendRest(d *direction, fd int) syscall.Errno {
	c := &d.call
	var to *sockaddr
	if c.named {
		to = &c.addr
	}
	for {
		n, errno := sysSend(fd, c.p[c.n:], c.flags, to)
		if errno != 0 {
			return d.queueFull(errno)
		}
		c.n += n
		if c.n >= len(c.p) || d.socket.kind != Stream {
			return 0
		}
	}
}

// queueFull translates the answer of systems that say ENOBUFS while the queue of
// the receiver is full.
func (d *direction) queueFull(errno syscall.Errno) syscall.Errno {
	if sendsWithoutEvent && errno == syscall.ENOBUFS && d.socket.family == Unix {
		return syscall.EAGAIN
	}
	return errno
}
