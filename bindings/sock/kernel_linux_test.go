package sock_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"lunawire/bindings/sock"
)

// What only Linux does, or does otherwise.

func TestLinuxTellsTheTrueLengthOfACutDatagram(t *testing.T) {
	a, b, _, addrB := udp(t)
	sendTo(t, a, "hello world", addrB)
	if data, _, full, err := b.RecvFrom(background, 4, 0); data != "hell" || full != 11 || err != nil {
		t.Errorf("RecvFrom(4) = %q, %d, %v; want %q of 11", data, full, err, "hell")
	}
}

func TestAbstractNamesLeaveNoFile(t *testing.T) {
	addr := sock.UnixAddr(fmt.Sprintf("@lunawire test %d", os.Getpid()))
	l := open(t, sock.Unix, sock.Stream)
	must(t, l.Bind(addr))
	must(t, l.Listen(1))
	c := dial(t, addr)
	if peer, err := c.PeerAddr(); peer != addr || err != nil {
		t.Errorf("PeerAddr = %q, %v; want %q", peer, err, addr)
	}
	must(t, l.Close())
	must(t, open(t, sock.Unix, sock.Stream).Bind(addr))
}

func TestPeerOfAUnixSocketIsKnown(t *testing.T) {
	a, _ := pair(t, sock.Stream)
	want := sock.PeerCredentials{PID: os.Getpid(), UID: os.Getuid(), GID: os.Getgid()}
	if got, err := a.GetOption("SO_PEERCRED"); got != want || err != nil {
		t.Errorf("SO_PEERCRED = %+v, %v; want %+v", got, err, want)
	}
}

func TestTextOptions(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	was, err := s.GetOption("TCP_CONGESTION")
	must(t, err)
	must(t, s.SetOption("TCP_CONGESTION", was))
	wantErrno(t, "unknown congestion control", s.SetOption("TCP_CONGESTION", "pigeon"), syscall.ENOENT)
}

func TestConnectedUDPIsDissolvedByNoAddress(t *testing.T) {
	a, _, _, addrB := udp(t)
	must(t, a.Connect(background, addrB))
	must(t, a.Connect(background, sock.Addr{}))
	_, err := a.PeerAddr()
	wantErrno(t, "getpeername", err, syscall.ENOTCONN)
}

func TestIPv6AddressesKeepTheirZone(t *testing.T) {
	lo := loopbackInterface(t).Name
	s := open(t, sock.Inet6, sock.Dgram)
	group := sock.InetAddr(ip(t, "ff02::77%"+lo), 0)
	if err := s.Bind(group); err != nil {
		t.Skipf("no IPv6 here: %v", err)
	}
	if got := localAddr(t, s).WithPort(0); got != group {
		t.Errorf("LocalAddr = %v, want %v", got, group)
	}
	_, err := s.SendTo(background, "x", sock.InetAddr(ip(t, "fe80::1%nowhere"), 1), 0)
	wantErrno(t, "sendto an unknown zone", err, syscall.ENXIO)
}

func TestInfoFollowsTheStatesOfAConnection(t *testing.T) {
	l, addr := listener(t, 7)
	wantState(t, l, sock.Listening)
	if info, _ := l.Info(); info.Backlog != 7 {
		t.Errorf("backlog %d, want 7", info.Backlog)
	}
	c := open(t, sock.Inet, sock.Stream)
	wantState(t, c, sock.Closed)
	must(t, c.Connect(background, addr))
	if info, _ := l.Info(); info.Unacked != 1 {
		t.Errorf("%d in the queue, want 1", info.Unacked)
	}
	s := accept(t, l)
	wantState(t, c, sock.Established)
	send(t, c, "hello")
	wantRecv(t, s, "hello")
	if info, _ := s.Info(); info.BytesReceived != 5 || info.RTT == 0 || info.SendMSS == 0 || info.CongestionWindow == 0 {
		t.Errorf("Info = %+v, want 5 bytes and the measures", info)
	}
	must(t, c.Shutdown(sock.ShutdownWrite))
	_, err := s.Recv(background, 1, 0)
	if err == nil {
		t.Error("no end of the stream")
	}
	wantState(t, s, sock.CloseWait)
	wantStateSoon(t, c, sock.FinWait2)
	_, err = open(t, sock.Inet, sock.Dgram).Info()
	wantErrno(t, "info of a datagram socket", err, syscall.EOPNOTSUPP)
}

func wantState(t *testing.T, s *sock.Socket, want sock.State) {
	t.Helper()
	if info, err := s.Info(); info.State != want || err != nil {
		t.Errorf("state %v, %v; want %v", info.State, err, want)
	}
}

