// Package tcp is the Lua module "tcp": stream sockets, and helpers over the
// same calls.
package tcp

import (
	"context"
	"errors"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/sock"
	"lunawire/bindings/socket"
)

// New is the plugin; its sockets are those of s.
func New(s *socket.Plugin) bindings.Plugin { return &plugin{sockets: s} }

type plugin struct {
	sockets *socket.Plugin
	rt      *bindings.Runtime
}

func (p *plugin) Module(rt *bindings.Runtime) bindings.Module {
	p.rt = rt
	return bindings.Module{
		Name: "tcp",
		Doc: "TCP: a connection between two ends, a stream of bytes each way.\n\n" +
			"tcp.socket makes a plain socket; connect, listen and serve make the usual calls in a row and say which. See help(\"socket\") for the methods.",
		Funcs: []bindings.Func{
			{
				Name: "socket", Params: "family?", Results: "s",
				Doc:     "Makes a TCP socket: socket(AF_INET, SOCK_STREAM).\n\nfamily is \"inet\" (the default), \"inet6\" or \"unix\".",
				Example: "local s = tcp.socket()\nprint(s)   --> <tcp 0.0.0.0:0 CLOSED>",
				Go:      bindings.Do1to1(p.socket),
			},
			{
				Name: "connect", Params: "host, port?, opts?", Results: "conn",
				Doc: "Makes a socket and connects it: socket, connect.\n\nA host with several addresses is tried one after the other, IPv4 first. " +
					"opts: timeout in seconds, for each address; source, the address to bind to before.",
				Example: "local l = tcp.listen(\"127.0.0.1:0\")\nlocal c = tcp.connect(l:getsockname(), {timeout=2})\nprint(c:state())   --> ESTABLISHED",
				Go:      p.connect,
			},
			{
				Name: "listen", Params: "host, port?, opts?", Results: "l",
				Doc: "Makes a socket that listens: socket, setsockopt, bind, listen.\n\nTurns SO_REUSEADDR on, so that a server can be started again at once (reuseaddr=false leaves it off). " +
					"opts: backlog (128), reuseaddr, v6only.",
				Example: "local l = tcp.listen(\"127.0.0.1\", 0)\nprint(l)   --> <tcp 127.0.0.1:<port> LISTEN>",
				Go:      p.listen,
			},
			{
				Name: "serve", Params: "host, port?, handler, opts?", Results: "server",
				Doc: "Listens and runs handler(conn, address) in a task for each connection.\n\nTurns SO_REUSEADDR on, as listen does. A connection is closed when its handler returns or fails; " +
					"an error is printed and ends that connection only. server:close() stops listening, server:getsockname() tells the address.",
				Example: "local server = tcp.serve(\"127.0.0.1:0\", function(conn) conn:send(conn:recv(100):upper()) end)\nlocal c = tcp.connect(server:getsockname())\nc:send(\"hello\")\nprint(c:recv(100))   --> HELLO\nserver:close()",
				Go:      p.serve,
			},
		},
		Types: []bindings.Type{serverRow},
	}
}

func (p *plugin) socket(task *bindings.Task, family bindings.Opt[socket.FamilyName]) (*socket.Socket, error) {
	f, err := family.Or("inet").Family()
	if err != nil {
		return nil, err
	}
	return p.sockets.Registry.Open(task, f, sock.Stream, 0)
}

type connectOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
	Source  bindings.Opt[socket.Dest]   `lua:"source"`
}

// connect tries the addresses of a host in turn, IPv4 first as the walkthroughs
// are; the error of the last one stands.
func (p *plugin) connect(ctx context.Context, task *bindings.Task, dest socket.Dest, opts connectOptions) (*socket.Socket, error) {
	list, err := dest.ResolveAll(ctx, "connect", sock.Stream)
	if err != nil {
		return nil, err
	}
	for _, addr := range list {
		s, openErr := p.sockets.Registry.Open(task, addr.Family(), sock.Stream, 0)
		if openErr != nil {
			return nil, openErr
		}
		if err = connectFrom(ctx, s, addr, opts); err == nil {
			return s, nil
		}
		_ = s.Close() // the error of the connection is the one to tell
		if errors.Is(err, context.Canceled) {
			return nil, err
		}
	}
	return nil, err
}

func connectFrom(ctx context.Context, s *socket.Socket, addr sock.Addr, opts connectOptions) error {
	if opts.Source.Set {
		if err := s.Bind(ctx, opts.Source.Value); err != nil {
			return err
		}
	}
	return s.Connect(ctx, socket.DestOf(addr), opts.Timeout)
}

type listenOptions struct {
	Backlog   bindings.Opt[int]  `lua:"backlog"`
	ReuseAddr bindings.Opt[bool] `lua:"reuseaddr"`
	V6Only    bindings.Opt[bool] `lua:"v6only"`
}

func (p *plugin) listen(ctx context.Context, task *bindings.Task, dest socket.Dest, opts listenOptions) (*socket.Socket, error) {
	list, err := dest.ResolveAll(ctx, "listen", sock.Stream)
	if err != nil {
		return nil, err
	}
	s, err := p.sockets.Registry.Open(task, list[0].Family(), sock.Stream, 0)
	if err != nil {
		return nil, err
	}
	if err := s.ListenOn(ctx, list[0], opts.Backlog, opts.ReuseAddr.Or(true), opts.V6Only); err != nil {
		_ = s.Close() // the error of the call is the one to tell
		return nil, err
	}
	return s, nil
}
