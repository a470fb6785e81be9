//go:build unix

package sock_test

import (
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"lunawire/bindings/sock"
)

// diary writes down the calls that it is told of.
type diary struct {
	mu    sync.Mutex
	calls []sock.Call
}

func (d *diary) Called(c *sock.Call) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := *c
	kept.Args.Data = strings.Clone(c.Args.Data)
	d.calls = append(d.calls, kept)
}

// last returns the last call, which has to be of that name.
func (d *diary) last(t *testing.T, name string) sock.Call {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.calls) == 0 || d.calls[len(d.calls)-1].Name != name {
		t.Fatalf("%d calls, the last one %+v; want %s", len(d.calls), d.calls[max(0, len(d.calls)-1):], name)
	}
	c := d.calls[len(d.calls)-1]
	if c.Start.IsZero() || c.End.Before(c.Start) {
		t.Errorf("%s ran from %v to %v", name, c.Start, c.End)
	}
	return c
}

func TestObserverSeesEachCallOnce(t *testing.T) {
	d := new(diary)
	l := open(t, sock.Inet, sock.Stream)
	l.Observe(d)
	must(t, l.Bind(loopback(0)))
	if c := d.last(t, "bind"); c.Socket != l || c.Args.Addr != loopback(0) || c.N != 0 || c.Err != nil || c.Ctx != nil {
		t.Errorf("bind: %+v", c)
	}
	must(t, l.Listen(7))
	if c := d.last(t, "listen"); c.Args.Len != 7 {
		t.Errorf("listen: %+v", c)
	}
	addr := localAddr(t, l)
	ctx := newSwitchOff(background)
	type accepted struct {
		s   *sock.Socket
		err error
	}
	done := make(chan accepted, 1)
	go func() {
		s, _, err := l.Accept(ctx)
		done <- accepted{s, err}
	}()
	<-ctx.armed
	client := dial(t, addr)
	got := <-done
	must(t, got.err)
	server := got.s
	defer server.Close()
	c := d.last(t, "accept")
	if c.Ctx != ctx || c.Accepted != server || c.Args.Addr != localAddr(t, client) || c.N != server.Fd() || c.Socket.KnownLocal() != addr {
		t.Errorf("accept: %+v", c)
	}
	if len(d.calls) != 4 {
		t.Errorf("%d calls, want bind, listen, getsockname, accept: %+v", len(d.calls), d.calls)
	}

	send(t, client, "hello")
	wantRecv(t, server, "hello") // which inherited the observer
	c = d.last(t, "recv")
	if c.Socket != server || c.Args.Data != "hello" || c.N != 5 || c.Args.Len != 1024 || c.Socket.KnownPeer() != localAddr(t, client) || c.Socket.KnownLocal() != addr {
		t.Errorf("recv: %+v", c)
	}
	if _, err := server.Recv(polling(t), 10, 0); err != os.ErrDeadlineExceeded {
		t.Fatal(err)
	}
	if c = d.last(t, "recv"); c.N != -1 || c.Err != os.ErrDeadlineExceeded {
		t.Errorf("recv without data: %+v", c)
	}
	must(t, client.Close())
	p := make([]byte, 10)
	server.RecvInto(background, p, 0)
	if c = d.last(t, "recv"); c.N != 0 || c.Err != io.EOF {
		t.Errorf("recv at the end: %+v", c)
	}
	must(t, server.SetOption("TCP_NODELAY", true))
	if c = d.last(t, "setsockopt"); c.Args.Option != "TCP_NODELAY" || c.Args.Value != true {
		t.Errorf("setsockopt: %+v", c)
	}
	must(t, server.Close())
	must(t, server.Close())
	if c = d.last(t, "close"); c.Socket != server || c.N != 0 {
		t.Errorf("close: %+v", c)
	}
}

func TestObserverSeesDatagrams(t *testing.T) {
	a, b, addrA, addrB := udp(t)
	d := new(diary)
	a.Observe(d)
	b.Observe(d)
	sendTo(t, a, "hello world", addrB)
	if c := d.last(t, "sendto"); c.N != 11 || c.Args.Data != "hello world" || c.Args.Addr != addrB || c.Socket.KnownLocal() != addrA {
		t.Errorf("sendto: %+v", c)
	}
	p := make([]byte, 4)
	b.RecvFromInto(background, p, 0)
	if c := d.last(t, "recvfrom"); c.N != 4 || c.Full <= 4 || c.Args.Data != "hell" || c.Args.Addr != addrA {
		t.Errorf("recvfrom: %+v", c)
	}
	_, err := a.SendTo(background, "x", loopback(0), 0)
	if c := d.last(t, "sendto"); c.N != -1 || c.Err != err {
		t.Errorf("failed sendto: %+v", c)
	}
	wantErrno(t, "sendto", err, syscall.EINVAL)
}

func TestObserverOfARefusedCall(t *testing.T) {
	d := new(diary)
	a, b := tcp(t)
	a.Observe(d)
	b.Send(background, "ping", 0)
	if _, err := a.Recv(background, 4, 0); err != nil {
		t.Fatal(err)
	}
	for _, refused := range []struct {
		call func() error
		want sock.Call
	}{
		{func() error { _, err := a.Recv(background, -1, 0); return err }, sock.Call{Name: "recv", Args: sock.Args{Len: -1}}},
		{func() error { a.Close(); _, err := a.Recv(background, 4, 0); return err }, sock.Call{Name: "recv", Args: sock.Args{Len: 4}}},
		{func() error { _, err := a.Send(background, "x", 0); return err }, sock.Call{Name: "send", Args: sock.Args{Len: 1, Data: "x"}}},
	} {
		err := refused.call()
		c := d.last(t, refused.want.Name)
		if err == nil || c.Err != err || c.N != -1 || c.Args != refused.want.Args {
			t.Errorf("%v: %+v", err, c)
		}
	}
}

// TestObserverSeesTheOrderOfSends fails if two goroutines that send on one
// socket are told of in another order than their bytes went.
func TestObserverSeesTheOrderOfSends(t *testing.T) {
	d := new(diary)
	a, b := tcp(t)
	a.Observe(d)
	const each = 2000
	var senders sync.WaitGroup
	for _, letter := range []string{"a", "b"} {
		senders.Go(func() {
			for range each {
				a.Send(background, letter, 0)
			}
		})
	}
	got, err := b.Recv(background, 2*each, sock.WaitAll)
	must(t, err)
	senders.Wait()
	var told strings.Builder
	for _, c := range d.calls {
		told.WriteString(c.Args.Data)
	}
	if told.String() != got {
		t.Error("the order that was told is not the one that went")
	}
}

// careless is an observer that panics.
type careless struct{}

func (careless) Called(*sock.Call) { panic("careless") }

func TestAPanicLeavesTheSocketUsable(t *testing.T) {
	a, b := tcp(t)
	for _, call := range []func(){
		func() { a.Send(background, "x", 0) },
		func() { a.Recv(background, 1, sock.DontWait) },
	} {
		a.Observe(careless{})
		func() {
			defer func() { recover() }()
			call()
			t.Error("no panic")
		}()
	}
	a.Observe(nil)
	send(t, a, "y")
	wantRecv(t, b, "xy")
	send(t, b, "z")
	wantRecv(t, a, "z")
	must(t, a.Close()) // which waits for all calls
}
