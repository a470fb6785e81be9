package socket

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/record"
	"lunawire/bindings/sock"
)

// Socket is the one socket type that Lua sees. Each method named for a system
// call makes that call, with those arguments, at that moment.
type Socket struct {
	bindings.Object
	raw      *sock.Socket
	recorded *record.Socket // its place on the timeline; numbers it within the Runtime
	registry *Registry
	user     atomic.Pointer[bindings.Task] // who used it last
	abort    atomic.Bool                   // closing it sends RST
	timeout  atomic.Int64                  // a time.Duration; bindings.LongestTime waits for ever
	last     atomic.Pointer[Address]       // the address told last: senders mostly repeat
	told     atomic.Pointer[toldAddr]      // the same for the timeline

	mu      sync.Mutex
	pending []byte // received by recvline and the like, not handed out yet
	ended   bool   // the stream has ended behind pending
}

// Raw is the socket below.
func (s *Socket) Raw() *sock.Socket { return s.raw }

// ID is the number of the socket within the Runtime: 1, 2, 3 ...
func (s *Socket) ID() int { return s.recorded.ID() }

// Protocol is "tcp", "udp" or "unix".
func (s *Socket) Protocol() string {
	switch {
	case s.raw.Family() == sock.Unix:
		return "unix"
	case s.raw.Kind() == sock.Dgram:
		return "udp"
	}
	return "tcp"
}

// String is <tcp 127.0.0.1:5000 -> 127.0.0.1:8080 ESTABLISHED>.
func (s *Socket) String() string {
	if s.raw.Closed() {
		return "<" + s.Protocol() + " closed>"
	}
	words := []string{s.Protocol()}
	local, peer := s.raw.Ends()
	if name := local.String(); name != "" {
		words = append(words, name)
	}
	if peer.IsValid() {
		words = append(words, "->", peer.String())
	}
	if state := s.State(); state != "" {
		words = append(words, state)
	}
	return "<" + strings.Join(words, " ") + ">"
}

// State is the state word of a TCP socket, "" for others.
func (s *Socket) State() string {
	if s.raw.Closed() {
		return "CLOSED"
	}
	if s.Protocol() != "tcp" {
		return ""
	}
	info, err := s.raw.Info()
	if err != nil {
		return ""
	}
	return info.State.String()
}

func (s *Socket) state() string {
	if state := s.State(); state != "" {
		return state
	}
	local, peer := s.raw.Ends()
	switch {
	case peer.IsValid():
		return "CONNECTED"
	case local.Port() != 0 || local.Path() != "":
		return "BOUND"
	}
	return "UNBOUND"
}

// waitOptions is the last argument {timeout=2} of a call that may wait.
type waitOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
}

// sendOptions adds the flags to a call that has no argument for them.
type sendOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
	Flags   bindings.Opt[int]           `lua:"flags"`
}

// within limits a call by its option or by settimeout.
func (s *Socket) within(ctx context.Context, timeout bindings.Opt[time.Duration]) (context.Context, time.Duration) {
	s.user.Store(bindings.TaskOf(ctx))
	d := timeout.Or(time.Duration(s.timeout.Load()))
	return bindings.Within(ctx, d), d
}

// address is the Address value of a, mostly the one told last.
func (s *Socket) address(a sock.Addr) *Address {
	if last := s.last.Load(); last != nil && last.addr == a {
		return last
	}
	v := s.registry.addresses.address(a)
	s.last.Store(v)
	return v
}

func (s *Socket) bind(ctx context.Context, dest Dest) error {
	s.user.Store(bindings.TaskOf(ctx))
	addr, err := dest.Resolve(ctx, "bind", s.raw.Family(), s.raw.Kind())
	if err != nil {
		return err
	}
	if err := s.raw.Bind(addr); err != nil {
		return s.bindError(addr, err)
	}
	return nil
}

func (s *Socket) listen(task *bindings.Task, backlog bindings.Opt[int]) error {
	s.user.Store(task)
	return failed("listen", "", s.raw.Listen(backlog.Or(defaultBacklog)))
}

// defaultBacklog is what listen() without a number passes, as in Python: 128.
const defaultBacklog = 128

