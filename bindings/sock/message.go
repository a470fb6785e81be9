package sock

import (
	"context"
	"io"
	"syscall"
)

// message is the argument of recvmsg(2) and sendmsg(2).
type message struct {
	p          []byte
	control    []byte
	addr       sockaddr
	flags      Flags // asked for, then those that the system returned
	n          int
	controlLen int
}

// Control is one piece of control data, such as the time to live that a datagram
// arrived with.
type Control struct {
	Level int
	Type  int
	Data  string
}

// Message is what RecvMsg received.
type Message struct {
	N       int       // bytes received
	Control []Control // what came with them
	Flags   Flags     // of the system: Truncated, CutControl...
	From    Addr      // the sender, where the socket is not connected
}

// RecvMsg receives into p, and control data into at most control bytes:
// one recvmsg(2). Descriptors that a peer passes over a socket of family Unix are
// closed and left out: nothing here could own them. At the end of a stream the
// error is io.EOF.
func (s *Socket) RecvMsg(ctx context.Context, p []byte, control int, flags Flags) (Message, error) {
	start := s.began()
	m, err := s.recvMsg(ctx, p, control, flags)
	s.tell(start, Call{
		Ctx: ctx, Name: "recvmsg", N: countOf(m.N, err), Full: m.N, Err: err,
		Args: Args{Data: textOf(p[:m.N]), Addr: m.From, Len: len(p), Flags: flags},
	})
	return m, err
}

func (s *Socket) recvMsg(ctx context.Context, p []byte, control int, flags Flags) (Message, error) {
	const op = "recvmsg"
	if control < 0 || control > maxControl {
		return Message{}, failure(op, Addr{}, syscall.EINVAL)
	}
	d := &s.in
	if err := d.begin(ctx); err != nil {
		return Message{}, opError(op, Addr{}, err, 0)
	}
	defer d.end()
	m := &message{p: p, control: make([]byte, control), flags: flags}
	d.call.flags, d.call.extra, d.call.once = flags, m, recvMsgOnce
	if err := d.run(); err != nil {
		return Message{}, opError(op, Addr{}, err, 0)
	}
	if flags&Peek == 0 {
		s.received.Add(int64(m.n))
	}
	got := Message{N: m.n, Control: parseControl(m.control[:m.controlLen]), Flags: m.flags, From: m.addr.addr()}
	if m.n == 0 && len(p) > 0 && len(got.Control) == 0 && s.kind == Stream {
		return got, io.EOF
	}
	return got, nil
}

// maxControl is more control data than any system gives at once.
const maxControl = 64 << 10

// recvMsgOnce works on a copy: a try that failed must leave the arguments alone.
func recvMsgOnce(d *direction, fd int) syscall.Errno {
	m := d.call.extra.(*message)
	try := *m
	errno := sysRecvMsg(fd, &try)
	if errno == 0 {
		*m = try
	}
	return errno
}

// SendMsg sends data and control data, to an address unless that is the zero
// Addr: one sendmsg(2). It returns how much of data was sent.
func (s *Socket) SendMsg(ctx context.Context, data string, control []Control, to Addr, flags Flags) (int, error) {
	start := s.began()
	n, err := s.sendMsg(ctx, data, control, to, flags)
	s.tell(start, Call{Ctx: ctx, Name: "sendmsg", Args: Args{Data: data, Addr: to, Len: len(data), Flags: flags}, N: countOf(n, err), Err: err})
	return n, err
}

func (s *Socket) sendMsg(ctx context.Context, data string, control []Control, to Addr, flags Flags) (int, error) {
	const op = "sendmsg"
	d := &s.out
	if err := d.begin(ctx); err != nil {
		return 0, opError(op, to, err, 0)
	}
	defer d.end()
	m := &message{p: bytesOf(data), control: formatControl(control), flags: flags}
	if to.IsValid() {
		if errno := m.addr.set(to); errno != 0 {
			return 0, failure(op, to, errno)
		}
	}
	c := &d.call
	c.n, c.flags, c.named, c.extra, c.once = 0, flags, to.IsValid(), m, sendMsgOnce
	c.patient = len(data) > quickSize && !d.late()
	err := d.run()
	s.sent.Add(int64(c.n))
	return c.n, d.sendError(op, to, err)
}

// sendMsgOnce sends the control data with the first part of a stream only.
func sendMsgOnce(d *direction, fd int) syscall.Errno {
	m, c := d.call.extra.(*message), &d.call
	for {
		if errno := sysSendMsg(fd, m); errno != 0 {
			return d.queueFull(errno)
		}
		c.n += m.n
		m.p, m.control = m.p[m.n:], nil
		if len(m.p) == 0 || d.socket.kind != Stream {
			return 0
		}
	}
}
