//go:build unix

package sock_test

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

var background = context.Background()

func loopback(port uint16) sock.Addr { return sock.InetAddr(netip.MustParseAddr("127.0.0.1"), port) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open makes a socket that the end of the test closes.
func open(t testing.TB, family sock.Family, kind sock.Kind) *sock.Socket {
	t.Helper()
	s, err := sock.Open(family, kind, 0)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// bound makes a socket that is bound to a free port of the loopback.
func bound(t testing.TB, kind sock.Kind) (*sock.Socket, sock.Addr) {
	t.Helper()
	s := open(t, sock.Inet, kind)
	must(t, s.Bind(loopback(0)))
	return s, localAddr(t, s)
}

func localAddr(t testing.TB, s *sock.Socket) sock.Addr {
	t.Helper()
	a, err := s.LocalAddr()
	must(t, err)
	return a
}

func listener(t testing.TB, backlog int) (*sock.Socket, sock.Addr) {
	t.Helper()
	l, addr := bound(t, sock.Stream)
	must(t, l.Listen(backlog))
	return l, addr
}

func accept(t testing.TB, l *sock.Socket) *sock.Socket {
	t.Helper()
	c, _, err := l.Accept(background)
	must(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

func dial(t testing.TB, addr sock.Addr) *sock.Socket {
	t.Helper()
	c := open(t, addr.Family(), sock.Stream)
	must(t, c.Connect(background, addr))
	return c
}

// tcp returns both ends of a connection over the loopback.
func tcp(t testing.TB) (client, server *sock.Socket) {
	t.Helper()
	l, addr := listener(t, 1)
	client = dial(t, addr)
	server = accept(t, l)
	must(t, l.Close())
	return client, server
}

// udp returns two datagram sockets and their addresses.
func udp(t testing.TB) (a, b *sock.Socket, addrA, addrB sock.Addr) {
	t.Helper()
	a, addrA = bound(t, sock.Dgram)
	b, addrB = bound(t, sock.Dgram)
	return a, b, addrA, addrB
}

func pair(t testing.TB, kind sock.Kind) (a, b *sock.Socket) {
	t.Helper()
	a, b, err := sock.Pair(sock.Unix, kind)
	must(t, err)
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

// unixPath returns an address that no file has yet.
func unixPath(t testing.TB) sock.Addr {
	t.Helper()
	return sock.UnixAddr(filepath.Join(t.TempDir(), "s"))
}

func send(t testing.TB, s *sock.Socket, data string) {
	t.Helper()
	if n, err := s.Send(background, data, 0); n != len(data) || err != nil {
		t.Fatalf("Send(%.20q) = %d, %v; want %d", data, n, err, len(data))
	}
}

func wantRecv(t testing.TB, s *sock.Socket, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, 5*time.Second)
	defer cancel()
	if got, err := s.Recv(ctx, 1024, 0); got != want || err != nil {
		t.Fatalf("Recv = %q, %v; want %q", got, err, want)
	}
}

// wantErrno checks the error number of an *Error.
func wantErrno(t testing.TB, what string, err error, want syscall.Errno) {
	t.Helper()
	var e *sock.Error
	if !errors.As(err, &e) || e.Errno != want {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// polling returns a context whose deadline has passed: one try.
func polling(t testing.TB) context.Context {
	ctx, cancel := context.WithDeadline(background, time.Unix(1, 0))
	t.Cleanup(cancel)
	return ctx
}

// switchOff is a Canceler as its documentation wants it.
type switchOff struct {
	context.Context
	mu    sync.Mutex
	err   error
	wake  func()
	armed chan struct{} // a token for each Arm
}

func newSwitchOff(ctx context.Context) *switchOff {
	return &switchOff{Context: ctx, armed: make(chan struct{}, 16)}
}

var errSwitchedOff = errors.Join(context.Canceled, errors.New("switched off"))

func (c *switchOff) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *switchOff) Arm(wake func()) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	c.wake = wake
	select {
	case c.armed <- struct{}{}:
	default:
	}
	return nil
}

func (c *switchOff) Disarm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wake = nil
}

func (c *switchOff) off() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = errSwitchedOff
	if c.wake != nil {
		c.wake()
	}
}

// telling is an ordinary context that tells when a call is about to wait.
type telling struct {
	context.Context
	asked chan struct{}
}

func newTelling(ctx context.Context) telling {
	return telling{Context: ctx, asked: make(chan struct{}, 1)}
}

func (c telling) Deadline() (time.Time, bool) {
	select {
	case c.asked <- struct{}{}:
	default:
	}
	return c.Context.Deadline()
}
