//go:build unix

package sock_test

import (
	"syscall"
	"testing"

	"lunawire/bindings/sock"
)

// forbidden is an observer that nobody may call.
type forbidden struct{ t *testing.T }

func (f forbidden) Called(c *sock.Call) { f.t.Errorf("%s was observed", c.Name) }

func TestStatusTellsAddressesAndReadinessUnobserved(t *testing.T) {
	s := open(t, sock.Inet, sock.Dgram)
	s.Observe(forbidden{t})
	if got, want := s.Status(), (sock.Status{Local: s.Status().Local, Readiness: sock.Readiness{Writable: true}}); got != want || got.Local.Port() != 0 {
		t.Errorf("of a new socket: got %+v, want %+v", got, want)
	}
	s.Observe(nil)
	client, server := tcp(t)
	if got, want := client.Status().Peer, localAddr(t, server); got != want {
		t.Errorf("got peer %v, want %v", got, want)
	}
	if got, want := server.Status().Readiness, (sock.Readiness{Writable: true}); got != want {
		t.Errorf("with nothing to read: got %+v, want %+v", got, want)
	}
	_, err := client.Send(background, "!", sock.Flags(syscall.MSG_OOB))
	must(t, err)
	for !server.Status().Exceptional { // until the urgent byte is through
	}
	_, err = client.Send(background, "x", 0)
	must(t, err)
	for !server.Status().Readable {
	}
	must(t, server.Close())
	if got := server.Status(); got != (sock.Status{}) {
		t.Errorf("of a closed socket: got %+v", got)
	}
}
