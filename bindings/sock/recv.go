package sock

import (
	"context"
	"io"
	"syscall"
	"unsafe"
)

// Recv receives at most n bytes: one recv(2). At the end of a stream the error is
// io.EOF; an empty datagram is "" without one. Memory for n is held only around
// the system call itself; a stream gives at most 1 MiB at once. With WaitAll, Recv
// calls again until all n bytes are there, and returns what it has if the stream,
// the deadline or a cancel ends that early.
func (s *Socket) Recv(ctx context.Context, n int, flags Flags) (string, error) {
	start := s.began()
	r := s.receive(ctx, "recv", request{size: n, flags: flags})
	if s.observer != nil {
		s.tell(start, r.call(ctx, "recv", n, flags, r.data))
	}
	return r.data, r.err
}

// RecvFrom receives at most n bytes and the address of their sender: one
// recvfrom(2). full is the true length of the datagram, more than len(data) if it
// was cut; where the system does not tell by how much, it is one more.
func (s *Socket) RecvFrom(ctx context.Context, n int, flags Flags) (data string, from Addr, full int, err error) {
	start := s.began()
	r := s.receive(ctx, "recvfrom", request{size: n, flags: flags, named: true})
	if s.observer != nil {
		s.tell(start, r.call(ctx, "recvfrom", n, flags, r.data))
	}
	return r.data, r.from, r.full, r.err
}

// RecvInto is Recv into the caller's memory. It allocates nothing.
func (s *Socket) RecvInto(ctx context.Context, p []byte, flags Flags) (int, error) {
	start := s.began()
	r := s.receive(ctx, "recv", request{p: p, into: true, size: len(p), flags: flags})
	if s.observer != nil {
		s.tell(start, r.call(ctx, "recv", len(p), flags, textOf(p[:r.n])))
	}
	return r.n, r.err
}

// RecvFromInto is RecvFrom into the caller's memory. It allocates nothing.
func (s *Socket) RecvFromInto(ctx context.Context, p []byte, flags Flags) (n int, from Addr, full int, err error) {
	start := s.began()
	r := s.receive(ctx, "recvfrom", request{p: p, into: true, size: len(p), flags: flags, named: true})
	if s.observer != nil {
		s.tell(start, r.call(ctx, "recvfrom", len(p), flags, textOf(p[:r.n])))
	}
	return r.n, r.from, r.full, r.err
}

// request is what a receiving call asks for.
type request struct {
	p     []byte // where to
	into  bool   // whether there is a p; it may be empty
	size  int
	flags Flags
	named bool // the sender is wanted
}

// received is what it got.
type received struct {
	data string
	n    int
	from Addr
	full int
	err  error
}

func (r *received) call(ctx context.Context, name string, size int, flags Flags, data string) Call {
	n := r.n
	if r.err == io.EOF {
		n = 0
	} else if r.err != nil && n == 0 {
		n = -1
	}
	return Call{
		Ctx: ctx, Name: name, N: n, Full: r.full, Err: r.err,
		Args: Args{Data: data, Addr: r.from, Len: size, Flags: flags},
	}
}

// textOf lends bytes as a string, without a copy.
func textOf(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// bytesOf lends a string as bytes that nobody may change.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// receive makes the call, or with WaitAll the calls, of one request.
func (s *Socket) receive(ctx context.Context, op string, q request) (r received) {
	if q.size < 0 {
		r.err = failure(op, Addr{}, syscall.EINVAL)
		return r
	}
	d := &s.in
	if err := d.begin(ctx); err != nil {
		r.err = opError(op, Addr{}, err, 0)
		return r
	}
	defer d.end()
	if q.flags&WaitAll != 0 && q.flags&Peek == 0 && s.kind == Stream {
		return s.receiveAll(op, q)
	}
	return s.receiveOnce(op, q)
}

func (s *Socket) receiveOnce(op string, q request) (r received) {
	d := &s.in
	c := &d.call
	c.p, c.size, c.flags, c.named = q.p, q.size, q.flags, q.named
	c.n, c.full = 0, 0
	c.once = receiveString
	if q.into {
		c.once = receiveInto
	}
	if err := d.run(); err != nil {
		r.err = opError(op, Addr{}, err, 0)
		return r
	}
	r.data, r.n, r.full = c.data, c.n, c.full
	c.data = ""
	if q.named {
		r.from = c.addr.addr()
	}
	if q.flags&Peek == 0 {
		s.received.Add(int64(r.n))
	}
	if r.n == 0 && q.size > 0 && s.kind == Stream {
		r.err = io.EOF
	}
	return r
}

// receiveAll collects until the request is filled. What it has got when something
// else ends it goes to the caller; the end itself shows at the next call.
func (s *Socket) receiveAll(op string, q request) (r received) {
	var collected []byte
	for r.n < q.size || q.size == 0 {
		part := q
		part.size = q.size - r.n
		if q.into {
			part.p = q.p[r.n:]
		}
		got := s.receiveOnce(op, part)
		if got.err != nil && r.n > 0 {
			break
		}
		r.from, r.err = got.from, got.err
		r.n += got.n
		if !q.into {
			collected = append(collected, got.data...)
		}
		if got.err != nil || q.size == 0 {
			break
		}
	}
	r.full = r.n
	r.data = textOf(collected)
	return r
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
