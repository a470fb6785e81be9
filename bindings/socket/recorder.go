package socket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"lunawire/bindings"
	"lunawire/bindings/record"
	"lunawire/bindings/sock"
)

// Called puts a system call on the timeline: every call of every socket passes
// here, so a helper such as recvline cannot hide what it did.
func (s *Socket) Called(c *sock.Call) {
	if s.transferred(c) {
		return
	}
	call := record.Call{
		Task: *s.caller(c.Ctx), Socket: s.recorded, Name: c.Name,
		Addr: recordedAddr(c.Args.Addr), Start: c.Start, End: c.End,
	}
	describeArgs(&call, c)
	call.Abort = s.lingers(c)
	if call.Flow == record.NoData { // sending and receiving change no address
		call.Local, call.Peer = recordedAddr(s.raw.KnownLocal()), recordedAddr(s.raw.KnownPeer())
	}
	if c.Err != nil {
		call.Err, call.Message = outcome(c.Err)
	}
	if s.askKernel(c) {
		call.Kernel = s.kernelState()
	}
	if c.Name == "connect" && c.Err == nil {
		// The system has chosen the local address just now; with it the two ends
		// of a connection inside this program find each other.
		call.Local = recordedAddr(s.raw.OwnEnd())
	}
	s.registry.rt.Timeline().Call(&call)
}

// transferred records the calls that are many: a send or a receive that
// succeeded, without flags.
func (s *Socket) transferred(c *sock.Call) bool {
	if c.Err != nil || c.Args.Flags != 0 {
		return false
	}
	x := record.Transfer{Task: s.caller(c.Ctx), Socket: s.recorded, Name: c.Name, Data: c.Args.Data, Size: int64(c.N), Start: c.Start, End: c.End}
	switch c.Name {
	case "send", "sendto":
		x.Flow, x.Data = record.Sent, c.Args.Data[:c.N]
	case "recv", "recvfrom":
		x.Flow, x.Asked, x.Lost = record.Received, c.Args.Len, int64(max(0, c.Full-c.N))
	default:
		return false
	}
	if c.Args.Addr.IsValid() {
		x.Addr = s.shared(c.Args.Addr)
	}
	s.registry.rt.Timeline().Transfer(&x)
	return true
}

// toldAddr is an address in both forms.
type toldAddr struct {
	addr     sock.Addr
	recorded record.Addr
}

// shared is the address for the timeline to keep: senders mostly repeat.
func (s *Socket) shared(a sock.Addr) *record.Addr {
	told := s.told.Load()
	if told == nil || told.addr != a {
		told = &toldAddr{a, recordedAddr(a)}
		s.told.Store(told)
	}
	return &told.recorded
}

// describeArgs fills in the arguments as C has them, and the data.
func describeArgs(call *record.Call, c *sock.Call) {
	switch c.Name {
	case "bind", "connect":
		call.Args = record.Args{record.Address}
	case "listen":
		call.Args = record.Args{record.Int(int64(c.Args.Len))}
	case "shutdown":
		call.Args = record.Args{record.Word(sock.How(c.Args.Len).String())}
	case "send", "sendto", "sendmsg", "sendfile":
		describeSent(call, c)
	case "recv", "recvfrom", "recvmsg":
		call.Args = withFlags(c.Args.Flags, record.Int(int64(c.Args.Len)))
		call.Flow = record.Received
		if c.Args.Flags&sock.Peek != 0 {
			call.Flow = record.Peeked
		}
		if c.Err == nil {
			call.Data, call.Size, call.Lost = c.Args.Data, int64(c.N), int64(max(0, c.Full-c.N))
		}
	case "setsockopt", "getsockopt":
		call.Args = record.Args{record.Word(c.Args.Option)}
		if value := plainValue(c.Args.Value); c.Name == "setsockopt" {
			call.Args[1] = value
		} else {
			call.Result = value
		}
	}
}

func describeSent(call *record.Call, c *sock.Call) {
	call.Flow, call.Data, call.Size = record.Sent, c.Args.Data, int64(max(0, c.N))
	if c.Err == nil { // what the system did not take was not sent
		call.Data = call.Data[:min(len(call.Data), c.N)]
	}
	switch c.Name {
	case "sendto", "sendmsg":
		call.Args = withFlags(c.Args.Flags, record.Data, record.Address)
	case "sendfile":
		call.Args = record.Args{record.Int(int64(c.Args.Len))}
	default:
		call.Args = withFlags(c.Args.Flags, record.Data)
	}
}