// wantStateSoon allows for an acknowledgement that the kernel delays.
func wantStateSoon(t *testing.T, s *sock.Socket, want sock.State) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		info, err := s.Info()
		must(t, err)
		if info.State == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("state %v, want %v", info.State, want)
		}
		sock.Select(polling(t), []*sock.Socket{s}, nil)
	}
}

func TestConnectIntoABlackHole(t *testing.T) {
	l, addr := listener(t, 1)
	drop := unix.SockFilter{Code: unix.BPF_RET, K: 0}
	program := unix.SockFprog{Len: 1, Filter: &drop}
	o, _ := sock.FindOption("SO_ATTACH_FILTER")
	raw := unsafe.String((*byte)(unsafe.Pointer(&program)), unsafe.Sizeof(program))
	must(t, l.SetOptionRaw(o.Level, o.Number, raw))

	c := open(t, sock.Inet, sock.Stream)
	ctx := newSwitchOff(background)
	done := make(chan error, 1)
	go func() { done <- c.Connect(ctx, addr) }()
	<-ctx.armed
	wantState(t, c, sock.SynSent)
	ctx.off()
	if err := <-done; err != errSwitchedOff {
		t.Errorf("connect: %v, want %v", err, errSwitchedOff)
	}
	wantState(t, c, sock.SynSent)

	// The attempt goes on: as soon as the hole is closed, the same call succeeds.
	detach, _ := sock.FindOption("SO_DETACH_FILTER")
	must(t, l.SetOptionInt(detach.Level, detach.Number, 0))
	within, cancel := context.WithTimeout(background, 5*time.Second)
	defer cancel()
	must(t, c.Connect(within, addr))
	wantState(t, c, sock.Established)
}

func TestClosingFirstLeavesTimeWait(t *testing.T) {
	l, addr := listener(t, 1)
	c := open(t, sock.Inet, sock.Stream)
	must(t, c.SetOption("SO_REUSEADDR", true)) // needed on both sockets
	must(t, c.Bind(loopback(0)))
	local := localAddr(t, c)
	must(t, c.Connect(background, addr))
	s := accept(t, l)
	must(t, c.Close())
	if _, err := s.Recv(background, 1, 0); err == nil {
		t.Error("no end of the stream")
	}
	must(t, s.Close())

	again := open(t, sock.Inet, sock.Stream)
	wantErrno(t, "bind to the same port", again.Bind(local), syscall.EADDRINUSE)
	holders, err := sock.PortHolders(sock.Stream, local)
	if err != nil || len(holders) != 1 || holders[0].State != sock.TimeWait || holders[0].Peer != addr || holders[0].PID != 0 {
		t.Errorf("PortHolders(%v) = %+v, %v; want one in TIME-WAIT to %v", local, holders, err, addr)
	}
	must(t, again.SetOption("SO_REUSEADDR", true))
	must(t, again.Bind(local))
}

func TestPortHoldersNamesTheProcess(t *testing.T) {
	executable, err := os.Executable()
	must(t, err)
	l, addr := listener(t, 1)
	dgram, addrD := bound(t, sock.Dgram)
	wild := open(t, sock.Unix, sock.Stream)
	path := unixPath(t)
	must(t, wild.Bind(path))
	for _, test := range []struct {
		kind sock.Kind
		addr sock.Addr
		held *sock.Socket
	}{
		{sock.Stream, addr, l},
		{sock.Stream, sock.AnyAddr(sock.Inet, uint16(addr.Port())), l},
		{sock.Stream, sock.AnyAddr(sock.Inet6, uint16(addr.Port())), l},
		{sock.Dgram, addrD, dgram},
		{sock.Stream, path, wild},
	} {
		holders, err := sock.PortHolders(test.kind, test.addr)
		if err != nil || len(holders) != 1 {
			t.Errorf("PortHolders(%v, %v) = %+v, %v; want one", test.kind, test.addr, holders, err)
			continue
		}
		h := holders[0]
		if h.PID != os.Getpid() || h.Local != localAddr(t, test.held) || h.Program != filepath.Base(executable)[:min(15, len(filepath.Base(executable)))] {
			t.Errorf("PortHolders(%v, %v) = %+v; want this process", test.kind, test.addr, h)
		}
	}
	elsewhere := sock.InetAddr(ip(t, "127.0.0.2"), uint16(addr.Port()))
	if holders, err := sock.PortHolders(sock.Stream, elsewhere); err != nil || len(holders) != 0 {
		t.Errorf("PortHolders(%v) = %+v, %v; want none", elsewhere, holders, err)
	}
}
