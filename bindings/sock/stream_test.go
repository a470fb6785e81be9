//go:build unix

package sock_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"lunawire/bindings/sock"
)

func TestBindFailsAtBind(t *testing.T) {
	s, addr := bound(t, sock.Stream)
	wantErrno(t, "second bind", s.Bind(loopback(0)), syscall.EINVAL)
	wantErrno(t, "bind to a port in use", open(t, sock.Inet, sock.Stream).Bind(addr), syscall.EADDRINUSE)
	foreign := sock.InetAddr(ip(t, "192.0.2.1"), 0)
	wantErrno(t, "bind to a foreign address", open(t, sock.Inet, sock.Stream).Bind(foreign), syscall.EADDRNOTAVAIL)
	six := sock.AnyAddr(sock.Inet6, 0)
	wantErrno(t, "bind to the wrong family", open(t, sock.Inet, sock.Stream).Bind(six), syscall.EAFNOSUPPORT)
}

func TestPortZeroIsChosenAtBind(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	must(t, s.Bind(loopback(0)))
	if a := localAddr(t, s); a.Port() == 0 || a.Host() != "127.0.0.1" {
		t.Errorf("LocalAddr = %v, want a port of 127.0.0.1", a)
	}
}

func TestListenIsForStreams(t *testing.T) {
	wantErrno(t, "listen on a datagram socket", open(t, sock.Inet, sock.Dgram).Listen(1), syscall.EOPNOTSUPP)
	s := open(t, sock.Inet, sock.Stream)
	_, _, err := s.Accept(background)
	wantErrno(t, "accept without listen", err, syscall.EINVAL)
	must(t, s.Listen(1))
	if a := localAddr(t, s); a.Port() == 0 || !a.IP().IsUnspecified() {
		t.Errorf("LocalAddr after listen without bind = %v, want 0.0.0.0 and a port", a)
	}
}

func TestAcceptTellsThePeer(t *testing.T) {
	l, addr := listener(t, 1)
	c := dial(t, addr)
	s, from, err := l.Accept(background)
	must(t, err)
	defer s.Close()
	if want := localAddr(t, c); from != want || s.KnownPeer() != want {
		t.Errorf("Accept from %v (known %v), want %v", from, s.KnownPeer(), want)
	}
	peer, err := c.PeerAddr()
	if peer != addr || err != nil || c.KnownPeer() != addr {
		t.Errorf("PeerAddr = %v, %v (known %v), want %v", peer, err, c.KnownPeer(), addr)
	}
	if s.KnownLocal() != addr {
		t.Errorf("KnownLocal of the accepted socket = %v, want %v", s.KnownLocal(), addr)
	}
}

// deadPort returns an address of the loopback where nobody listens.
func deadPort(t *testing.T, kind sock.Kind) sock.Addr {
	s, addr := bound(t, kind)
	must(t, s.Close())
	return addr
}

