//go:build unix

package sock_test

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

// useNameServer makes lookups ask a name server at addr; each question leaves a token.
func useNameServer(t *testing.T, addr sock.Addr) (asked <-chan struct{}) {
	t.Helper()
	questions := make(chan struct{}, 16)
	t.Cleanup(sock.UseDialer(func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, "udp", addr.String())
		select {
		case questions <- struct{}{}:
		default:
		}
		return conn, err
	}))
	return questions
}

// useSilentNameServer makes them ask one that never answers.
func useSilentNameServer(t *testing.T) (asked <-chan struct{}) {
	t.Helper()
	_, addr := bound(t, sock.Dgram)
	return useNameServer(t, addr)
}

func TestLookupObeysCancels(t *testing.T) {
	asked := useSilentNameServer(t)
	ctx := newSwitchOff(background)
	done := make(chan error, 1)
	go func() { done <- second(sock.LookupAddrs(ctx, "host.invalid.", "80", sock.Inet, sock.Stream)) }()
	<-asked
	ctx.off()
	if err := <-done; err != errSwitchedOff {
		t.Errorf("got %v, want %v", err, errSwitchedOff)
	}

	asked = useSilentNameServer(t) // another one, which the first lookup never asked
	plain, cancel := context.WithCancel(background)
	go func() { done <- third(sock.LookupName(plain, sock.InetAddr(ip(t, "192.0.2.7"), 80), sock.Stream)) }()
	<-asked
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestLookupObeysItsDeadline(t *testing.T) {
	useSilentNameServer(t)
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	if _, err := sock.LookupAddrs(ctx, "host.invalid.", "80", sock.Inet, sock.Stream); err != os.ErrDeadlineExceeded {
		t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
	}
}

func TestNameServerThatCannotBeReachedIsTemporary(t *testing.T) {
	useNameServer(t, deadPort(t, sock.Dgram))
	_, err := sock.LookupAddrs(background, "host.invalid.", "80", sock.Inet, sock.Stream)
	var e *sock.LookupError
	if !errors.As(err, &e) || e.Code() != "EAI_AGAIN" {
		t.Fatalf("got %v, want EAI_AGAIN", err)
	}
	if want := "getaddrinfo host.invalid.: temporary failure in name resolution (EAI_AGAIN)"; e.Error() != want {
		t.Errorf("got %q, want %q", e, want)
	}
}

func TestNamesOfAddresses(t *testing.T) {
	useNameServer(t, deadPort(t, sock.Dgram))
	host, service, err := sock.LookupName(background, sock.InetAddr(ip(t, "192.0.2.7"), 80), sock.Stream)
	if host != "192.0.2.7" || service != "http" || err != nil {
		t.Errorf("LookupName = %q, %q, %v; want the number and http", host, service, err)
	}
	_, _, err = sock.LookupName(background, sock.UnixAddr("/tmp/x"), sock.Stream)
	var e *sock.LookupError
	if !errors.As(err, &e) || e.Code() != "EAI_FAMILY" {
		t.Errorf("LookupName of a path: %v, want EAI_FAMILY", err)
	}
}
