package ladder

import (
	"maps"
	"slices"
	"time"

	"lunawire/bindings/record"
)

// step is an event that has a row, and what was found out about it.
type step struct {
	event  record.Event
	key    time.Duration // where its row stands in time
	from   *end          // the end whose call it is; nil: none
	to     *end          // the end that its arrow reaches; nil: none in this program
	leaves bool          // something left: there is an arrow
	signal string        // FIN, RST, EOF where it sends one
	number int           // of the arrow; given when its row is drawn
	takers []*end        // of a datagram to many
	takes  []*step       // whose arrows it took
	left   int64         // bytes of it that nobody took yet
	began  *step         // the first that stands after its start, when it took a while
	states []change      // of any end, brought about by it
}

// change is a state that an end came into.
type change struct {
	end   *end
	state record.State
}

// end is one socket as the matcher knows it.
type end struct {
	id       int
	network  record.Network
	local    record.Addr
	peer     record.Addr
	state    record.State
	listener *end    // that accepted it
	pairWith int     // the socket made together with it
	twin     *end    // the other end of its stream
	partner  *end    // the end that it first exchanged something with
	calls    bool    // it connects, or sends first: stands on the left
	passive  bool    // it listens
	stream   []*step // sends that its twin has not wholly received
	backlog  []*step // connects to it that no accept took
	fin      *step   // the step that ended its stream
}

// matcher finds what belongs together. Events come in an order in which no
// effect stands before its cause.
type matcher struct {
	ends      map[int]*end
	order     []*end
	steps     map[uint64]*step // by Seq, for causes
	gone      []*end           // closed, longest ago first
	datagrams []*step          // not yet received, oldest first
}

// Limits of what is remembered while a program runs on: sends that nobody
// received, events for what they may yet cause, and closed ends.
const (
	maxUnreceived = 4096
	maxDistance   = 4096
	maxClosed     = 1024
)

// remember keeps a step for what it may yet cause, and forgets old ones now and
// then.
func (m *matcher) remember(st *step) {
	seq := st.event.Seq
	m.steps[seq] = st
	if len(m.steps) > 2*maxDistance {
		maps.DeleteFunc(m.steps, func(old uint64, _ *step) bool { return old+maxDistance < seq })
	}
}

// closed lets go of the ends that were closed longest ago, when there are many.
func (m *matcher) closed(s *end) {
	m.gone = append(m.gone, s)
	if len(m.gone) < 2*maxClosed {
		return
	}
	for _, old := range m.gone[:maxClosed] {
		delete(m.ends, old.id)
	}
	m.gone = slices.Delete(m.gone, 0, maxClosed)
	m.order = slices.DeleteFunc(m.order, func(s *end) bool { return m.ends[s.id] != s })
}

func newMatcher() *matcher {
	return &matcher{ends: map[int]*end{}, steps: map[uint64]*step{}}
}

// end returns the end of a socket, which an event tells of.
func (m *matcher) end(e *record.Event) *end {
	s := m.ends[e.Socket]
	if s == nil {
		s = &end{id: e.Socket, network: e.Network}
		m.ends[e.Socket] = s
		m.order = append(m.order, s)
	}
	if !e.Local.IsZero() {
		s.local = e.Local
	}
	if !e.Peer.IsZero() {
		s.peer = e.Peer
	}
	return s
}

// opened takes in a SocketOpened event. It may run ahead of the order.
func (m *matcher) opened(e *record.Event) {
	s := m.end(e)
	s.state = e.State
	from := m.ends[e.Made]
	switch {
	case from == nil:
		s.pairWith = e.Made
	case from.pairWith == s.id:
		s.twin, from.twin = from, s
		s.partner, from.partner = from, s
	default:
		s.listener = from
	}
}

// add returns the step of an event, nil when it has no row of its own.
func (m *matcher) add(e *record.Event) *step {
	st := &step{event: *e, key: sortKey(e)}
	switch e.Kind {
	case record.CallMade:
		if e.Socket != 0 {
			st.from = m.end(e)
			m.call(st)
		}
	case record.SocketOpened:
		if e.Name == "" {
			return nil
		}
		st.from = m.end(e)
	case record.StateChanged:
		if m.change(e) {
			return nil
		}
		st.from = m.end(e)
		st.states = []change{{st.from, e.State}}
	case record.TaskEnded:
		if !e.Failed() {
			return nil
		}
	case record.Noted, record.Packet, record.Message:
	case record.SocketClosed:
		m.closed(m.end(e))
		return nil
	default:
		return nil
	}
	m.remember(st)
	return st
}

// sortKey is the time by which an event is ordered: what causes something
// counts from its start, what may be an effect from its end.
func sortKey(e *record.Event) time.Duration {
	if e.Kind != record.CallMade {
		return e.At
	}
	switch {
	case e.Flow == record.Sent, e.Name == "close", e.Name == "shutdown", e.Name == "connect" && !e.Failed():
		return e.At
	}
	return e.End()
}

// change adds a state to the step that caused it and reports whether it could.
func (m *matcher) change(e *record.Event) bool {
	s := m.end(e)
	s.state = e.State
	cause := m.steps[e.Cause]
	if cause == nil {
		return false
	}
	cause.states = append(cause.states, change{s, e.State})
	return true
}