func TestRefusedConnectCanBeRepeatedAndThenSucceed(t *testing.T) {
	dead := deadPort(t, sock.Stream)
	_, alive := listener(t, 1)
	c := open(t, sock.Inet, sock.Stream)
	for range 2 {
		err := c.Connect(background, dead)
		wantErrno(t, "connect to a dead port", err, syscall.ECONNREFUSED)
		if want := "connect " + dead.String() + ": connection refused (ECONNREFUSED)"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	must(t, c.Connect(background, alive))
	wantErrno(t, "connect again", c.Connect(background, alive), syscall.EISCONN)
}

func TestConnectThatTimedOutIsResumed(t *testing.T) {
	l := open(t, sock.Unix, sock.Stream)
	addr := unixPath(t)
	must(t, l.Bind(addr))
	must(t, l.Listen(0))
	dial(t, addr)
	c := open(t, sock.Unix, sock.Stream)
	if err := c.Connect(polling(t), addr); err != os.ErrDeadlineExceeded {
		t.Fatalf("connect to a full queue = %v, want os.ErrDeadlineExceeded", err)
	}
	accept(t, l)
	must(t, c.Connect(background, addr))
}

func TestEndOfStreamIsEOFAndTheOtherHalfStaysOpen(t *testing.T) {
	a, b := tcp(t)
	send(t, a, "bye")
	must(t, a.Shutdown(sock.ShutdownWrite))
	wantRecv(t, b, "bye")
	for range 2 {
		if data, err := b.Recv(background, 10, 0); data != "" || err != io.EOF {
			t.Errorf("Recv at the end = %q, %v; want io.EOF", data, err)
		}
	}
	if data, err := b.Recv(background, 0, 0); data != "" || err != nil {
		t.Errorf("Recv of nothing at the end = %q, %v; want no error", data, err)
	}
	send(t, b, "still here")
	wantRecv(t, a, "still here")
	_, err := a.Send(background, "x", 0)
	wantErrno(t, "send after shutdown", err, syscall.EPIPE)
}

func TestResetIsNotAnEnd(t *testing.T) {
	a, b := tcp(t)
	must(t, a.SetOption("SO_LINGER", sock.Linger{On: true}))
	must(t, a.Close())
	_, err := b.Recv(background, 10, 0)
	wantErrno(t, "recv after a reset", err, syscall.ECONNRESET)
	if _, err := b.Recv(background, 10, 0); err != io.EOF {
		t.Errorf("second recv after a reset: %v, want io.EOF", err)
	}
}

func TestListenerThatClosesResetsItsQueue(t *testing.T) {
	l, addr := listener(t, 1)
	c := dial(t, addr)
	must(t, l.Close())
	_, err := c.Recv(background, 1, 0)
	wantErrno(t, "recv of a queued client", err, syscall.ECONNRESET)
}

func TestSendHandsOverAllOfIt(t *testing.T) {
	a, b := tcp(t)
	data := strings.Repeat("0123456789abcdef", 1<<18) // 4 MiB, more than the buffers hold
	got := make(chan string, 1)
	go func() {
		all, _ := b.Recv(background, len(data), sock.WaitAll)
		got <- all
	}()
	send(t, a, data)
	if all := <-got; all != data {
		t.Errorf("received %d bytes that differ, want the %d sent", len(all), len(data))
	}
	if a.BytesOut() != int64(len(data)) || b.BytesIn() != int64(len(data)) {
		t.Errorf("counted %d out and %d in, want %d", a.BytesOut(), b.BytesIn(), len(data))
	}
}

func TestPolledSendReturnsItsShortCount(t *testing.T) {
	a, b := tcp(t)
	data := strings.Repeat("x", 64<<20)
	n, err := a.Send(polling(t), data, 0)
	if n == 0 || n == len(data) || err != nil {
		t.Fatalf("polled send = %d, %v; want a part and no error", n, err)
	}
	all, err := b.Recv(background, n, sock.WaitAll)
	if len(all) != n || err != nil {
		t.Errorf("received %d, %v; want %d", len(all), err, n)
	}
}

func TestEndedSendCountsWhatWentOut(t *testing.T) {
	a, b := tcp(t)
	data := strings.Repeat("x", 64<<20)
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	n, err := a.Send(ctx, data, 0)
	if n == 0 || err != os.ErrDeadlineExceeded {
		t.Fatalf("send = %d, %v; want a part and os.ErrDeadlineExceeded", n, err)
	}
	must(t, a.Shutdown(sock.ShutdownWrite))
	total := 0
	for {
		data, err := b.Recv(background, 1<<20, 0)
		if err == io.EOF {
			break
		}
		must(t, err)
		total += len(data)
	}
	if total != n {
		t.Errorf("received %d, want the %d that send counted", total, n)
	}
}

func TestFailedSendCountsWhatWentOut(t *testing.T) {
	a, b := tcp(t)
	ctx := newSwitchOff(background)
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		n, err := a.Send(ctx, strings.Repeat("x", 64<<20), 0)
		done <- result{n, err}
	}()
	<-ctx.armed
	must(t, b.SetOption("SO_LINGER", sock.Linger{On: true}))
	must(t, b.Close())
	r := <-done
	var e *sock.Error
	if !errors.As(r.err, &e) || e.Errno != syscall.ECONNRESET || r.n == 0 || e.Sent != r.n {
		t.Errorf("send = %d, %v; want a part, ECONNRESET and the same count in it", r.n, r.err)
	}
}

