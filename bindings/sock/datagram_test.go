//go:build unix

package sock_test

import (
	"math"
	"net/netip"
	"strings"
	"syscall"
	"testing"

	"lunawire/bindings/sock"
)

func ip(t testing.TB, text string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(text)
	must(t, err)
	return a
}

func sendTo(t testing.TB, s *sock.Socket, data string, to sock.Addr) {
	t.Helper()
	if n, err := s.SendTo(background, data, to, 0); n != len(data) || err != nil {
		t.Fatalf("SendTo(%.20q, %v) = %d, %v; want %d", data, to, n, err, len(data))
	}
}

func TestDatagramTellsItsSender(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	sendTo(t, a, "hello", addrB)
	data, from, full, err := b.RecvFrom(background, 100, 0)
	if data != "hello" || from != addrA || full != 5 || err != nil {
		t.Errorf("RecvFrom = %q, %v, %d, %v; want %q, %v, 5", data, from, full, err, "hello", addrA)
	}
}

func TestLongDatagramIsCutAndItsRestIsGone(t *testing.T) {
	a, b, _, addrB := udp(t)
	sendTo(t, a, "hello world", addrB)
	data, _, full, err := b.RecvFrom(background, 4, 0)
	if data != "hell" || full <= 4 || err != nil {
		t.Errorf("RecvFrom(4) = %q, %d, %v; want %q and more than 4", data, full, err, "hell")
	}
	_, err = b.Recv(background, 100, sock.DontWait)
	wantErrno(t, "recv of the rest", err, syscall.EAGAIN)
}

func TestEmptyDatagramIsNoEnd(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	sendTo(t, a, "", addrB)
	if data, from, _, err := b.RecvFrom(background, 10, 0); data != "" || from != addrA || err != nil {
		t.Errorf("RecvFrom = %q, %v, %v; want an empty datagram of %v", data, from, err, addrA)
	}
	sendTo(t, a, "", addrB)
	if data, err := b.Recv(background, 10, 0); data != "" || err != nil {
		t.Errorf("Recv = %q, %v; want an empty datagram", data, err)
	}
}

func TestReceivingNothingConsumesADatagram(t *testing.T) {
	a, b, _, addrB := udp(t)
	sendTo(t, a, "lost", addrB)
	sendTo(t, a, "next", addrB)
	if data, _, _, err := b.RecvFrom(background, 0, 0); data != "" || err != nil {
		t.Errorf("RecvFrom(0) = %q, %v", data, err)
	}
	wantRecv(t, b, "next")
}

func TestLimitsOfADatagram(t *testing.T) {
	a, b, _, addrB := udp(t)
	const most = 65507
	sendTo(t, a, strings.Repeat("x", most), addrB)
	data, _, _, err := b.RecvFrom(background, math.MaxInt, 0)
	if len(data) != most || err != nil {
		t.Errorf("received %d, %v; want %d", len(data), err, most)
	}
	_, err = a.SendTo(background, strings.Repeat("x", most+1), addrB, 0)
	wantErrno(t, "sendto of too much", err, syscall.EMSGSIZE)
	_, err = a.Send(background, "x", 0)
	wantErrno(t, "send without a receiver", err, syscall.EDESTADDRREQ)
	_, err = a.SendTo(background, "x", loopback(0), 0)
	wantErrno(t, "sendto port 0", err, syscall.EINVAL)
	_, err = a.SendTo(background, "x", sock.InetAddr(netip.IPv6Loopback(), 1), 0)
	wantErrno(t, "sendto the wrong family", err, syscall.EAFNOSUPPORT)
}

func TestConnectedDatagramSocketHearsThatNobodyListens(t *testing.T) {
	dead := deadPort(t, sock.Dgram)
	c := open(t, sock.Inet, sock.Dgram)
	must(t, c.Connect(background, dead))
	send(t, c, "x")
	_, err := c.Recv(background, 1, 0)
	wantErrno(t, "recv", err, syscall.ECONNREFUSED)
	_, err = c.Recv(background, 1, sock.DontWait)
	wantErrno(t, "second recv", err, syscall.EAGAIN)
}

func TestConnectedDatagramSocketHearsItsPeerOnly(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	stranger, _ := bound(t, sock.Dgram)
	must(t, a.Connect(background, addrB))
	sendTo(t, stranger, "stranger", addrA)
	sendTo(t, b, "peer", addrA)
	wantRecv(t, a, "peer")
}

func TestBroadcastNeedsPermission(t *testing.T) {
	a := open(t, sock.Inet, sock.Dgram)
	b := open(t, sock.Inet, sock.Dgram)
	must(t, b.Bind(sock.AnyAddr(sock.Inet, 0)))
	everybody := sock.InetAddr(ip(t, "127.255.255.255"), uint16(localAddr(t, b).Port()))
	_, err := a.SendTo(background, "x", everybody, 0)
	wantErrno(t, "sendto without SO_BROADCAST", err, syscall.EACCES)
	must(t, a.SetOption("SO_BROADCAST", true))
	sendTo(t, a, "all", everybody)
	wantRecv(t, b, "all")
}