func (m *matcher) call(st *step) {
	e, s := &st.event, st.from
	if e.Was != e.State {
		st.states = append(st.states, change{s, e.State})
	}
	s.state = e.State
	switch {
	case e.Name == "listen":
		s.passive = e.Err == ""
	case e.Name == "connect":
		m.connect(st, s)
	case e.Name == "accept" && e.Err == "":
		m.accept(st, s)
	case e.Name == "close" || e.Name == "shutdown":
		m.finish(st, s)
	case e.Flow == record.Sent && (e.Size > 0 || e.Err == ""): // of a failed send only what went
		m.send(st, s)
	case e.Flow == record.Received || e.Flow == record.Peeked || e.Err == record.EndOfStream || e.Err == "ECONNRESET":
		m.receive(st, s)
	}
}

func (m *matcher) connect(st *step, s *end) {
	e := &st.event
	s.calls = true
	if e.Failed() || !e.Network.Stream() {
		return
	}
	target := e.Addr
	if target.IsZero() {
		target = e.Peer
	}
	st.leaves = true
	for _, other := range slices.Backward(m.order) {
		if other.passive && other.network == s.network && reaches(target, other.local) {
			st.to = other
			meet(s, other)
			other.backlog = append(other.backlog, st)
			break
		}
	}
	m.link(s)
}

// accept takes the connect that it answers out of the backlog.
func (m *matcher) accept(st *step, l *end) {
	conn := m.ends[st.event.Made]
	if conn == nil {
		conn = m.accepted(l, st.event.Addr)
	}
	i := slices.IndexFunc(l.backlog, func(c *step) bool {
		from := c.from.local
		return from == st.event.Addr || from.IsZero() || st.event.Addr.IsZero()
	})
	if i >= 0 {
		c := l.backlog[i]
		l.backlog = slices.Delete(l.backlog, i, i+1)
		st.takes = append(st.takes, c)
		if c.from.local.IsZero() {
			c.from.local = st.event.Addr
		}
		if client := c.from; conn != nil && client.twin == nil {
			client.twin, conn.twin = conn, client
			meet(client, conn)
		}
	}
	if conn != nil {
		conn.listener = l
		m.link(conn)
		st.states = append(st.states, change{conn, conn.opening()})
	}
}

// opening is the state to show when a connection is accepted.
func (s *end) opening() record.State {
	if s.network == record.TCP && s.state == record.NoState {
		return record.StateEstablished
	}
	return s.state
}

// accepted finds the end that an accept made when its event does not say.
func (m *matcher) accepted(l *end, peer record.Addr) *end {
	for _, s := range m.order {
		if s.listener == l && s.peer == peer && !peer.IsZero() {
			return s
		}
	}
	return nil
}

// link finds the twin of a stream by its addresses.
func (m *matcher) link(s *end) {
	if s.twin != nil || s.network != record.TCP || s.local.IsZero() || s.peer.IsZero() {
		return
	}
	for _, other := range slices.Backward(m.order) {
		if other != s && other.twin == nil && other.local == s.peer && other.peer == s.local {
			s.twin, other.twin = other, s
			meet(s, other)
			return
		}
	}
}

func meet(a, b *end) {
	if a.partner == nil {
		a.partner = b
	}
	if b.partner == nil {
		b.partner = a
	}
}

// finish sees the FIN or RST that a close or shutdown sends.
func (m *matcher) finish(st *step, s *end) {
	e := &st.event
	s.passive = s.passive && e.Name != "close"
	stream := e.Network == record.TCP && e.Was != e.State && e.Was >= record.StateEstablished ||
		e.Network == record.UnixStream && s.twin != nil && s.fin == nil
	if !stream || e.Err != "" {
		return
	}
	st.leaves, st.signal = true, "FIN"
	if e.Network == record.UnixStream {
		st.signal = "EOF"
	}
	st.to = s.other()
	unread := s.twin != nil && slices.ContainsFunc(s.twin.stream, func(f *step) bool { return f.left > 0 })
	if e.Name == "close" && e.Network == record.TCP && (unread || e.Was == record.StateEstablished && e.State == record.StateClosed) {
		st.signal = "RST"
	}
	s.fin = st
}

// other is where what s sends arrives: its twin, or the listener in whose
// backlog the twin waits to be accepted.
func (s *end) other() *end {
	if s.twin != nil {
		return s.twin
	}
	if s.calls && s.network.Stream() {
		return s.partner
	}
	return nil
}

func (m *matcher) send(st *step, s *end) {
	e := &st.event
	if e.Err != "" && e.Size == 0 {
		return
	}
	st.leaves, st.left = true, e.Size
	if s.network.Stream() {
		st.to = s.other()
		if st.to != nil {
			s.stream = push(s.stream, st)
		}
		return
	}
	if s.partner == nil {
		s.calls = true
	}
	st.to = m.receiver(s, st.target())
	if st.to != nil {
		meet(s, st.to)
	}
	m.datagrams = push(m.datagrams, st)
}

// target is the address that a send or connect went to.
func (st *step) target() record.Addr {
	if st.event.Addr.IsZero() {
		return st.event.Peer
	}
	return st.event.Addr
}

func (m *matcher) receive(st *step, s *end) {
	e := &st.event
	if !s.network.Stream() {
		m.receiveDatagram(st, s)
		return
	}
	if s.twin == nil {
		return
	}
	if e.Err != "" {
		if f := s.twin.fin; f != nil && (e.Err == record.EndOfStream || e.Err == "ECONNRESET" && f.signal == "RST") {
			st.takes = []*step{f}
		}
		return
	}
	for _, f := range s.twin.stream {
		from, to := max(f.event.Offset, e.Offset), min(f.event.Offset+f.event.Size, e.Offset+e.Size)
		if from >= to {
			continue
		}
		st.takes = append(st.takes, f)
		if e.Flow == record.Received {
			f.left -= to - from
		}
	}
	s.twin.stream = slices.DeleteFunc(s.twin.stream, func(f *step) bool { return f.left <= 0 })
}
