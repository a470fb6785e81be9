package sock

import (
	"context"
	"sync"
	"time"
)

// Observer is told of each call that was made on a socket, after it returned, in
// the goroutine that made it and before the caller has the result. What several
// goroutines send on one socket with Send and SendTo is told in the order in which
// it went, and so is what they receive with Recv and RecvFrom. The Call is lent
// while Called runs.
type Observer interface{ Called(*Call) }

// Call is one call as the caller asked for it: repeats because the system said
// "not now" are merged into it.
type Call struct {
	Socket   *Socket
	Ctx      context.Context // of a call that may wait, else nil: it ran in the goroutine that made it
	Name     string          // as in section 2 of the manual: "recvfrom"
	Args     Args
	N        int     // bytes, or what else the call returned; -1 with an error
	Full     int     // the true length of a datagram received, more than N if it was cut
	Err      error   // as the caller gets it
	Accepted *Socket // of accept: the new socket
	Start    time.Time
	End      time.Time
}

// Args are the arguments and the data of a call; those that it has not are zero.
type Args struct {
	Data   string // sent or received. Lent as well: keep a copy, or a copy of its beginning
	Addr   Addr   // the address given, or that of the sender
	Len    int    // the count asked for: n of recv, backlog of listen, how of shutdown
	Flags  Flags
	Option string // of setsockopt and getsockopt
	Value  any
}

// Observe makes o the observer of the socket, nil for none. Sockets that it
// accepts inherit it. It must be called before the socket is shared.
func (s *Socket) Observe(o Observer) { s.observer = o }

// epoch is what the times of calls are reckoned from: to ask how much time has
// passed costs half of asking what time it is.
var epoch = time.Now()

// began is when a call starts, since epoch, asked only if somebody looks.
func (s *Socket) began() time.Duration {
	if s.observer == nil {
		return 0
	}
	return time.Since(epoch)
}

// reports are Calls not in use.
var reports = sync.Pool{New: func() any { return new(Call) }}

// report is the Call to fill in for an observer that there is; done passes it on.
func (s *Socket) report(start time.Duration) *Call {
	c := reports.Get().(*Call)
	c.Socket, c.Start = s, epoch.Add(start)
	return c
}

func (c *Call) done() {
	c.End = epoch.Add(time.Since(epoch))
	c.Socket.observer.Called(c)
	*c = Call{}
	reports.Put(c)
}

// tell passes a Call on if somebody looks. It is for the calls that are few: those
// that are many fill in the report where it stands.
func (s *Socket) tell(start time.Duration, c Call) {
	if s.observer == nil {
		return
	}
	r := reports.Get().(*Call)
	*r = c
	r.Socket, r.Start = s, epoch.Add(start)
	r.done()
}
