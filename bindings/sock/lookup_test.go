//go:build unix

package sock_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"lunawire/bindings/sock"
)

func TestLookupOfHostsThatNeedNoResolver(t *testing.T) {
	for _, test := range []struct {
		host, service string
		family        sock.Family
		want          string
	}{
		{"127.0.0.1", "80", sock.Inet, "127.0.0.1:80"},
		{"127.1", "80", sock.Inet, "127.0.0.1:80"},
		{"0x7f.1", "http", sock.Unspec, "127.0.0.1:80"},
		{"", "0", sock.Inet, "0.0.0.0:0"},
		{"*", "", sock.Inet6, "[::]:0"},
		{"<broadcast>", "9", sock.Inet, "255.255.255.255:9"},
		{"fe80::1%lo", "1", sock.Inet6, "[fe80::1%lo]:1"},
		{"::ffff:10.0.0.1", "1", sock.Inet6, "[::ffff:10.0.0.1]:1"},
		{"localhost", "1", sock.Inet, "127.0.0.1:1"},
		{"localhost", "1", sock.Inet6, "[::1]:1"},
	} {
		got, err := sock.LookupAddrs(background, test.host, test.service, test.family, sock.Stream)
		if err != nil || len(got) == 0 || got[0].String() != test.want {
			t.Errorf("LookupAddrs(%q, %q, %v) = %v, %v; want %v", test.host, test.service, test.family, got, err, test.want)
		}
	}
}

func TestLookupsThatFailSayWhy(t *testing.T) {
	for _, test := range []struct {
		host, service string
		family        sock.Family
		code          string
	}{
		{"127.0.0.1", "80", sock.Inet6, "EAI_FAMILY"},
		{"::1", "80", sock.Inet, "EAI_FAMILY"},
		{"127.0.0.1", "no-such-service", sock.Inet, "EAI_SERVICE"},
		{"127.0.0.1", "70000", sock.Inet, "EAI_SERVICE"},
		{"localhost", "1", sock.Unix, "EAI_FAMILY"},
		{"a name with spaces", "1", sock.Inet, "EAI_NONAME"},
	} {
		_, err := sock.LookupAddrs(background, test.host, test.service, test.family, sock.Stream)
		var e *sock.LookupError
		if !errors.As(err, &e) || e.Code() != test.code || e.Message() == "" {
			t.Errorf("LookupAddrs(%q, %q, %v): %v, want %s", test.host, test.service, test.family, err, test.code)
		}
	}
}

func TestLookupUnderACancelledContextDoesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := sock.LookupAddrs(ctx, "localhost", "1", sock.Inet, sock.Stream); !errors.Is(err, context.Canceled) {
		t.Errorf("LookupAddrs: %v, want context.Canceled", err)
	}
	off := newSwitchOff(background)
	off.off()
	if _, _, err := sock.LookupName(off, loopback(80), sock.Stream); err != errSwitchedOff {
		t.Errorf("LookupName: %v, want %v", err, errSwitchedOff)
	}
}

func TestServicesHaveNamesAndNumbers(t *testing.T) {
	if port, err := sock.LookupPort("domain", sock.Dgram); port != 53 || err != nil {
		t.Errorf("LookupPort(domain) = %d, %v; want 53", port, err)
	}
	if name, ok := sock.ServiceName(443, sock.Stream); name != "https" || !ok {
		t.Errorf("ServiceName(443) = %q, %v; want https", name, ok)
	}
	if name, ok := sock.ServiceName(1, sock.Kind(0)); ok && name == "" {
		t.Error("a service without a name")
	}
}

func TestNumericFormsOfIPv4(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1": "127.0.0.1", "127.1": "127.0.0.1", "1": "0.0.0.1", "0x7f000001": "127.0.0.1", "010.1.2.3": "8.1.2.3",
		"1.2.65535": "1.2.255.255", "4294967295": "255.255.255.255",
		"": "", "256.1.1.1": "", "1.2.3.4.5": "", "1.2.3.": "", "-1": "", "1.2.65536": "", "08": "", "0x": "", "1_0": "", "a": "", "4294967296": "",
	} {
		got := ""
		if ip, ok := sock.InetAton(text); ok {
			got = sock.InetNtoa(ip)
		}
		if got != want {
			t.Errorf("InetAton(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPackedAddresses(t *testing.T) {
	for _, test := range []struct {
		family       sock.Family
		text, packed string
	}{
		{sock.Inet, "127.0.0.1", "\x7f\x00\x00\x01"},
		{sock.Inet6, "::1", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"},
	} {
		if got, err := sock.InetPton(test.family, test.text); got != test.packed || err != nil {
			t.Errorf("InetPton(%q) = %q, %v; want %q", test.text, got, err, test.packed)
		}
		if got, err := sock.InetNtop(test.family, test.packed); got != test.text || err != nil {
			t.Errorf("InetNtop(%q) = %q, %v; want %q", test.packed, got, err, test.text)
		}
	}
	for _, bad := range []string{"127.1", "::1", "", "127.0.0.1 "} {
		if got, err := sock.InetPton(sock.Inet, bad); err == nil {
			t.Errorf("InetPton(%q) = %q, want an error", bad, got)
		}
	}
	if got, err := sock.InetNtop(sock.Inet6, "\x7f\x00\x00\x01"); err == nil {
		t.Errorf("InetNtop of four bytes for IPv6 = %q, want an error", got)
	}
}

func TestByteOrdersUndoEachOther(t *testing.T) {
	if got := sock.Ntohs(sock.Htons(0x1234)); got != 0x1234 {
		t.Errorf("got %#x, want 0x1234", got)
	}
	if got := sock.Ntohl(sock.Htonl(0x12345678)); got != 0x12345678 {
		t.Errorf("got %#x, want 0x12345678", got)
	}
}

func ExampleSocket() {
	ctx := context.Background()
	listener, err := sock.Open(sock.Inet, sock.Stream, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer listener.Close()
	addrs, _ := sock.LookupAddrs(ctx, "127.0.0.1", "0", sock.Inet, sock.Stream)
	listener.Bind(addrs[0])
	listener.Listen(10)
	server, _ := listener.LocalAddr()

	client, _ := sock.Open(sock.Inet, sock.Stream, 0)
	defer client.Close()
	if err := client.Connect(ctx, server); err != nil {
		fmt.Println(err)
		return
	}
	conn, _, _ := listener.Accept(ctx)
	defer conn.Close()
	client.Send(ctx, "hello", 0)
	data, _ := conn.Recv(ctx, 1024, 0)
	fmt.Println(data)
	// Output: hello
}
