//go:build unix

package sock_test

import (
	"errors"
	"math"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

func TestOptionsReadBackWhatWasSet(t *testing.T) {
	stream, dgram, six := open(t, sock.Inet, sock.Stream), open(t, sock.Inet, sock.Dgram), open(t, sock.Inet6, sock.Dgram)
	for _, test := range []struct {
		socket     *sock.Socket
		name       string
		set, want  any
		wasAtFirst any
	}{
		{stream, "SO_REUSEADDR", true, true, false},
		{stream, "SO_KEEPALIVE", 1, true, false},
		{stream, "SO_LINGER", sock.Linger{On: true, Seconds: 3}, sock.Linger{On: true, Seconds: 3}, sock.Linger{}},
		{stream, "SO_RCVTIMEO", 1500 * time.Millisecond, 1500 * time.Millisecond, time.Duration(0)},
		{stream, "TCP_NODELAY", true, true, false},
		{stream, "tcp_keepcnt", 4, 4, 9},
		{dgram, "SO_BROADCAST", true, true, false},
		{dgram, "IP_TTL", 7, 7, 64},
		{dgram, "IP_MULTICAST_TTL", 9, 9, 1},
		{dgram, "IP_MULTICAST_LOOP", false, false, true},
		{dgram, "IP_MULTICAST_IF", netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.1"), netip.IPv4Unspecified()},
		{six, "IPV6_UNICAST_HOPS", 5, 5, 64},
		{six, "IPV6_V6ONLY", true, true, nil},
	} {
		was, err := test.socket.GetOption(test.name)
		if err != nil || test.wasAtFirst != nil && was != test.wasAtFirst {
			t.Errorf("%s at first = %v, %v; want %v", test.name, was, err, test.wasAtFirst)
		}
		if err := test.socket.SetOption(test.name, test.set); err != nil {
			t.Errorf("SetOption(%s, %v): %v", test.name, test.set, err)
		}
		if got, err := test.socket.GetOption(test.name); got != test.want || err != nil {
			t.Errorf("%s = %v, %v; want %v", test.name, got, err, test.want)
		}
	}
}

func TestOptionsOfTheWrongSortAreRefused(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	wantErrno(t, "unknown name", s.SetOption("SO_NONSENSE", 1), syscall.ENOPROTOOPT)
	_, err := s.GetOption("SO_NONSENSE")
	wantErrno(t, "unknown name", err, syscall.ENOPROTOOPT)
	wantErrno(t, "text for a boolean", s.SetOption("SO_REUSEADDR", "yes"), syscall.EINVAL)
	wantErrno(t, "number for linger", s.SetOption("SO_LINGER", 1), syscall.EINVAL)
	wantErrno(t, "time below zero", s.SetOption("SO_RCVTIMEO", -time.Second), syscall.EINVAL)
	six := sock.Membership{Group: netip.MustParseAddr("ff02::1")}
	wantErrno(t, "IPv6 group for IPv4", s.SetOption("IP_ADD_MEMBERSHIP", six), syscall.EINVAL)
}

func TestOptionsByNumber(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	o, ok := sock.FindOption("so_keepalive")
	if !ok || o.Name != "SO_KEEPALIVE" {
		t.Fatalf("FindOption = %+v, %v", o, ok)
	}
	if same, ok := sock.OptionAt(o.Level, o.Number); !ok || same != o {
		t.Errorf("OptionAt = %+v, %v; want %+v", same, ok, o)
	}
	must(t, s.SetOptionInt(o.Level, o.Number, 1))
	if n, err := s.GetOptionInt(o.Level, o.Number); n == 0 || err != nil {
		t.Errorf("GetOptionInt = %d, %v; want not 0", n, err)
	}
	must(t, s.SetOptionRaw(o.Level, o.Number, "\x00\x00\x00\x00"))
	if raw, err := s.GetOptionRaw(o.Level, o.Number, 4); raw != "\x00\x00\x00\x00" || err != nil {
		t.Errorf("GetOptionRaw = %q, %v; want four zeros", raw, err)
	}
	_, err := s.GetOptionRaw(o.Level, o.Number, -1)
	wantErrno(t, "size below zero", err, syscall.EINVAL)
	_, err = s.GetOptionRaw(o.Level, o.Number, math.MaxInt)
	wantErrno(t, "size without measure", err, syscall.EINVAL)
}

func TestOptionTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range sock.Options() {
		if seen[o.Name] || o.Doc == "" || strings.HasSuffix(o.Doc, ".") || o.Name != strings.ToUpper(o.Name) {
			t.Errorf("row %+v: want a name of its own and one line without a period", o)
		}
		seen[o.Name] = true
	}
	for _, name := range []string{
		"SO_REUSEADDR", "SO_BROADCAST", "SO_KEEPALIVE", "SO_LINGER", "SO_RCVBUF", "SO_SNDBUF", "SO_ERROR", "SO_TYPE", "SO_OOBINLINE",
		"TCP_NODELAY", "TCP_MAXSEG", "IP_TTL", "IP_TOS", "IP_MULTICAST_TTL", "IP_MULTICAST_LOOP", "IP_MULTICAST_IF",
		"IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP", "IPV6_V6ONLY", "IPV6_UNICAST_HOPS", "IPV6_JOIN_GROUP", "IPV6_LEAVE_GROUP",
	} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestErrorNamesAreThoseOfTheManual(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		syscall.EOPNOTSUPP:   "EOPNOTSUPP operation not supported",
		syscall.EAGAIN:       "EAGAIN resource temporarily unavailable",
		syscall.EADDRINUSE:   "EADDRINUSE address already in use",
		syscall.ECONNREFUSED: "ECONNREFUSED connection refused",
		syscall.EBADF:        "EBADF bad file descriptor",
	} {
		e := &sock.Error{Op: "test", Errno: errno}
		if got := e.Code() + " " + e.Message(); got != want {
			t.Errorf("error %d is %q, want %q", int(errno), got, want)
		}
	}
	e := &sock.Error{Op: "bind", Addr: loopback(80), Errno: syscall.EACCES}
	if want := "bind 127.0.0.1:80: permission denied (EACCES)"; e.Error() != want {
		t.Errorf("got %q, want %q", e, want)
	}
	if !errors.Is(e, syscall.EACCES) {
		t.Errorf("%v is not %v", e, syscall.EACCES)
	}
}

func TestNamesOfConstants(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{sock.Inet6.String(), "AF_INET6"},
		{sock.Family(99).String(), "AF_99"},
		{sock.Dgram.String(), "SOCK_DGRAM"},
		{sock.Kind(0).String(), "SOCK_0"},
		{sock.ShutdownWrite.String(), "SHUT_WR"},
		{sock.Flags(0).String(), "0"},
		{(sock.Peek | sock.OutOfBand).String(), "MSG_PEEK|MSG_OOB"},
		{sock.FinWait2.String(), "FIN-WAIT-2"},
		{sock.NoState.String(), ""},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestAddressesAreComparableValues(t *testing.T) {
	for _, test := range []struct {
		addr sock.Addr
		want string
	}{
		{loopback(80), "127.0.0.1:80"},
		{sock.InetAddr(netip.MustParseAddr("fe80::1%lo"), 80), "[fe80::1%lo]:80"},
		{sock.InetAddr(netip.MustParseAddr("::ffff:127.0.0.1"), 80), "[::ffff:127.0.0.1]:80"},
		{sock.UnixAddr("/tmp/x"), "/tmp/x"},
		{sock.UnixAddr("\x00x"), "@x"},
		{sock.AnyAddr(sock.Inet6, 5), "[::]:5"},
		{sock.InetAddr(netip.Addr{}, 5), ""},
	} {
		if got := test.addr.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	if loopback(80) != loopback(81).WithPort(80) {
		t.Error("two values of one address differ")
	}
}
