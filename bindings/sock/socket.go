package sock

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// Socket is one socket of the operating system. Open, Pair and Accept make it;
// the zero Socket is of no use.
type Socket struct {
	id     int
	fd     int
	family Family
	kind   Kind
	proto  int

	observer Observer
	refs     atomic.Int32   // calls that use fd, and closing
	gone     sync.WaitGroup // until the descriptor is closed
	closeErr error          // valid when gone

	mu       sync.Mutex              // guards the making of file, and watchers
	file     atomic.Pointer[os.File] // what the network poller knows the socket by; nil before it first waits
	watchers []*watcher              // calls of Select that look at this socket

	in, out        direction
	received, sent atomic.Int64
	localAddr      atomic.Pointer[Addr]
	peerAddr       atomic.Pointer[Addr]
	mayLinger      atomic.Bool // SO_LINGER was set, here or on the listener
	alone          atomic.Bool // no other socket was used since the last call: see spin.go
}

// closing is the bit of Socket.refs that says that no new call may begin.
const closing = 1 << 30

var lastID atomic.Int64

// Open makes a socket: socket(2). The protocol 0 is the usual one.
func Open(family Family, kind Kind, proto int) (*Socket, error) {
	fd, errno := sysSocket(family, kind, proto)
	if errno != 0 {
		return nil, failure("socket", Addr{}, errno)
	}
	return newSocket(fd, family, kind, proto), nil
}

// Pair makes two sockets connected to each other: socketpair(2).
func Pair(family Family, kind Kind) (a, b *Socket, err error) {
	fds, errno := sysPair(family, kind)
	if errno != 0 {
		return nil, nil, failure("socketpair", Addr{}, errno)
	}
	return newSocket(fds[0], family, kind, 0), newSocket(fds[1], family, kind, 0), nil
}

func newSocket(fd int, family Family, kind Kind, proto int) *Socket {
	s := &Socket{id: int(lastID.Add(1)), fd: fd, family: family, kind: kind, proto: proto}
	s.gone.Add(1)
	s.in.socket, s.out.socket = s, s
	return s
}

// ID returns the number of the socket in this process: 1, 2, 3...; unlike a
// descriptor it is never used again.
func (s *Socket) ID() int { return s.id }

// Fd returns the descriptor, -1 once the socket is closed. It is for looking at
// only: the socket keeps it, in non-blocking mode.
func (s *Socket) Fd() int {
	if s.Closed() {
		return -1
	}
	return s.fd
}

// Family returns the address family that the socket was made with.
func (s *Socket) Family() Family { return s.family }

// Kind returns the kind that the socket was made with.
func (s *Socket) Kind() Kind { return s.kind }

// Proto returns the protocol number that the socket was made with.
func (s *Socket) Proto() int { return s.proto }

// BytesIn returns how many bytes the socket has received. Bytes that were only
// peeked at are not counted.
func (s *Socket) BytesIn() int64 { return s.received.Load() }

// BytesOut returns how many bytes the socket has sent.
func (s *Socket) BytesOut() int64 { return s.sent.Load() }

// Closed reports whether Close was called.
func (s *Socket) Closed() bool { return s.refs.Load()&closing != 0 }

// hold keeps the descriptor open until release; it fails once Close was called.
func (s *Socket) hold() bool {
	if s.refs.Add(1)&closing == 0 {
		return true
	}
	s.release()
	return false
}

// release gives up a hold. Whoever leaves a closed socket last closes the
// descriptor: never earlier, or a call could hit a stranger's one of that number.
func (s *Socket) release() {
	if s.refs.Add(-1) == closing {
		s.finish()
	}
}

// finish runs once: the refs of a closed socket reach closing from above, and
// calls that come too late may do so again.
func (s *Socket) finish() {
	if !s.refs.CompareAndSwap(closing, closing|finished) {
		return
	}
	f := s.file.Load()
	switch {
	case f != nil:
		s.closeErr = f.Close()
	case s.mayLinger.Load():
		s.closeErr = failure("close", Addr{}, sysClose(s.fd))
	default:
		s.closeErr = failure("close", Addr{}, sysCloseAtOnce(s.fd))
	}
	s.gone.Done()
}

// finished is the bit of Socket.refs that says that the descriptor is closed.
const finished = 1 << 29

// Close closes the socket: close(2). Calls that wait on it fail with EBADF, as do
// all later ones. When it returns, the descriptor and its port are free again.
// Closing once more does nothing. With SO_LINGER set it may take that long. Close
// waits for those calls to leave the socket, so the caller must not hold a lock
// that they need for it, such as that of their Canceler.
func (s *Socket) Close() error {
	start := s.began()
	if !s.hold() {
		s.gone.Wait()
		return nil
	}
	if s.refs.Or(closing)&closing != 0 {
		s.release()
		s.gone.Wait()
		return nil
	}
	s.wakeAll()
	s.release()
	s.gone.Wait()
	s.tell(start, Call{Name: "close", Err: s.closeErr, N: resultOf(s.closeErr)})
	return s.closeErr
}

// wakeAll ends the waits of all calls on a socket that is being closed. A call
// that begins to wait just now sees the closing bit after it has set its own
// deadline, or has that deadline replaced here.
func (s *Socket) wakeAll() {
	s.in.turn.close()
	s.out.turn.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.file.Load(); f != nil {
		f.SetDeadline(longAgo)
	}
	for _, w := range s.watchers {
		w.wake()
	}
}

// control makes a system call that never waits.
func (s *Socket) control(op string, addr Addr, call func(fd int) syscall.Errno) error {
	if !s.hold() {
		return failure(op, addr, syscall.EBADF)
	}
	defer s.release()
	return failure(op, addr, call(s.fd))
}

// resultOf is what a call without a count returns in C.
func resultOf(err error) int {
	if err != nil {
		return -1
	}
	return 0
}
