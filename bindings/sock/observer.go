package sock

import (
	"context"
	"time"
)

// Observer is told of each call that was made on a socket, after it returned, in
// the goroutine that made it and before the caller has the result.
type Observer interface{ Called(Call) }

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
	Data   string // sent or received. Valid only while Called runs: keep a copy, or a copy of its beginning
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

func now() time.Time { return epoch.Add(time.Since(epoch)) }

// began is the start time of a call, taken only if somebody looks.
func (s *Socket) began() time.Time {
	if s.observer == nil {
		return time.Time{}
	}
	return now()
}

// tell completes c and passes it on.
func (s *Socket) tell(start time.Time, c Call) {
	if s.observer == nil {
		return
	}
	c.Socket, c.Start, c.End = s, start, now()
	s.observer.Called(c)
}
