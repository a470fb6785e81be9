//go:build unix

package sock_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

// eachWait runs a test for each call that may wait.
func eachWait(t *testing.T, test func(t *testing.T, w waiting)) {
	for name, situation := range waits {
		t.Run(name, func(t *testing.T) { test(t, situation(t)) })
	}
}

// wantGoesOn checks that an ended wait lost nothing: the same call still succeeds.
func wantGoesOn(t *testing.T, w waiting) {
	t.Helper()
	if w.ready == nil {
		return
	}
	w.ready()
	ctx, cancel := context.WithTimeout(background, 5*time.Second)
	defer cancel()
	if err := w.call(ctx); err != nil {
		t.Errorf("call after the wait ended: %v", err)
	}
}

func TestCallUnderACancelledContextDoesNothing(t *testing.T) {
	eachWait(t, func(t *testing.T, w waiting) {
		ctx, cancel := context.WithCancel(background)
		cancel()
		if err := w.call(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		off := newSwitchOff(background)
		off.off()
		if err := w.call(off); !errors.Is(err, errSwitchedOff) {
			t.Errorf("got %v, want %v", err, errSwitchedOff)
		}
		wantGoesOn(t, w)
	})
}

func TestCancelledContextConsumesNoData(t *testing.T) {
	a, b := tcp(t)
	send(t, b, "kept")
	ctx, cancel := context.WithCancel(background)
	cancel()
	if data, err := a.Recv(ctx, 10, 0); data != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("Recv = %q, %v; want nothing and context.Canceled", data, err)
	}
	wantRecv(t, a, "kept")
}

func TestCancelEndsAWait(t *testing.T) {
	eachWait(t, func(t *testing.T, w waiting) {
		inner, cancel := context.WithCancel(background)
		ctx := newTelling(inner)
		done := make(chan error, 1)
		go func() { done <- w.call(ctx) }()
		<-ctx.asked
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		wantGoesOn(t, w)
	})
}

func TestCancelerEndsAWait(t *testing.T) {
	eachWait(t, func(t *testing.T, w waiting) {
		ctx := newSwitchOff(background)
		done := make(chan error, 1)
		go func() { done <- w.call(ctx) }()
		<-ctx.armed
		ctx.off()
		if err := <-done; err != errSwitchedOff {
			t.Errorf("got %v, want %v itself", err, errSwitchedOff)
		}
		wantGoesOn(t, w)
	})
}

func TestCauseOfACancelIsTold(t *testing.T) {
	a, _ := tcp(t)
	cause := errors.New("enough")
	inner, cancel := context.WithCancelCause(background)
	ctx := newTelling(inner)
	go func() {
		<-ctx.asked
		cancel(cause)
	}()
	_, err := a.Recv(ctx, 1, 0)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, cause) {
		t.Errorf("got %v, want context.Canceled and %v", err, cause)
	}
}

func TestDeadlineThatHasPassedMeansOneTry(t *testing.T) {
	eachWait(t, func(t *testing.T, w waiting) {
		if err := w.call(polling(t)); err != os.ErrDeadlineExceeded {
			t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
		}
		wantGoesOn(t, w)
	})
}

func TestDeadlineEndsAWait(t *testing.T) {
	eachWait(t, func(t *testing.T, w waiting) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
		defer cancel()
		if err := w.call(ctx); err != os.ErrDeadlineExceeded {
			t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
		}
		if took := time.Since(start); took < 10*time.Millisecond {
			t.Errorf("gave up after %v, want 10ms", took)
		}
		wantGoesOn(t, w)
	})
}

func TestPollingTakesWhatIsThere(t *testing.T) {
	a, b := tcp(t)
	send(t, b, "here")
	if _, _, err := sock.Select(background, []*sock.Socket{a}, nil); err != nil {
		t.Fatal(err)
	}
	if data, err := a.Recv(polling(t), 10, 0); data != "here" || err != nil {
		t.Errorf("Recv = %q, %v; want %q", data, err, "here")
	}
}

func TestCloseEndsAllWaits(t *testing.T) {
	l, _ := listener(t, 1)
	results := make(chan error, 3)
	for range cap(results) { // one waits on the system, the others for their turn
		ctx := newSwitchOff(background)
		go func() {
			_, _, err := l.Accept(ctx)
			results <- err
		}()
		<-ctx.armed
	}
	must(t, l.Close())
	for range cap(results) {
		wantErrno(t, "Accept", <-results, syscall.EBADF)
	}
	_, _, err := l.Accept(background)
	wantErrno(t, "Accept after Close", err, syscall.EBADF)
	must(t, l.Close())
	if fd := l.Fd(); fd != -1 {
		t.Errorf("Fd after Close = %d, want -1", fd)
	}
}

func TestCloseEndsASelect(t *testing.T) {
	a, _ := tcp(t)
	ctx := newSwitchOff(background)
	done := make(chan error, 1)
	go func() {
		_, _, err := sock.Select(ctx, []*sock.Socket{a}, nil)
		done <- err
	}()
	<-ctx.armed
	must(t, a.Close())
	wantErrno(t, "Select", <-done, syscall.EBADF)
}

func TestPortIsFreeWhenCloseReturns(t *testing.T) {
	l, addr := listener(t, 1)
	ctx := newSwitchOff(background)
	done := make(chan struct{})
	go func() {
		l.Accept(ctx)
		close(done)
	}()
	<-ctx.armed
	must(t, l.Close())
	must(t, open(t, sock.Inet, sock.Stream).Bind(addr))
	<-done
}

func TestCallsTakeTurns(t *testing.T) {
	a, b := tcp(t)
	got := make(chan string, 3)
	for range cap(got) {
		ctx := newSwitchOff(background)
		go func() {
			data, _ := a.Recv(ctx, 1, 0)
			got <- data
		}()
		<-ctx.armed
	}
	for _, want := range []string{"1", "2", "3"} {
		send(t, b, want)
		if data := <-got; data != want {
			t.Errorf("got %q, want %q", data, want)
		}
	}
}