// withFlags adds the flags to the arguments where there are any.
func withFlags(flags sock.Flags, values ...record.Value) record.Args {
	var args record.Args
	n := copy(args[:], values)
	if flags != 0 {
		args[n] = record.Word(flags.String())
	}
	return args
}

// lingers follows SO_LINGER and tells, at close, whether it makes the close an
// abort.
func (s *Socket) lingers(c *sock.Call) bool {
	switch {
	case c.Name == "close":
		return s.abort.Load()
	case c.Name == "setsockopt" && c.Args.Option == "SO_LINGER" && c.Err == nil:
		s.abort.Store(aborts(c.Args.Value))
	}
	return false
}

// aborts tells whether a value of SO_LINGER, plain or as struct linger, means
// on with no time.
func aborts(value any) bool {
	switch v := value.(type) {
	case sock.Linger:
		return v.On && v.Seconds == 0
	case string:
		return len(v) == 8 && strings.Trim(v[:4], "\x00") != "" && strings.Trim(v[4:], "\x00") == ""
	}
	return false
}

func plainValue(v any) record.Value {
	switch v := v.(type) {
	case sock.Linger:
		return record.Word(fmt.Sprintf("{%v, %d}", v.On, v.Seconds))
	case bool:
		return record.Bool(v)
	case int:
		return record.Int(int64(v))
	case string:
		return record.Text(v)
	}
	return record.Value{}
}

// outcome is the word for how a call ended without a result.
func outcome(err error) (code, message string) {
	var e *sock.Error
	switch {
	case errors.Is(err, io.EOF):
		return record.EndOfStream, ""
	case errors.Is(err, os.ErrDeadlineExceeded):
		return record.Timeout, ""
	case errors.As(err, &e):
		return e.Code(), e.Message()
	}
	return record.Canceled, err.Error()
}

// askKernel tells whether the state of the connection may be another than the
// call implies: after a shutdown the peer may or may not have answered, and an
// error may have ended it. A connect that succeeded and the end of a stream leave
// no doubt, and to ask costs more than to record.
func (s *Socket) askKernel(c *sock.Call) bool {
	if s.recorded.Network() != record.TCP || s.raw.Closed() {
		return false
	}
	switch c.Name {
	case "shutdown":
		return true
	case "bind", "getsockname", "getpeername", "setsockopt", "getsockopt", "accept", "listen":
		return false
	}
	switch {
	case c.Err == nil, errors.Is(c.Err, io.EOF), errors.Is(c.Err, context.Canceled):
		return false
	case errors.Is(c.Err, os.ErrDeadlineExceeded):
		return c.Name == "connect"
	}
	return true
}

func (s *Socket) kernelState() record.State {
	info, err := s.raw.Info()
	if err != nil {
		return 0
	}
	return record.ParseState(info.State.String())
}

// caller is the task that makes a call: that of the context, or the one that
// used the socket last where a call has none.
func (s *Socket) caller(ctx context.Context) *record.Task {
	if ctx != nil {
		if t := bindings.TaskOf(ctx); t != nil {
			return t.Recorded()
		}
	}
	if t := s.user.Load(); t != nil {
		return t.Recorded()
	}
	return nobody
}

// nobody makes the calls of which no task is known.
var nobody = &record.Task{}

func recordedAddr(a sock.Addr) record.Addr {
	switch {
	case a.IP().IsValid():
		return record.InetAddr(netip.AddrPortFrom(a.IP(), uint16(a.Port())))
	case a.Family() == sock.Unix:
		return record.UnixAddr(a.Path())
	}
	return record.Addr{}
}

// socketArgs are the arguments of socket(2) and socketpair(2).
func socketArgs(raw *sock.Socket) record.Args {
	return record.Args{record.Word(raw.Family().String()), record.Word(raw.Kind().String())}
}

func networkOf(raw *sock.Socket) record.Network {
	switch {
	case raw.Family() == sock.Unix && raw.Kind() == sock.Dgram:
		return record.UnixDatagram
	case raw.Family() == sock.Unix:
		return record.UnixStream
	case raw.Kind() == sock.Dgram:
		return record.UDP
	}
	return record.TCP
}

var _ sock.Observer = (*Socket)(nil)
