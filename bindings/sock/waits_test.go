//go:build unix

package sock_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"lunawire/bindings/sock"
)

// waiting is a call that has to wait, and what lets it go on.
type waiting struct {
	call func(ctx context.Context) error
	// ready makes the call succeed; nil where that would take seconds.
	ready func()
}

// waits are all calls that may wait, each with a situation in which it does.
var waits = map[string]func(t *testing.T) waiting{
	"accept": func(t *testing.T) waiting {
		l, addr := listener(t, 4)
		return waiting{
			call: func(ctx context.Context) error {
				c, _, err := l.Accept(ctx)
				if err == nil {
					c.Close()
				}
				return err
			},
			ready: func() { dial(t, addr) },
		}
	},
	"connect": func(t *testing.T) waiting {
		_, addr := listener(t, 0)
		dial(t, addr) // fills the queue, so the next SYN is dropped
		c := open(t, sock.Inet, sock.Stream)
		return waiting{call: func(ctx context.Context) error { return c.Connect(ctx, addr) }}
	},
	"connect to a full queue of family Unix": func(t *testing.T) waiting {
		l := open(t, sock.Unix, sock.Stream)
		addr := unixPath(t)
		must(t, l.Bind(addr))
		must(t, l.Listen(0))
		dial(t, addr)
		c := open(t, sock.Unix, sock.Stream)
		return waiting{
			call:  func(ctx context.Context) error { return c.Connect(ctx, addr) },
			ready: func() { accept(t, l) },
		}
	},
	"recv": func(t *testing.T) waiting {
		a, b := tcp(t)
		return waiting{
			call:  func(ctx context.Context) error { return wantData(a.Recv(ctx, 10, 0)) },
			ready: func() { send(t, b, "x") },
		}
	},
	"recv of all": func(t *testing.T) waiting {
		a, b := tcp(t)
		return waiting{
			call:  func(ctx context.Context) error { return wantData(a.Recv(ctx, 1, sock.WaitAll)) },
			ready: func() { send(t, b, "x") },
		}
	},
	"recv into memory": func(t *testing.T) waiting {
		a, b := tcp(t)
		return waiting{
			call: func(ctx context.Context) error {
				p := make([]byte, 10)
				n, err := a.RecvInto(ctx, p, 0)
				return wantData(string(p[:n]), err)
			},
			ready: func() { send(t, b, "x") },
		}
	},
	"recvfrom": func(t *testing.T) waiting {
		a, b, addrA, _ := udp(t)
		return waiting{
			call: func(ctx context.Context) error {
				data, _, _, err := a.RecvFrom(ctx, 10, 0)
				return wantData(data, err)
			},
			ready: func() { b.SendTo(background, "x", addrA, 0) },
		}
	},
	"recvfrom into memory": func(t *testing.T) waiting {
		a, b, addrA, _ := udp(t)
		return waiting{
			call: func(ctx context.Context) error {
				p := make([]byte, 10)
				n, _, _, err := a.RecvFromInto(ctx, p, 0)
				return wantData(string(p[:n]), err)
			},
			ready: func() { b.SendTo(background, "x", addrA, 0) },
		}
	},
	"recvmsg": func(t *testing.T) waiting {
		a, b := pair(t, sock.Stream)
		return waiting{
			call: func(ctx context.Context) error {
				p := make([]byte, 10)
				m, err := a.RecvMsg(ctx, p, 0, 0)
				return wantData(string(p[:m.N]), err)
			},
			ready: func() { send(t, b, "x") },
		}
	},
	"send": func(t *testing.T) waiting {
		a, b := full(t)
		return waiting{
			call: func(ctx context.Context) error {
				_, err := a.Send(ctx, "x", 0)
				return err
			},
			ready: func() { drain(b) },
		}
	},
	"sendto a full queue of family Unix": func(t *testing.T) waiting {
		server, client := open(t, sock.Unix, sock.Dgram), open(t, sock.Unix, sock.Dgram)
		addr := unixPath(t)
		must(t, server.Bind(addr))
		for err := error(nil); err == nil; {
			_, err = client.SendTo(polling(t), "x", addr, 0)
		}
		return waiting{
			call: func(ctx context.Context) error {
				_, err := client.SendTo(ctx, "x", addr, 0)
				return err
			},
			ready: func() { server.Recv(background, 1, 0) },
		}
	},
	"sendmsg": func(t *testing.T) waiting {
		a, b := full(t)
		return waiting{
			call: func(ctx context.Context) error {
				_, err := a.SendMsg(ctx, "x", nil, sock.Addr{}, 0)
				return err
			},
			ready: func() { drain(b) },
		}
	},
	"sendfile": func(t *testing.T) waiting {
		a, b := full(t)
		f := file(t, "x")
		return waiting{
			call: func(ctx context.Context) error {
				_, err := a.SendFile(ctx, f, 0, 1)
				return err
			},
			ready: func() { drain(b) },
		}
	},
	"select to read": func(t *testing.T) waiting {
		a, b := tcp(t)
		return waiting{
			call: func(ctx context.Context) error {
				_, _, err := sock.Select(ctx, []*sock.Socket{a}, nil)
				return err
			},
			ready: func() { send(t, b, "x") },
		}
	},
	"select to write": func(t *testing.T) waiting {
		a, b := full(t)
		return waiting{
			call: func(ctx context.Context) error {
				_, _, err := sock.Select(ctx, nil, []*sock.Socket{a})
				return err
			},
			ready: func() { drain(b) },
		}
	},
	"recv behind another recv": func(t *testing.T) waiting {
		a, b := tcp(t)
		first := newSwitchOff(background)
		done := make(chan error, 1)
		go func() { done <- wantData(a.Recv(first, 1, 0)) }()
		<-first.armed
		return waiting{
			call: func(ctx context.Context) error { return wantData(a.Recv(ctx, 1, 0)) },
			ready: func() {
				send(t, b, "x")
				must(t, <-done)
				send(t, b, "x")
			},
		}
	},
}

func wantData(data string, err error) error {
	if err == nil && data != "x" {
		return errors.New("got " + data + ", want x")
	}
	return err
}

// full returns a connection whose first end cannot send any more.
func full(t *testing.T) (a, b *sock.Socket) {
	t.Helper()
	a, b = pair(t, sock.Stream)
	for err := error(nil); err == nil; {
		_, err = a.Send(polling(t), strings.Repeat("-", 1<<20), 0)
	}
	for err := error(nil); err == nil; {
		_, err = a.Send(polling(t), "-", 0)
	}
	return a, b
}

// drain receives all that is there.
func drain(s *sock.Socket) {
	for err := error(nil); err == nil; {
		_, err = s.Recv(background, 1<<20, sock.DontWait)
	}
}

func file(t *testing.T, content string) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	must(t, err)
	t.Cleanup(func() { f.Close() })
	_, err = f.WriteString(content)
	must(t, err)
	return f
}
