//go:build unix

package sock_test

import (
	"io"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"

	"lunawire/bindings/sock"
)

func TestUnixPathsFailAsTheSystemSays(t *testing.T) {
	addr := unixPath(t)
	c := open(t, sock.Unix, sock.Stream)
	wantErrno(t, "connect to no path", c.Connect(background, addr), syscall.ENOENT)
	l := open(t, sock.Unix, sock.Stream)
	must(t, l.Bind(addr))
	must(t, l.Close())
	wantErrno(t, "connect to a path left over", c.Connect(background, addr), syscall.ECONNREFUSED)
	wantErrno(t, "bind to a path left over", open(t, sock.Unix, sock.Stream).Bind(addr), syscall.EADDRINUSE)
	long := sock.UnixAddr("/tmp/" + strings.Repeat("x", 200))
	wantErrno(t, "bind to a path too long", open(t, sock.Unix, sock.Stream).Bind(long), syscall.EINVAL)
}

func TestUnixStreamHasItsAddresses(t *testing.T) {
	addr := unixPath(t)
	l := open(t, sock.Unix, sock.Stream)
	must(t, l.Bind(addr))
	must(t, l.Listen(1))
	c := dial(t, addr)
	s, from, err := l.Accept(background)
	must(t, err)
	defer s.Close()
	if from != sock.UnixAddr("") || from.String() != "" || !from.IsValid() {
		t.Errorf("accepted from %#v, want the address without a name", from)
	}
	if peer, err := c.PeerAddr(); peer != addr || err != nil {
		t.Errorf("PeerAddr = %v, %v; want %v", peer, err, addr)
	}
}

func TestUnixDatagramTellsASenderWithAName(t *testing.T) {
	a, b := open(t, sock.Unix, sock.Dgram), open(t, sock.Unix, sock.Dgram)
	addrA, addrB := unixPath(t), unixPath(t)
	must(t, b.Bind(addrB))
	sendTo(t, a, "nameless", addrB)
	if data, from, _, err := b.RecvFrom(background, 100, 0); data != "nameless" || from.String() != "" || err != nil {
		t.Errorf("RecvFrom = %q, %v, %v", data, from, err)
	}
	must(t, a.Bind(addrA))
	sendTo(t, a, "named", addrB)
	data, from, full, err := b.RecvFrom(background, 3, 0)
	if data != "nam" || from != addrA || full <= 3 || err != nil {
		t.Errorf("RecvFrom(3) = %q, %v, %d, %v; want %q of %v, cut", data, from, full, err, "nam", addrA)
	}
}

func TestLargeUnixDatagramIsReceivedWhole(t *testing.T) {
	a, b := pair(t, sock.Dgram)
	must(t, a.SetOption("SO_SNDBUF", 400<<10))
	data := strings.Repeat("x", 150<<10)
	send(t, a, data)
	if got, err := b.Recv(background, math.MaxInt, 0); got != data || err != nil {
		t.Errorf("received %d bytes, %v; want %d", len(got), err, len(data))
	}
}

func TestPairIsConnected(t *testing.T) {
	a, b := pair(t, sock.Stream)
	send(t, a, "one")
	wantRecv(t, b, "one")
	must(t, b.Close())
	if _, err := a.Recv(background, 1, 0); err != io.EOF {
		t.Errorf("recv after the other end closed: %v, want io.EOF", err)
	}
	_, err := a.Send(background, "x", 0)
	wantErrno(t, "send after the other end closed", err, syscall.EPIPE)
}

func TestPassedDescriptorsAreClosed(t *testing.T) {
	a, b := pair(t, sock.Stream)
	r, w, err := os.Pipe()
	must(t, err)
	defer r.Close()
	rights := sock.Control{Level: syscall.SOL_SOCKET, Type: syscall.SCM_RIGHTS, Data: string(syscall.UnixRights(int(w.Fd()))[syscall.CmsgLen(0):][:4])}
	if n, err := a.SendMsg(background, "fd", []sock.Control{rights}, sock.Addr{}, 0); n != 2 || err != nil {
		t.Fatalf("SendMsg = %d, %v", n, err)
	}
	p := make([]byte, 10)
	m, err := b.RecvMsg(background, p, 64, 0)
	if err != nil || m.N != 2 || len(m.Control) != 0 {
		t.Errorf("RecvMsg = %+v, %v; want 2 bytes and no control data", m, err)
	}
	must(t, w.Close())
	if n, err := r.Read(p); n != 0 || err != io.EOF {
		t.Errorf("read of the pipe = %d, %v; want its end, as nobody can write any more", n, err)
	}
}
