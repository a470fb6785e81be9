//go:build unix

package sock_test

import (
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"lunawire/bindings/sock"
)

func TestSocketKnowsWhatItIs(t *testing.T) {
	a, b := open(t, sock.Inet6, sock.Dgram), open(t, sock.Inet6, sock.Dgram)
	if a.Family() != sock.Inet6 || a.Kind() != sock.Dgram || a.Proto() != 0 || a.Fd() < 0 || a.Closed() {
		t.Errorf("%v %v protocol %d, descriptor %d, closed %v", a.Family(), a.Kind(), a.Proto(), a.Fd(), a.Closed())
	}
	if b.ID() <= a.ID() {
		t.Errorf("numbers %d, %d; want them to grow", a.ID(), b.ID())
	}
	if got, err := a.GetOption("SO_TYPE"); got != sock.Dgram.Number() || err != nil {
		t.Errorf("SO_TYPE = %v, %v; want %d", got, err, sock.Dgram.Number())
	}
}

func TestSocketsThatCannotBeMadeSayWhy(t *testing.T) {
	_, err := sock.Open(sock.Inet, sock.Stream, syscall.IPPROTO_UDP)
	wantErrno(t, "a stream of UDP", err, syscall.EPROTONOSUPPORT)
	_, _, err = sock.Pair(sock.Inet, sock.Stream)
	wantErrno(t, "a pair of family Inet", err, syscall.EOPNOTSUPP)
}

func TestDescriptorsAreNotInherited(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(s.Fd()), syscall.F_GETFD, 0)
	if errno != 0 || flags&syscall.FD_CLOEXEC == 0 {
		t.Errorf("flags %#x, %v; want FD_CLOEXEC", flags, errno)
	}
}

// TestAutoWaitsForAnotherProgram talks to a peer that this package does not know,
// as it would with another process.
func TestAutoWaitsForAnotherProgram(t *testing.T) {
	peer, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(t, err)
	defer peer.Close()
	go func() {
		p := make([]byte, 64)
		for {
			n, from, err := peer.ReadFromUDPAddrPort(p)
			if err != nil {
				return
			}
			peer.WriteToUDPAddrPort(p[:n], from)
		}
	}()
	to := loopback(peer.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	was := sock.CurrentWaitMode()
	defer sock.SetWaitMode(was)
	for _, mode := range []sock.WaitMode{sock.Auto, sock.Park} {
		sock.SetWaitMode(mode)
		s := open(t, sock.Inet, sock.Dgram)
		for range 200 {
			sendTo(t, s, "ping", to)
			wantRecv(t, s, "ping")
		}
	}
}

func TestObserverSeesSelect(t *testing.T) {
	a, b := tcp(t)
	d := new(diary)
	b.Observe(d)
	_, _, err := sock.Select(polling(t), []*sock.Socket{a, b}, nil)
	if c := d.last(t, "select"); c.Socket != b || c.N != 0 || c.Err != os.ErrDeadlineExceeded || c.Err != err || c.Args.Len != 2 {
		t.Errorf("select: %+v", c)
	}
}

func TestObserverSeesTheRarerCalls(t *testing.T) {
	a, b := pair(t, sock.Stream)
	d := new(diary)
	a.Observe(d)
	b.Observe(d)
	if n, err := a.SendMsg(background, "message", nil, sock.Addr{}, 0); n != 7 || err != nil {
		t.Fatal(n, err)
	}
	if c := d.last(t, "sendmsg"); c.N != 7 || c.Args.Data != "message" {
		t.Errorf("sendmsg: %+v", c)
	}
	b.RecvMsg(background, make([]byte, 10), 0, 0)
	if c := d.last(t, "recvmsg"); c.N != 7 || c.Args.Data != "message" {
		t.Errorf("recvmsg: %+v", c)
	}
	a.SendFile(background, file(t, "content"), 0, -1)
	if c := d.last(t, "sendfile"); c.N != 7 {
		t.Errorf("sendfile: %+v", c)
	}
	send(t, a, "")
	if c := d.last(t, "send"); c.N != 0 {
		t.Errorf("send: %+v", c)
	}
	a.Shutdown(sock.ShutdownWrite)
	if c := d.last(t, "shutdown"); c.Args.Len != int(sock.ShutdownWrite) {
		t.Errorf("shutdown: %+v", c)
	}
}

func TestFlagTableIsWhole(t *testing.T) {
	for _, row := range sock.FlagNames() {
		if row.Flag.String() != row.Name || !strings.HasPrefix(row.Name, "MSG_") || row.Doc == "" {
			t.Errorf("row %+v prints as %q", row, row.Flag)
		}
	}
}

func TestHostnameIsThatOfTheSystem(t *testing.T) {
	want, err := os.Hostname()
	must(t, err)
	if got, err := sock.Hostname(); got != want || err != nil {
		t.Errorf("Hostname = %q, %v; want %q", got, err, want)
	}
}

func TestConnectionsListsOurOwn(t *testing.T) {
	c, s := tcp(t)
	local, peer := localAddr(t, c), localAddr(t, s)
	list, err := sock.Connections(sock.Stream)
	if err == sock.ErrNotTold {
		t.Skip("this system does not tell")
	}
	must(t, err)
	found := slices.ContainsFunc(list, func(row sock.Connection) bool {
		return row.Local == local && row.Peer == peer && row.State == sock.Established && row.UID == os.Getuid()
	})
	if !found {
		t.Errorf("%v -> %v is not among %d rows", local, peer, len(list))
	}
}

func TestMulticastOfOneSender(t *testing.T) {
	s := open(t, sock.Inet, sock.Dgram)
	m := sock.SourceMembership{Group: ip(t, "232.1.2.3"), Local: ip(t, "127.0.0.1"), Source: ip(t, "127.0.0.9")}
	must(t, s.SetOption("IP_ADD_SOURCE_MEMBERSHIP", m))
	must(t, s.SetOption("IP_DROP_SOURCE_MEMBERSHIP", m))
	m.Source = ip(t, "::1")
	wantErrno(t, "sender of another family", s.SetOption("IP_ADD_SOURCE_MEMBERSHIP", m), syscall.EINVAL)
}
