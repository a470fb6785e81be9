package record

import "time"

// Socket is one socket's place on the timeline: its number, its addresses, how
// far its streams have come, its state. [Timeline.Open] makes it; the
// timeline's lock guards it.
type Socket struct {
	timeline *Timeline
	id       int
	network  Network
	local    Addr
	peer     Addr
	ends     *ends // local and peer, once a transfer has shared them
	state    State
	sent     int64
	received int64
	closed   bool
	twin     *Socket // the other end, when it is in this program
}

// Opening tells the timeline of a new socket. It stands for the call socket or
// socketpair itself, which needs no [Call].
type Opening struct {
	Task    Task
	Args    Args // of that call
	Network Network
	From    *Socket // the listener whose accept made it; nil otherwise
	Local   Addr
	Peer    Addr
	Kernel  State     // what the kernel answered; zero: not asked
	At      time.Time // zero: now, by the timeline's clock
}

// pair names a connection as one end sees it.
type pair struct{ local, peer Addr }

// Open numbers a new socket and records that it was opened.
func (t *Timeline) Open(o Opening) *Socket {
	at := t.at(o.At)
	t.mu.Lock()
	s := t.newSocket(o)
	e := Event{Kind: SocketOpened, At: at, Task: o.Task, Socket: s.id, Network: s.network, Name: "socket", Args: o.Args}
	if o.From != nil {
		e.Name = ""
		e.Made = o.From.id
		if s.local.IsZero() {
			s.local = o.From.local
		}
	}
	if s.network == TCP {
		s.state = s.openingState(o.From != nil, o.Kernel)
	}
	e.Local, e.Peer, e.State = s.local, s.peer, s.state
	t.append(&e, "")
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
	return s
}

// openingState is the first state of a TCP socket. A connection that waited in
// the backlog may have met its peer's FIN there.
func (s *Socket) openingState(accepted bool, kernel State) State {
	if !accepted {
		return agree(StateClosed, kernel)
	}
	s.link()
	state := StateEstablished
	if w := s.twin; w != nil && (w.state == StateFinWait1 || w.state == StateFinWait2) {
		state = StateCloseWait
	}
	return agree(state, kernel)
}

// OpenPair numbers two sockets that are connected to each other from the start,
// as socketpair makes them. Each one's event names the other in Made.
func (t *Timeline) OpenPair(o Opening) (a, b *Socket) {
	at := t.at(o.At)
	t.mu.Lock()
	a, b = t.newSocket(o), t.newSocket(o)
	a.twin, b.twin = b, a
	for _, s := range []*Socket{a, b} {
		e := s.event(SocketOpened, at)
		e.Task, e.Made, e.Name, e.Args = o.Task, s.twin.id, "socketpair", o.Args
		t.append(&e, "")
	}
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
	return a, b
}

func (t *Timeline) newSocket(o Opening) *Socket {
	t.sockets++
	return &Socket{timeline: t, id: t.sockets, network: o.Network, local: o.Local, peer: o.Peer}
}

// ID returns the socket's number, from 1.
func (s *Socket) ID() int { return s.id }

// Network returns what kind of socket it is.
func (s *Socket) Network() Network { return s.network }

// State returns the socket's TCP state as far as the timeline knows it.
func (s *Socket) State() State {
	s.timeline.mu.Lock()
	defer s.timeline.mu.Unlock()
	return s.state
}

// Addrs returns the socket's addresses as far as the timeline knows them.
func (s *Socket) Addrs() (local, peer Addr) {
	s.timeline.mu.Lock()
	defer s.timeline.mu.Unlock()
	return s.local, s.peer
}

// Observe records a state that was learned outside a call, from the kernel or
// from packets. It does nothing when the state is known already, nor to a socket
// that is not TCP's.
func (s *Socket) Observe(state State) {
	if s.network != TCP {
		return
	}
	t := s.timeline
	at := t.at(time.Time{})
	t.mu.Lock()
	s.become(agree(s.state, state), at, 0)
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
}

// moveTo takes over the addresses that a call told; a zero one is as before.
func (s *Socket) moveTo(local, peer Addr) {
	if !local.IsZero() && local != s.local {
		s.local, s.ends = local, nil
	}
	if !peer.IsZero() && peer != s.peer {
		s.peer, s.ends = peer, nil
	}
}

// addrs returns the addresses in a form that can be shared.
func (s *Socket) addrs() *ends {
	if s.ends == nil {
		s.ends = &ends{s.local, s.peer}
	}
	return s.ends
}

// become changes the state and records it as an event of its own.
func (s *Socket) become(state State, at time.Duration, cause uint64) {
	if s.state == state {
		return
	}
	e := s.event(StateChanged, at)
	e.Cause, e.Was, e.State = cause, s.state, state
	s.state = state
	s.timeline.append(&e, "")
}

func (s *Socket) event(kind Kind, at time.Duration) Event {
	return Event{Kind: kind, At: at, Socket: s.id, Network: s.network, Local: s.local, Peer: s.peer, State: s.state}
}

// Close records that the socket's descriptor is gone. A recorded call "close"
// does it too, and only the first counts.
func (s *Socket) Close(task Task) {
	t := s.timeline
	at := t.at(time.Time{})
	t.mu.Lock()
	s.close(task, at, 0)
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
}

func (s *Socket) close(task Task, at time.Duration, cause uint64) {
	if s.closed {
		return
	}
	s.closed = true
	s.unlink()
	e := s.event(SocketClosed, at)
	e.Task, e.Cause = task, cause
	s.timeline.append(&e, "")
}

// link finds the other end of the connection in this program.
func (s *Socket) link() {
	t := s.timeline
	if s.network != TCP || s.local.IsZero() || s.peer.IsZero() {
		return
	}
	t.ends[pair{s.local, s.peer}] = s
	if w := t.ends[pair{s.peer, s.local}]; w != nil {
		s.twin, w.twin = w, s
	}
}

// unlink forgets a connection that nobody can link to any more. A closed one
// without a twin may still wait in a backlog of this program: the latest of
// those are kept.
func (s *Socket) unlink() {
	t := s.timeline
	key := pair{s.local, s.peer}
	if t.ends[key] != s {
		return
	}
	if s.twin != nil || s.state == StateClosed {
		delete(t.ends, key)
		return
	}
	t.orphans = append(t.orphans, s)
	if len(t.orphans) > maxOrphans {
		old := t.orphans[0]
		if key := (pair{old.local, old.peer}); t.ends[key] == old {
			delete(t.ends, key)
		}
		t.orphans[0] = nil
		t.orphans = t.orphans[1:] // append moves what is left when the array is used up
	}
}

// maxOrphans is the longest backlog that Linux grants by itself (somaxconn).
const maxOrphans = 4096
