package sock

import (
	"context"
	"io"
	"syscall"
	"time"
	"unsafe"
)

// Recv receives at most n bytes: one recv(2). At the end of a stream the error is
// io.EOF; an empty datagram is "" without one. Memory for n is held only around
// the system call itself; a stream gives at most 1 MiB at once. With WaitAll, Recv
// calls again until all n bytes are there, and returns what it has if the stream,
// the deadline or a cancel ends that early.
func (s *Socket) Recv(ctx context.Context, n int, flags Flags) (string, error) {
	c, err := s.receive(ctx, nil, n, flags, false)
	if c == nil {
		return "", err
	}
	data := c.data
	s.in.end()
	return data, err
}

// RecvFrom receives at most n bytes and the address of their sender: one
// recvfrom(2). full is the true length of the datagram, more than len(data) if it
// was cut; where the system does not tell by how much, it is one more.
func (s *Socket) RecvFrom(ctx context.Context, n int, flags Flags) (data string, from Addr, full int, err error) {
	c, err := s.receive(ctx, nil, n, flags, true)
	if c == nil {
		return "", Addr{}, 0, err
	}
	data, from, full = c.data, c.from, c.full
	s.in.end()
	return data, from, full, err
}

// RecvInto is Recv into the caller's memory. It allocates nothing.
func (s *Socket) RecvInto(ctx context.Context, p []byte, flags Flags) (int, error) {
	c, err := s.receive(ctx, p, len(p), flags, false)
	if c == nil {
		return 0, err
	}
	n := c.n
	s.in.end()
	return n, err
}

// RecvFromInto is RecvFrom into the caller's memory. It allocates nothing.
func (s *Socket) RecvFromInto(ctx context.Context, p []byte, flags Flags) (n int, from Addr, full int, err error) {
	c, err := s.receive(ctx, p, len(p), flags, true)
	if c == nil {
		return 0, Addr{}, 0, err
	}
	n, from, full = c.n, c.from, c.full
	s.in.end()
	return n, from, full, err
}

// receive makes the call, or with WaitAll the calls, of one request: into p, or
// into a string where there is none. The results are in the call that it returns,
// and the direction is the caller's until end; without one it is not.
//
// Nothing large may lie on the stack from here to the system call: a task that
// waits keeps it. That is why some functions on this way are not inlined.
func (s *Socket) receive(ctx context.Context, p []byte, size int, flags Flags, named bool) (*call, error) {
	start := s.began()
	d := &s.in
	if err := d.begin(ctx); err != nil {
		return nil, s.notReceived(start, ctx, size, flags, named, err)
	}
	handedOver := false
	defer func() {
		if !handedOver { // a panic, after which Close must not wait for ever
			d.end()
		}
	}()
	c := &d.call
	c.p, c.size, c.flags, c.named = p, size, flags, named
	c.n, c.full, c.from = 0, 0, Addr{}
	err := d.receiveRequest()
	if s.observer != nil {
		d.tellReceived(start, err)
	}
	handedOver = true
	return c, err
}

func (d *direction) receiveRequest() error {
	c := &d.call
	switch {
	case c.size < 0:
		return c.receiveError(syscall.EINVAL)
	case c.flags&WaitAll != 0 && c.flags&Peek == 0 && d.socket.kind == Stream:
		return d.receiveAll()
	}
	return d.receiveOnce()
}

// receiveName is the system call: only one of them tells the sender.
func receiveName(named bool) string {
	if named {
		return "recvfrom"
	}
	return "recv"
}

//go:noinline
func (c *call) receiveError(err error) error { return opError(receiveName(c.named), Addr{}, err, 0) }

// tellReceived tells the observer of a receiving call.
//
//go:noinline
func (d *direction) tellReceived(start time.Duration, err error) {
	c := &d.call
	r := d.socket.report(start)
	r.Ctx, r.Name, r.N, r.Full, r.Err = d.ctx, receiveName(c.named), countOf(c.n, err), c.full, err
	r.Args.Addr, r.Args.Len, r.Args.Flags, r.Args.Data = c.from, c.size, c.flags, c.data
	if c.p != nil {
		r.Args.Data = textOf(c.p[:c.n])
	}
	r.done()
}

// notReceived tells of a call that was refused before it began.
//
//go:noinline
func (s *Socket) notReceived(start time.Duration, ctx context.Context, size int, flags Flags, named bool, err error) error {
	name := receiveName(named)
	err = opError(name, Addr{}, err, 0)
	s.tell(start, Call{Ctx: ctx, Name: name, Args: Args{Len: size, Flags: flags}, N: -1, Err: err})
	return err
}

// countOf is what a call that moves data returns in C.
func countOf(n int, err error) int {
	if err != nil && err != io.EOF && n == 0 {
		return -1
	}
	return n
}

// textOf lends bytes as a string, without a copy.
func textOf(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// bytesOf lends a string as bytes that nobody may change.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// receiveOnce makes one receiving call for what d.call asks for.
func (d *direction) receiveOnce() error {
	c := &d.call
	c.n, c.full, c.data = 0, 0, ""
	c.once = receiveString
	if c.p != nil {
		c.once = receiveInto
	}
	if err := d.run(); err != nil {
		return c.receiveError(err)
	}
	if c.named {
		c.from = c.addr.addr()
	}
	if c.flags&Peek == 0 {
		d.socket.received.Add(int64(c.n))
	}
	if c.n == 0 && c.size > 0 && d.socket.kind == Stream {
		return io.EOF
	}
	return nil
}

// receiveAll collects until the request is filled. What it has got when something
// else ends it goes to the caller; the end itself shows at the next call.
func (d *direction) receiveAll() (err error) {
	c := &d.call
	p, size, n := c.p, c.size, 0
	var collected []byte
	for {
		c.size = size - n
		if p != nil {
			c.p = p[n:]
		}
		err = d.receiveOnce()
		n += c.n
		collected = append(collected, c.data...)
		if err != nil || n >= size {
			break
		}
	}
	if n > 0 {
		err = nil
	}
	c.p, c.size, c.n, c.full, c.data = p, size, n, n, textOf(collected)
	return err
}

// receiveInto makes the system call into the caller's memory.
func receiveInto(d *direction, fd int) (errno syscall.Errno) {
	c := &d.call
	c.n, c.full, errno = d.receive(fd, c.p)
	return errno
}

// receiveString makes it into borrowed memory, and a string of what came.
func receiveString(d *direction, fd int) (errno syscall.Errno) {
	c := &d.call
	buf := d.borrow(fd)
	c.n, c.full, errno = d.receive(fd, buf.bytes[:min(c.size, len(buf.bytes))])
	if errno == 0 && c.n > len(buf.bytes)*3/4 {
		// Nearly full memory becomes the string itself: copying it would cost
		// more than making new memory for the next call.
		c.data = textOf(buf.bytes[:c.n])
		return 0
	}
	if errno == 0 {
		c.data = string(buf.bytes[:c.n])
	}
	buf.giveBack()
	return errno
}

func (d *direction) receive(fd int, p []byte) (n, full int, errno syscall.Errno) {
	c := &d.call
	var from *sockaddr
	if c.named {
		from = &c.addr
	}
	if d.socket.kind == Dgram {
		return sysRecvDatagram(fd, p, c.flags, from)
	}
	n, errno = sysRecv(fd, p, c.flags, from)
	return n, n, errno
}