func (s *Socket) accept(ctx context.Context, opts waitOptions) (*Socket, *Address, error) {
	ctx, _ = s.within(ctx, opts.Timeout)
	conn, peer, err := s.raw.Accept(ctx)
	if err != nil {
		return nil, nil, read("accept", err)
	}
	accepted := s.registry.accepted(conn, bindings.TaskOf(ctx), s)
	return accepted, accepted.address(peer), nil
}

func (s *Socket) connect(ctx context.Context, dest Dest, opts waitOptions) error {
	ctx, limit := s.within(ctx, opts.Timeout)
	addr, err := dest.Resolve(ctx, "connect", s.raw.Family(), s.raw.Kind())
	if err != nil {
		return err
	}
	if err = s.raw.Connect(ctx, addr); err == nil {
		return nil
	}
	err = failed("connect", addr.String(), err)
	return polled(limit, err, "EINPROGRESS", "operation now in progress")
}

// connectEx is connect for those who prefer a code to an error.
func (s *Socket) connectEx(ctx context.Context, dest Dest, opts waitOptions) (string, error) {
	err := s.connect(ctx, dest, opts)
	if e, ok := err.(*bindings.Error); ok {
		return e.Code, nil
	}
	return "", err
}

func (s *Socket) send(ctx context.Context, data string, flags bindings.Opt[int], opts waitOptions) (int, error) {
	ctx, limit := s.within(ctx, opts.Timeout)
	n, err := s.raw.Send(ctx, data, sock.Flags(flags.Or(0)))
	return n, sendError("send", "", n, limit, err)
}

func (s *Socket) sendall(ctx context.Context, data string, opts waitOptions) (int, error) {
	ctx, limit := s.within(ctx, opts.Timeout)
	sent := 0
	for {
		n, err := s.raw.Send(ctx, data[sent:], 0)
		sent += n
		if err != nil || sent == len(data) {
			return sent, sendError("sendall", "", sent, limit, err)
		}
	}
}

func (s *Socket) sendto(ctx context.Context, data string, dest Dest, opts sendOptions) (int, error) {
	ctx, limit := s.within(ctx, opts.Timeout)
	addr, err := dest.Resolve(ctx, "sendto", s.raw.Family(), s.raw.Kind())
	if err != nil {
		return 0, err
	}
	n, err := s.raw.SendTo(ctx, data, addr, sock.Flags(opts.Flags.Or(0)))
	if err == nil {
		return n, nil
	}
	err = sendError("sendto", addr.String(), n, limit, err)
	if e, ok := err.(*bindings.Error); ok && e.Code == "EACCES" {
		e.Hint = "a broadcast has to be allowed first: s:setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)"
	}
	return n, err
}

// sendError adds to a failed send how much went out before.
func sendError(op, address string, sent int, limit time.Duration, err error) error {
	if err == nil {
		return nil
	}
	err = polled(limit, failed(op, address, err), "EAGAIN", "resource temporarily unavailable")
	if e, ok := err.(*bindings.Error); ok {
		e.Details = map[string]any{"sent": sent}
	}
	return err
}

// polled gives a call that was not to wait at all the code that C gives it.
func polled(limit time.Duration, err error, code, message string) error {
	if e, ok := err.(*bindings.Error); ok && limit == 0 && e.Code == "ETIMEDOUT" {
		e.Code, e.Message, e.Hint = code, message, hints[code]
	}
	return err
}

func (s *Socket) recv(ctx context.Context, n int, flags bindings.Opt[int], opts waitOptions) (string, error) {
	if n < 0 {
		return "", bindings.BadArgument("n", "0 or more expected, got %d", n)
	}
	f := sock.Flags(flags.Or(0))
	if data, ok := s.takePending(n, f); ok {
		return data, nil
	}
	ctx, _ = s.within(ctx, opts.Timeout)
	data, err := s.raw.Recv(ctx, n, f)
	return data, read("recv", err)
}

