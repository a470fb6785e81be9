//go:build unix

package sock_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

func TestCancelsAndDeadlinesLoseNoByte(t *testing.T) {
	a, b := tcp(t)
	const total = 20000
	var senders sync.WaitGroup
	senders.Go(func() {
		for sent := 0; sent < total; {
			n, _ := a.Send(background, strings.Repeat("x", min(7, total-sent)), 0)
			sent += n
		}
		a.Shutdown(sock.ShutdownWrite)
	})
	defer senders.Wait()
	got := 0
	for i := 0; ; i++ {
		data, err := b.Recv(restless(t, i), 5, 0)
		got += len(data)
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, context.Canceled) && err != os.ErrDeadlineExceeded {
			t.Fatal(err)
		}
	}
	if got != total {
		t.Errorf("received %d bytes, want %d", got, total)
	}
}

// restless returns contexts that end at about the time that data comes.
func restless(t *testing.T, i int) context.Context {
	switch i % 4 {
	case 0:
		ctx := newSwitchOff(background)
		go ctx.off()
		return ctx
	case 1:
		ctx, cancel := context.WithCancel(background)
		go cancel()
		return ctx
	case 2:
		ctx, cancel := context.WithTimeout(background, time.Duration(i%50)*time.Microsecond)
		context.AfterFunc(ctx, cancel)
		return ctx
	}
	return background
}

func TestReadersUnderCancelsShareAStream(t *testing.T) {
	a, b := tcp(t)
	const total, readers = 5000, 4
	counts := make(chan int, readers)
	for r := range readers {
		go func() {
			n := 0
			for i := r; ; i++ {
				data, err := b.Recv(restless(t, i), 3, 0)
				n += len(data)
				if err == io.EOF {
					counts <- n
					return
				}
			}
		}()
	}
	for range total {
		send(t, a, "x")
	}
	must(t, a.Shutdown(sock.ShutdownWrite))
	got := 0
	for range readers {
		got += <-counts
	}
	if got != total {
		t.Errorf("received %d bytes, want %d", got, total)
	}
}

func TestCloseAtAnyTimeIsSafe(t *testing.T) {
	for i := range 200 {
		a, b := pair(t, sock.Stream)
		var calls sync.WaitGroup
		for range 2 {
			calls.Go(func() { wantOver(t, second(a.Recv(background, 10, 0))) })
			calls.Go(func() { wantOver(t, second(a.Send(background, "hello", 0))) })
			calls.Go(func() { wantOver(t, third(sock.Select(background, []*sock.Socket{a}, nil))) })
			calls.Go(func() { wantOver(t, second(a.GetOption("SO_TYPE"))) })
			calls.Go(func() { a.Close() })
		}
		if i%2 == 0 {
			calls.Go(func() { b.Send(background, "hello", 0) })
		}
		calls.Wait()
		b.Close()
	}
}

func second[A any](_ A, err error) error { return err }

func third[A, B any](_ A, _ B, err error) error { return err }

// wantOver checks that a call on a socket that is being closed succeeded or got EBADF.
func wantOver(t *testing.T, err error) {
	if err != nil && !errors.Is(err, syscall.EBADF) {
		t.Errorf("got %v, want EBADF or success", err)
	}
}

func TestManySocketsWaitCheaplyAndAllWake(t *testing.T) {
	const waiters = 500
	type end struct{ near, far *sock.Socket }
	ends := make([]end, waiters)
	got := make(chan string, waiters)
	for i := range ends {
		ends[i].near, ends[i].far = pair(t, sock.Dgram)
		ctx := newSwitchOff(background)
		go func() {
			data, _ := ends[i].near.Recv(ctx, 65536, 0)
			got <- data
		}()
		<-ctx.armed
	}
	for _, e := range ends {
		send(t, e.far, "wake")
	}
	for range ends {
		if data := <-got; data != "wake" {
			t.Errorf("got %q, want %q", data, "wake")
		}
	}
}

func TestSelectReturnsThoseThatAreReady(t *testing.T) {
	quietA, quietB := tcp(t)
	a, b := tcp(t)
	stuck, _ := full(t)
	send(t, b, "x")
	r, w, err := sock.Select(background, []*sock.Socket{quietA, a, quietB}, []*sock.Socket{stuck, b})
	if err != nil || len(r) > 1 || len(r) == 1 && r[0] != a || len(w) != 1 || w[0] != b {
		t.Errorf("Select = %v, %v, %v; want what can be done", r, w, err)
	}
	must(t, quietB.Close())
	r, _, err = sock.Select(background, []*sock.Socket{quietA}, nil)
	if err != nil || len(r) != 1 {
		t.Errorf("Select at the end of a stream = %v, %v; want it readable", r, err)
	}
	if _, _, err := sock.Select(polling(t), nil, nil); err != os.ErrDeadlineExceeded {
		t.Errorf("Select of nothing: %v, want os.ErrDeadlineExceeded", err)
	}
}
