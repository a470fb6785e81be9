package sock

import (
	"context"
	"syscall"
)

// Bind gives the socket its local address: bind(2). With port 0 the system
// chooses one, which LocalAddr then tells.
func (s *Socket) Bind(a Addr) error {
	start := s.began()
	err := s.control("bind", a, func(fd int) syscall.Errno {
		var b sockaddr
		if errno := b.set(a); errno != 0 {
			return errno
		}
		return sysBind(fd, &b)
	})
	if err == nil {
		s.localAddr.Store(&a)
	}
	s.tell(start, Call{Name: "bind", Args: Args{Addr: a}, N: resultOf(err), Err: err})
	return err
}

// Listen makes the socket accept connections, of which at most about backlog wait
// to be accepted: listen(2).
func (s *Socket) Listen(backlog int) error {
	start := s.began()
	err := s.control("listen", Addr{}, func(fd int) syscall.Errno { return sysListen(fd, backlog) })
	s.tell(start, Call{Name: "listen", Args: Args{Len: backlog}, N: resultOf(err), Err: err})
	return err
}

// Shutdown closes one or both halves of a connection: shutdown(2).
func (s *Socket) Shutdown(how How) error {
	start := s.began()
	err := s.control("shutdown", Addr{}, func(fd int) syscall.Errno { return sysShutdown(fd, how) })
	s.tell(start, Call{Name: "shutdown", Args: Args{Len: int(how)}, N: resultOf(err), Err: err})
	return err
}

// LocalAddr asks the system for the local address: getsockname(2).
func (s *Socket) LocalAddr() (Addr, error) {
	start := s.began()
	a, err := s.askLocal()
	s.tell(start, Call{Name: "getsockname", Args: Args{Addr: a}, N: resultOf(err), Err: err})
	return a, err
}

func (s *Socket) askLocal() (a Addr, err error) {
	var b sockaddr
	err = s.control("getsockname", Addr{}, func(fd int) syscall.Errno { return sysSockname(fd, &b) })
	if err == nil {
		a = b.addr()
		s.localAddr.Store(&a)
	}
	return a, err
}

// Ends asks the system for both addresses without telling the observer: it is
// for those who describe the socket, not for those who use it. What the socket
// does not have is the zero Addr.
func (s *Socket) Ends() (local, peer Addr) {
	peer, _ = s.askPeer()
	return s.OwnEnd(), peer
}

// OwnEnd is the local half of Ends.
func (s *Socket) OwnEnd() Addr {
	local, _ := s.askLocal()
	return local
}

// PeerAddr asks the system for the address of the peer: getpeername(2).
func (s *Socket) PeerAddr() (Addr, error) {
	start := s.began()
	a, err := s.askPeer()
	s.tell(start, Call{Name: "getpeername", Args: Args{Addr: a}, N: resultOf(err), Err: err})
	return a, err
}

func (s *Socket) askPeer() (a Addr, err error) {
	var b sockaddr
	err = s.control("getpeername", Addr{}, func(fd int) syscall.Errno { return sysPeername(fd, &b) })
	if err == nil {
		a = b.addr()
		s.peerAddr.Store(&a)
	}
	return a, err
}

// KnownLocal returns the local address as far as earlier calls told it, without
// asking the system; the port may still be 0.
func (s *Socket) KnownLocal() Addr { return valueOf(s.localAddr.Load()) }

// KnownPeer returns the address of the peer as far as earlier calls told it.
func (s *Socket) KnownPeer() Addr { return valueOf(s.peerAddr.Load()) }

// Connect connects the socket to an address, or makes that the address to which a
// datagram socket sends: connect(2). A call that a deadline or a cancel ended can
// be resumed by calling it again: the system went on meanwhile. The zero Addr
// takes the address of a datagram socket away again.
func (s *Socket) Connect(ctx context.Context, a Addr) error {
	start := s.began()
	err := s.connect(ctx, a)
	if err == nil {
		s.peerAddr.Store(&a)
	}
	s.tell(start, Call{Ctx: ctx, Name: "connect", Args: Args{Addr: a}, N: resultOf(err), Err: err})
	return err
}

func (s *Socket) connect(ctx context.Context, a Addr) error {
	d := &s.out
	if err := d.begin(ctx); err != nil {
		return opError("connect", a, err, 0)
	}
	defer d.end()
	c := &d.call
	if errno := c.addr.set(a); errno != 0 {
		return failure("connect", a, errno)
	}
	c.n, c.flags, c.named, c.once = 0, 0, true, connectOnce
	return opError("connect", a, d.run(), 0)
}

// connectOnce begins a connect, or looks how it stands. While it is under way the
// system says so in three ways; only family Unix means "later" by EAGAIN.
func connectOnce(d *direction, fd int) syscall.Errno {
	c := &d.call
	ask := sysConnect
	if c.n > 0 {
		ask = sysConnected
	}
	errno := ask(fd, &c.addr)
	switch errno {
	case syscall.EINPROGRESS, syscall.EALREADY, syscall.EINTR:
		if c.n++; c.n == 1 && !d.late() {
			return connectOnce(d, fd) // within one machine the handshake is over by now
		}
		return syscall.EAGAIN
	case syscall.EAGAIN:
		if d.socket.family != Unix {
			c.flags = DontWait
		}
	}
	return errno
}

// Accept takes the next connection from the queue of a listening socket, and the
// address of its peer: accept(2). Connections that ended while they were in the
// queue are left out where the system mentions them.
func (s *Socket) Accept(ctx context.Context) (*Socket, Addr, error) {
	start := s.began()
	conn, from, err := s.accept(ctx)
	if s.observer != nil {
		c := Call{Ctx: ctx, Name: "accept", Args: Args{Addr: from}, N: -1, Err: err, Accepted: conn}
		if err == nil {
			c.N = conn.fd
		}
		s.tell(start, c)
	}
	return conn, from, err
}

func (s *Socket) accept(ctx context.Context) (*Socket, Addr, error) {
	d := &s.in
	if err := d.begin(ctx); err != nil {
		return nil, Addr{}, opError("accept", Addr{}, err, 0)
	}
	defer d.end()
	c := &d.call
	c.flags, c.once = 0, acceptOnce
	if err := d.run(); err != nil {
		return nil, Addr{}, opError("accept", Addr{}, err, 0)
	}
	from := c.addr.addr()
	conn := newSocket(c.fd, s.family, s.kind, s.proto)
	conn.observer = s.observer
	conn.mayLinger.Store(s.mayLinger.Load())
	conn.peerAddr.Store(&from)
	if local := s.KnownLocal(); local.Port() != 0 && !local.IP().IsUnspecified() || local.Path() != "" {
		conn.localAddr.Store(&local)
	}
	return conn, from, nil
}

func acceptOnce(d *direction, fd int) (errno syscall.Errno) {
	for {
		d.call.fd, errno = sysAccept(fd, &d.call.addr)
		if errno != syscall.ECONNABORTED {
			return errno
		}
	}
}