func (s *Socket) recvfrom(ctx context.Context, n int, flags bindings.Opt[int], opts waitOptions) (string, *Address, bindings.Opt[string], error) {
	var truncated bindings.Opt[string]
	if n < 0 {
		return "", nil, truncated, bindings.BadArgument("n", "0 or more expected, got %d", n)
	}
	ctx, _ = s.within(ctx, opts.Timeout)
	data, from, full, err := s.raw.RecvFrom(ctx, n, sock.Flags(flags.Or(0)))
	if err != nil {
		return "", nil, truncated, read("recvfrom", err)
	}
	if full > len(data) && s.raw.Kind() == sock.Dgram {
		truncated = bindings.Some("truncated")
	}
	return data, s.address(from), truncated, nil
}

func (s *Socket) shutdown(task *bindings.Task, how any) error {
	s.user.Store(task)
	half, ok := halves[fmt.Sprint(how)]
	if !ok {
		return bindings.BadArgument("how", `"read", "write", "both" or socket.SHUT_RD, SHUT_WR, SHUT_RDWR expected`)
	}
	return failed("shutdown", "", s.raw.Shutdown(half))
}

var halves = map[string]sock.How{
	"read": sock.ShutdownRead, "write": sock.ShutdownWrite, "both": sock.ShutdownBoth,
	"receive": sock.ShutdownRead, "send": sock.ShutdownWrite,
	"0": sock.ShutdownRead, "1": sock.ShutdownWrite, "2": sock.ShutdownBoth,
}

func (s *Socket) close(task *bindings.Task) error {
	s.user.Store(task)
	return s.Close()
}

// Close closes the socket; closing it again does nothing.
func (s *Socket) Close() error {
	s.registry.forget(s)
	return failed("close", "", s.raw.Close())
}

func (s *Socket) getsockname() (*Address, error) {
	a, err := s.raw.LocalAddr()
	return s.registry.addresses.address(a), failed("getsockname", "", err)
}

func (s *Socket) getpeername() (*Address, error) {
	a, err := s.raw.PeerAddr()
	return s.registry.addresses.address(a), failed("getpeername", "", err)
}

func (s *Socket) settimeout(seconds bindings.Opt[time.Duration]) {
	s.timeout.Store(int64(seconds.Or(bindings.LongestTime)))
}

func (s *Socket) gettimeout() bindings.Opt[time.Duration] {
	d := time.Duration(s.timeout.Load())
	return bindings.Opt[time.Duration]{Value: d, Set: d != bindings.LongestTime}
}

func (s *Socket) setblocking(wait bool) {
	d := time.Duration(0)
	if wait {
		d = bindings.LongestTime
	}
	s.timeout.Store(int64(d))
}

func (s *Socket) getblocking() bool { return s.timeout.Load() != 0 }

// Bind is the call for the helpers of other modules.
func (s *Socket) Bind(ctx context.Context, dest Dest) error { return s.bind(ctx, dest) }

// Connect connects within timeout.
func (s *Socket) Connect(ctx context.Context, dest Dest, timeout bindings.Opt[time.Duration]) error {
	return s.connect(ctx, dest, waitOptions{timeout})
}

// Accept waits for a connection; it belongs to the task of ctx.
func (s *Socket) Accept(ctx context.Context) (*Socket, *Address, error) {
	return s.accept(ctx, waitOptions{})
}

// Name is the socket's own address.
func (s *Socket) Name() (*Address, error) { return s.getsockname() }

// ListenOn makes the calls of a server in a row: setsockopt, bind, listen.
func (s *Socket) ListenOn(ctx context.Context, addr sock.Addr, backlog bindings.Opt[int], reuse bool, v6only bindings.Opt[bool]) error {
	if reuse {
		if err := s.raw.SetOption("SO_REUSEADDR", true); err != nil {
			return failed("setsockopt", "", err)
		}
	}
	if v6only.Set {
		if err := s.raw.SetOption("IPV6_V6ONLY", v6only.Value); err != nil {
			return failed("setsockopt", "", err)
		}
	}
	if err := s.bind(ctx, DestOf(addr)); err != nil {
		return err
	}
	return s.listen(bindings.TaskOf(ctx), backlog)
}

func (s *Socket) fileno() int { return s.raw.Fd() }

var _ io.Closer = (*Socket)(nil)