func TestPeekLeavesTheData(t *testing.T) {
	a, b := tcp(t)
	send(t, a, "look")
	if data, err := b.Recv(background, 10, sock.Peek); data != "look" || err != nil || b.BytesIn() != 0 {
		t.Errorf("peek = %q, %v, %d bytes counted; want %q and none", data, err, b.BytesIn(), "look")
	}
	wantRecv(t, b, "look")
}

func TestUrgentDataIsOutOfTheStream(t *testing.T) {
	a, b := tcp(t)
	send(t, a, "ab")
	if n, err := a.Send(background, "!", sock.OutOfBand); n != 1 || err != nil {
		t.Fatalf("send of urgent data = %d, %v", n, err)
	}
	send(t, a, "cd")
	wantRecv(t, b, "ab")
	if data, err := b.Recv(background, 1, sock.OutOfBand); data != "!" || err != nil {
		t.Errorf("recv of urgent data = %q, %v; want %q", data, err, "!")
	}
	wantRecv(t, b, "cd")
}

func TestWaitAllGivesWhatThereIsAtTheEnd(t *testing.T) {
	a, b := tcp(t)
	send(t, a, "abc")
	must(t, a.Close())
	if data, err := b.Recv(background, 10, sock.WaitAll); data != "abc" || err != nil {
		t.Errorf("got %q, %v; want %q", data, err, "abc")
	}
	if _, err := b.Recv(background, 10, sock.WaitAll); err != io.EOF {
		t.Errorf("got %v, want io.EOF", err)
	}
}

// TestWaitAllGivesWhatThereIsWhenSomethingElseEndsIt fails if what has come is
// lost or comes twice when a deadline, a poll or a reset ends the call.
func TestWaitAllGivesWhatThereIsWhenSomethingElseEndsIt(t *testing.T) {
	ends := map[string]func(a *sock.Socket) context.Context{
		"deadline": func(*sock.Socket) context.Context {
			ctx, cancel := context.WithTimeout(background, 30*time.Millisecond)
			t.Cleanup(cancel)
			return ctx
		},
		"poll": func(*sock.Socket) context.Context { return polling(t) },
		"reset": func(a *sock.Socket) context.Context {
			ctx := newSwitchOff(background)
			go func() {
				<-ctx.armed // the receiver waits for more
				a.SetOption("SO_LINGER", sock.Linger{On: true})
				a.Close()
			}()
			return ctx
		},
	}
	receive := map[string]func(ctx context.Context, b *sock.Socket) (string, int, error){
		"Recv": func(ctx context.Context, b *sock.Socket) (string, int, error) {
			data, err := b.Recv(ctx, 10, sock.WaitAll)
			return data, len(data), err
		},
		"RecvFrom": func(ctx context.Context, b *sock.Socket) (string, int, error) {
			data, _, full, err := b.RecvFrom(ctx, 10, sock.WaitAll)
			return data, full, err
		},
		"RecvInto": func(ctx context.Context, b *sock.Socket) (string, int, error) {
			p := make([]byte, 10)
			n, err := b.RecvInto(ctx, p, sock.WaitAll)
			return string(p[:n]), n, err
		},
	}
	for how, end := range ends {
		for name, call := range receive {
			d := new(diary)
			a, b := tcp(t)
			b.Observe(d)
			send(t, a, "abc")
			if data, n, err := call(end(a), b); data != "abc" || n != 3 || err != nil {
				t.Errorf("%s ended by a %s: %q, %d, %v; want what there is", name, how, data, n, err)
			}
			if c := d.calls[len(d.calls)-1]; c.N != 3 || c.Args.Data != "abc" || c.Args.Len != 10 {
				t.Errorf("%s ended by a %s: observed %+v", name, how, c)
			}
		}
	}
}

func TestWaitAllCollectsParts(t *testing.T) {
	a, b := tcp(t)
	ctx := newSwitchOff(background)
	got := make(chan string, 1)
	go func() {
		p := make([]byte, 4)
		n, _ := b.RecvInto(ctx, p, sock.WaitAll)
		got <- string(p[:n])
	}()
	<-ctx.armed
	send(t, a, "ab")
	<-ctx.armed
	send(t, a, "cd")
	if data := <-got; data != "abcd" {
		t.Errorf("got %q, want %q", data, "abcd")
	}
}

