package tcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/socket"
)

// Server accepts connections and hands each to a task.
type Server struct {
	bindings.Object
	listener *socket.Socket
	acceptor *bindings.Task
}

// String is what tostring(server) gives.
func (s *Server) String() string { return fmt.Sprintf("<server %v>", s.listener) }

var serverRow = bindings.Type{
	Name: "server", Var: "server", Of: (*Server)(nil),
	Doc: "What tcp.serve returns: a listening socket and the task that accepts.",
	Fields: []bindings.Field{
		{Name: "listener", Doc: "the listening socket", Go: func(s *Server) *socket.Socket { return s.listener }},
		{Name: "task", Doc: "the task that accepts", Go: func(s *Server) *bindings.Task { return s.acceptor }},
	},
	Methods: []bindings.Func{
		{Name: "getsockname", Results: "address", Doc: "Returns the address it listens on.", Go: func(s *Server) (*socket.Address, error) { return s.listener.Name() }},
		{Name: "close", Doc: "Stops accepting; connections that are open go on.", Go: (*Server).Close},
	},
}

// Close ends the accepting task and closes the listener.
func (s *Server) Close() error {
	s.acceptor.Cancel()
	return s.listener.Close()
}

func (p *plugin) serve(ctx context.Context, task *bindings.Task, dest socket.Dest, handler bindings.Function, opts listenOptions) (*Server, error) {
	listener, err := p.listen(ctx, task, dest, opts)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: listener}
	s.acceptor = p.rt.Go(fmt.Sprintf("tcp.serve %v", dest.String()), func(ctx context.Context) error {
		return p.accept(ctx, listener, handler)
	})
	s.acceptor.Keep(listener)
	return s, nil
}

// accept runs until the listener is closed. A connection that is gone before
// it could be taken, or a lack of descriptors, does not end a server.
func (p *plugin) accept(ctx context.Context, listener *socket.Socket, handler bindings.Function) error {
	told := false
	for {
		conn, address, err := listener.Accept(ctx)
		var e *bindings.Error
		switch {
		case errors.As(err, &e) && (e.Code == "EBADF" || e.Code == "EINVAL"):
			return nil // closed, or shut down
		case errors.As(err, &e) && (e.Code == "EMFILE" || e.Code == "ENFILE"):
			if !told { // once, not at each attempt
				p.rt.Report(fmt.Sprintf("tcp.serve: %v\n  hint: %s", e, e.Hint))
				told = true
			}
			if err := bindings.Pause(ctx, retryAccept); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		told = false
		p.rt.SpawnWith(fmt.Sprintf("connection %v", address), conn, handler, conn, address)
	}
}

// retryAccept is how long a server without descriptors waits before it looks
// again; until then the connections wait in the backlog.
const retryAccept = 100 * time.Millisecond