func TestMulticastReachesAllMembers(t *testing.T) {
	group, local := ip(t, "239.255.77.7"), ip(t, "127.0.0.1")
	var members []*sock.Socket
	port := uint16(0)
	for range 2 {
		s := open(t, sock.Inet, sock.Dgram)
		must(t, s.SetOption("SO_REUSEADDR", true))
		must(t, s.Bind(sock.InetAddr(group, port)))
		port = uint16(localAddr(t, s).Port())
		m := sock.Membership{Group: group, Local: local}
		must(t, s.JoinGroup(m))
		wantErrno(t, "second join", s.JoinGroup(m), syscall.EADDRINUSE)
		members = append(members, s)
	}
	sender := open(t, sock.Inet, sock.Dgram)
	must(t, sender.SetMulticastInterface("127.0.0.1"))
	must(t, sender.SetMulticastTTL(0))
	must(t, sender.SetMulticastLoop(true))
	sendTo(t, sender, "to all", sock.InetAddr(group, port))
	for _, s := range members {
		wantRecv(t, s, "to all")
	}
	must(t, members[0].LeaveGroup(sock.Membership{Group: group, Local: local}))
	wantErrno(t, "second leave", members[0].LeaveGroup(sock.Membership{Group: group, Local: local}), syscall.EADDRNOTAVAIL)
}

func TestMulticastOfIPv6NamesItsInterface(t *testing.T) {
	s := open(t, sock.Inet6, sock.Dgram)
	loop := loopbackInterface(t)
	m := sock.Membership{Group: ip(t, "ff02::77"), Interface: loop.Name}
	must(t, s.JoinGroup(m))
	must(t, s.LeaveGroup(m))
	must(t, s.SetMulticastInterface(loop.Name))
	must(t, s.SetMulticastTTL(3))
	must(t, s.SetMulticastLoop(false))
	for name, want := range map[string]any{"IPV6_MULTICAST_IF": loop.Index, "IPV6_MULTICAST_HOPS": 3, "IPV6_MULTICAST_LOOP": false} {
		if got, err := s.GetOption(name); got != want || err != nil {
			t.Errorf("GetOption(%s) = %v, %v; want %v", name, got, err, want)
		}
	}
	m.Interface = "no such interface"
	wantErrno(t, "join on no interface", s.JoinGroup(m), syscall.ENODEV)
}

func loopbackInterface(t testing.TB) sock.Interface {
	t.Helper()
	list, err := sock.Interfaces()
	must(t, err)
	for _, ifi := range list {
		for _, a := range ifi.Addrs {
			if a.Addr() == ip(t, "127.0.0.1") {
				return ifi
			}
		}
	}
	t.Fatalf("no interface has 127.0.0.1: %+v", list)
	return sock.Interface{}
}

func TestDualStackSocketSeesIPv4PeersAsMapped(t *testing.T) {
	s := open(t, sock.Inet6, sock.Dgram)
	must(t, s.SetOption("IPV6_V6ONLY", false))
	must(t, s.Bind(sock.AnyAddr(sock.Inet6, 0)))
	wantErrno(t, "V6ONLY after bind", s.SetOption("IPV6_V6ONLY", true), syscall.EINVAL)
	a, addrA := bound(t, sock.Dgram)
	sendTo(t, a, "v4", loopback(uint16(localAddr(t, s).Port())))
	_, from, _, err := s.RecvFrom(background, 10, 0)
	if from.Family() != sock.Inet6 || from.IP() != netip.AddrFrom16(addrA.IP().As16()) || err != nil {
		t.Errorf("from %v, %v; want the mapped form of %v", from, err, addrA)
	}
}

func TestControlDataTellsTheTimeToLive(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	must(t, b.SetOption("IP_RECVTTL", true))
	must(t, a.SetOption("IP_TTL", 42))
	sendTo(t, a, "hello", addrB)
	p := make([]byte, 3)
	m, err := b.RecvMsg(background, p, 256, 0)
	if err != nil || m.N != 3 || string(p) != "hel" || m.From != addrA || m.Flags&sock.Truncated == 0 {
		t.Errorf("RecvMsg = %+v, %v, %q; want a cut datagram of %v", m, err, p, addrA)
	}
	if len(m.Control) != 1 || m.Control[0].Data[0] != 42 {
		t.Errorf("control data %+v, want a time to live of 42", m.Control)
	}
	if n, err := a.SendMsg(background, "msg", nil, addrB, 0); n != 3 || err != nil {
		t.Errorf("SendMsg = %d, %v; want 3", n, err)
	}
	wantRecv(t, b, "msg")
}
