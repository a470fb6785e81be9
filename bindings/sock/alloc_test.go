//go:build unix && !race

package sock_test

import (
	"context"
	"math"
	"os"
	"testing"

	"lunawire/bindings/sock"
)

// wantAllocs checks how often f allocates, once it is warm.
func wantAllocs(t *testing.T, want float64, f func()) {
	t.Helper()
	for range 10 {
		f()
	}
	if got := testing.AllocsPerRun(200, f); got != want {
		t.Errorf("%s: %v allocations, want %v", t.Name(), got, want)
	}
}

func TestDatagramCallsAllocateNothing(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	p := make([]byte, 64)
	wantAllocs(t, 0, func() {
		a.SendTo(background, "ping", addrB, 0)
		if n, from, _, err := b.RecvFromInto(background, p, 0); n != 4 || from != addrA || err != nil {
			t.Fatal(n, from, err)
		}
	})
}

func TestStreamCallsAllocateNothing(t *testing.T) {
	a, b := tcp(t)
	p := make([]byte, 64)
	wantAllocs(t, 0, func() {
		a.Send(background, "ping", 0)
		if n, err := b.RecvInto(background, p, 0); n != 4 || err != nil {
			t.Fatal(n, err)
		}
	})
}

func TestRecvAllocatesItsStringOnly(t *testing.T) {
	a, b := tcp(t)
	wantAllocs(t, 1, func() {
		a.Send(background, "ping", 0)
		if data, err := b.Recv(background, math.MaxInt, 0); data != "ping" || err != nil {
			t.Fatal(data, err)
		}
	})
}

func TestRecvFromAllocatesItsStringOnly(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	wantAllocs(t, 1, func() {
		a.SendTo(background, "ping", addrB, 0)
		if data, from, _, err := b.RecvFrom(background, 1024, 0); data != "ping" || from != addrA || err != nil {
			t.Fatal(data, from, err)
		}
	})
}

func TestWaitingUnderACancelerAllocatesNothing(t *testing.T) {
	a, b := tcp(t)
	p := make([]byte, 64)
	ctx := newSwitchOff(background)
	echo := make(chan struct{})
	go func() {
		defer close(echo)
		q := make([]byte, 64)
		for {
			n, err := b.RecvInto(background, q, 0)
			if err != nil {
				return
			}
			b.Send(background, "pong"[:n], 0)
		}
	}()
	wantAllocs(t, 0, func() {
		a.Send(ctx, "ping", 0)
		if n, err := a.RecvInto(ctx, p, 0); n != 4 || err != nil {
			t.Fatal(n, err)
		}
	})
	a.Close()
	<-echo
}

func TestPollingAllocatesNothing(t *testing.T) {
	a, _ := tcp(t)
	ctx := polling(t)
	p := make([]byte, 64)
	wantAllocs(t, 0, func() {
		if _, err := a.RecvInto(ctx, p, 0); err != os.ErrDeadlineExceeded {
			t.Fatal(err)
		}
	})
}

// silent observes without a trace.
type silent struct{ calls int }

func (o *silent) Called(c *sock.Call) { o.calls++ }

func TestObservedCallsAllocateNothing(t *testing.T) {
	a, b, _, addrB := udp(t)
	o := new(silent)
	a.Observe(o)
	b.Observe(o)
	p := make([]byte, 64)
	ctx := context.Background()
	wantAllocs(t, 0, func() {
		a.SendTo(ctx, "ping", addrB, 0)
		b.RecvFromInto(ctx, p, 0)
	})
	if o.calls == 0 {
		t.Error("the observer saw nothing")
	}
}