func TestDontWaitFailsWithEAGAIN(t *testing.T) {
	a, _ := tcp(t)
	_, err := a.Recv(background, 1, sock.DontWait)
	wantErrno(t, "recv", err, syscall.EAGAIN)
}

func TestHugeSizesCostNothing(t *testing.T) {
	a, b := tcp(t)
	send(t, a, "x")
	if data, err := b.Recv(background, math.MaxInt, 0); data != "x" || err != nil {
		t.Errorf("got %q, %v; want %q", data, err, "x")
	}
	_, err := b.Recv(background, -1, 0)
	wantErrno(t, "recv(-1)", err, syscall.EINVAL)
}

func TestSendFileSendsARange(t *testing.T) {
	a, b := tcp(t)
	f := file(t, "0123456789")
	for _, test := range []struct {
		offset, count int64
		want          string
	}{{2, 3, "234"}, {7, 100, "789"}, {0, -1, "0123456789"}, {4, 0, ""}, {99, -1, ""}} {
		n, err := a.SendFile(background, f, test.offset, test.count)
		if n != int64(len(test.want)) || err != nil {
			t.Errorf("SendFile(%d, %d) = %d, %v; want %d", test.offset, test.count, n, err, len(test.want))
		}
		if test.want == "" {
			continue
		}
		if data, _ := b.Recv(background, len(test.want), sock.WaitAll); data != test.want {
			t.Errorf("SendFile(%d, %d) sent %q, want %q", test.offset, test.count, data, test.want)
		}
	}
	if at, err := f.Seek(0, io.SeekCurrent); at != 10 || err != nil {
		t.Errorf("the file stands at %d, %v; want 10 as before", at, err)
	}
}

func TestSelfConnectSucceeds(t *testing.T) {
	s, addr := bound(t, sock.Stream)
	must(t, s.Connect(background, addr))
	send(t, s, "echo")
	wantRecv(t, s, "echo")
}

func TestClosedSocketAnswersEBADF(t *testing.T) {
	s := open(t, sock.Inet, sock.Stream)
	must(t, s.Close())
	_, err := s.Recv(background, 1, 0)
	wantErrno(t, "recv", err, syscall.EBADF)
	_, err = s.Send(background, "x", 0)
	wantErrno(t, "send", err, syscall.EBADF)
	wantErrno(t, "bind", s.Bind(loopback(0)), syscall.EBADF)
	wantErrno(t, "connect", s.Connect(background, loopback(1)), syscall.EBADF)
	_, err = s.LocalAddr()
	wantErrno(t, "getsockname", err, syscall.EBADF)
	_, err = s.GetOption("SO_TYPE")
	wantErrno(t, "getsockopt", err, syscall.EBADF)
	_, _, err = sock.Select(polling(t), []*sock.Socket{s}, nil)
	wantErrno(t, "select", err, syscall.EBADF)
}

// TestLingeringCloseLetsOthersRun fails if a close that waits for its data to be
// sent keeps the processor from the one who is to receive them: here there is one.
// The scheduler would end such a wait with a signal, and close would be too early.
func TestLingeringCloseLetsOthersRun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	l, addr := listener(t, 1)
	must(t, l.SetOption("SO_LINGER", sock.Linger{On: true, Seconds: 60})) // accepted connections inherit it
	peer := dial(t, addr)
	conn, _, err := l.Accept(background)
	must(t, err)
	sent := 0
	for {
		n, err := conn.Send(polling(t), strings.Repeat("x", 1<<20), 0)
		if sent += n; err != nil || n < 1<<20 {
			break
		}
	}
	closed := make(chan error, 1)
	go func() { closed <- conn.Close() }()
	for range 100 { // close is first, and gets as far as it can
		runtime.Gosched()
	}
	select {
	case <-closed:
		t.Fatal("close did not wait for its data to be sent")
	default:
	}
	if data, err := peer.Recv(background, sent, sock.WaitAll); len(data) != sent || err != nil {
		t.Errorf("%d bytes of %d, %v", len(data), sent, err)
	}
	must(t, <-closed)
}
