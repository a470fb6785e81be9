package record

import (
	"cmp"
	"sync"
	"time"
)

// Limits that hold where [Options] leaves them zero.
const (
	DefaultEvents = 4096
	DefaultBytes  = 2 << 20
	DefaultData   = 2048
)

// Options set up a timeline. The zero Options are the usual ones.
type Options struct {
	Clock  func() time.Time // nil: time.Now
	Events int              // how many events are kept; 0: DefaultEvents
	Bytes  int              // how many bytes of data are kept; 0: DefaultBytes
	Data   int              // how many bytes of one event are kept; 0: DefaultData
}

// Timeline is a bounded record of what happened, in the order in which it was
// told. New makes it.
type Timeline struct {
	clock    func() time.Time
	start    time.Time
	maxPages int
	maxBytes int
	maxData  int

	mu      sync.Mutex
	pages   []*page // all full but the last
	first   uint64  // Seq of the first event kept
	next    uint64  // Seq of the next event
	bytes   int     // capacity of all pages' data
	dropped uint64
	sockets int
	ends    map[pair]*Socket
	orphans []*Socket
	subs    []*Subscription
}

// pageEvents is how many events are dropped at a time when the ring is full.
const pageEvents = 256

// page holds what happened in order, and behind it what the slots refer to.
type page struct {
	slots   []slot
	events  []Event  // of the slots that are no transfers
	origins []origin // of those that are
	data    []byte
}

// slot is one place in the order: an event of the page, or a transfer. Transfers
// are what a busy program is full of. Written out as events they would push the
// program and the kernel's own data out of the processor's cache, and each
// collection of garbage would have to walk through them: a slot has no pointers.
type slot struct {
	at, took     time.Duration
	size, offset int64
	lost, asked  int64
	off, kept    int32 // where its data stands in the page, and how much of it
	index        int32 // in the page's events or, of a transfer, origins
	transfer     bool
	state        State
}

// origin is what the transfers of a conversation have in common.
type origin struct {
	socket *Socket
	task   *Task
	ends   *ends
	addr   *Addr
	name   string
	flow   Flow
}

// originOf returns the index of o, which mostly is one of the latest.
func (p *page) originOf(o origin) int32 {
	const latest = 8
	for i := len(p.origins) - 1; i >= max(0, len(p.origins)-latest); i-- {
		if p.origins[i] == o {
			return int32(i)
		}
	}
	p.origins = append(p.origins, o)
	return int32(len(p.origins) - 1)
}

// ends are the addresses of a socket as they were at some time. They are shared
// by all transfers of that time and never changed.
type ends struct{ local, peer Addr }

// New returns a timeline that starts now.
func New(o Options) *Timeline {
	t := &Timeline{
		clock:    o.Clock,
		maxPages: max(2, (cmp.Or(o.Events, DefaultEvents)+pageEvents-1)/pageEvents),
		maxBytes: cmp.Or(o.Bytes, DefaultBytes),
		maxData:  cmp.Or(o.Data, DefaultData),
		first:    1,
		next:     1,
		ends:     map[pair]*Socket{},
	}
	if t.clock == nil {
		t.clock = time.Now
	}
	t.start = t.clock()
	return t
}

// Start returns the moment that the events' times count from.
func (t *Timeline) Start() time.Time { return t.start }

// Now returns the present time of the timeline.
func (t *Timeline) Now() time.Duration { return t.at(time.Time{}) }

// at turns a moment into a time of the timeline; the zero moment is now.
func (t *Timeline) at(moment time.Time) time.Duration {
	if moment.IsZero() {
		moment = t.clock()
	}
	return moment.Sub(t.start)
}

// Call records a socket call and returns its Seq. It infers the state after
// the call, keeps the streams' offsets, and closes the socket after "close".
func (t *Timeline) Call(c *Call) uint64 {
	at := t.at(c.Start)
	end := at
	if !c.End.IsZero() {
		end = c.End.Sub(t.start)
	}
	t.mu.Lock()
	seq := t.call(c, at, end)
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
	return seq
}

// call fills the next event in place: it is large enough that building it
// elsewhere and copying it shows.
func (t *Timeline) call(c *Call, at, end time.Duration) uint64 {
	p, sl, e := t.grow()
	*e = Event{}
	e.Seq, e.Kind, e.At, e.Took = t.next, CallMade, at, end-at
	e.Task, e.Name, e.Args, e.Result = c.Task, c.Name, c.Args, c.Result
	e.Flow, e.Size, e.Lost = c.Flow, c.Size, c.Lost
	e.Addr, e.Local, e.Peer = c.Addr, c.Local, c.Peer
	e.Err, e.Text = c.Err, c.Message
	t.next++
	if c.Made != nil {
		e.Made = c.Made.id
	}
	if c.Bytes != nil {
		e.count(len(c.Bytes))
		keep(t, p, sl, c.Bytes)
	} else {
		e.count(len(c.Data))
		keep(t, p, sl, c.Data)
	}
	seq := e.Seq
	if c.Socket != nil {
		c.Socket.called(c, e, end)
	}
	return seq
}

// count makes the length of the data the event's Size if that is more. What a
// failed call was to send counts only as far as the call says.
func (e *Event) count(length int) {
	if int64(length) > e.Size && e.Err == "" {
		e.Size = int64(length)
	}
}

// Transfer records a send or a receive that succeeded; it is the short form of
// Call for the calls that are many.
func (t *Timeline) Transfer(x *Transfer) {
	at := t.at(x.Start)
	end := x.End.Sub(t.start)
	t.mu.Lock()
	p, s := t.room(), x.Socket
	p.slots = append(p.slots, slot{
		at: at, took: end - at, size: x.Size, offset: s.advance(x.Flow, x.Size), lost: x.Lost, asked: int64(x.Asked),
		index: p.originOf(origin{s, x.Task, s.addrs(), x.Addr, x.Name, x.Flow}), transfer: true, state: s.state,
	})
	t.next++
	sl := &p.slots[len(p.slots)-1]
	keep(t, p, sl, x.Data)
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
}

// called brings the socket and the event of its call up to date. It may append
// further events, after which e must not be touched.
func (s *Socket) called(c *Call, e *Event, end time.Duration) {
	e.Socket, e.Network = s.id, s.network
	e.Offset = s.advance(e.Flow, e.Size)
	s.moveTo(c.Local, c.Peer)
	e.Local, e.Peer = s.local, s.peer
	if s.network != TCP {
		if c.Name == "close" && c.Err == "" {
			s.close(c.Task, end, e.Seq)
		}
		return
	}
	s.calledTCP(c, e, end)
}

// advance keeps the offsets of the socket's two streams and returns where the
// bytes of a call begin; datagrams have none.
func (s *Socket) advance(flow Flow, size int64) (offset int64) {
	if !s.network.Stream() {
		return 0
	}
	switch flow {
	case Sent:
		offset = s.sent
		s.sent += size
	case Received:
		offset = s.received
		s.received += size
	case Peeked:
		offset = s.received
	}
	return offset
}

func (s *Socket) calledTCP(c *Call, e *Event, end time.Duration) {
	e.Was = s.state
	reset := c.Name == "close" && (s.unread() || c.Abort)
	state := agree(s.afterCall(c), c.Kernel)
	e.State = state
	s.state = state
	seq, was := e.Seq, e.Was
	if state != was {
		s.tellTwin(c, was, reset, end, seq)
	}
	switch {
	case c.Name == "connect" && state == StateEstablished:
		s.link()
	case c.Name == "close" && c.Err == "":
		s.close(c.Task, end, seq)
	}
}

// tellTwin changes the state of the other end, which no call of its own tells.
func (s *Socket) tellTwin(c *Call, was State, reset bool, at time.Duration, cause uint64) {
	w := s.twin
	if w == nil || !was.connected() {
		return
	}
	switch {
	case reset:
		w.become(StateClosed, at, cause)
	case c.Name == "close" || c.Name == "shutdown":
		w.become(w.state.finReceived(), at, cause)
	case c.Err == EndOfStream:
		w.become(w.state.finSent(true), at, cause)
	}
}

// keep copies the first bytes of data into the page.
func keep[T string | []byte](t *Timeline, p *page, sl *slot, data T) {
	n := min(len(data), t.maxData)
	sl.off, sl.kept = int32(len(p.data)), 0
	if n == 0 {
		return
	}
	if len(p.data)+n > cap(p.data) && !t.makeRoom(p, n) {
		return
	}
	p.data = append(p.data, data[:n]...)
	sl.kept = int32(n)
}

// makeRoom enlarges the last page p for n more bytes, at the price of old pages
// when the limit is met, and reports whether it could.
func (t *Timeline) makeRoom(p *page, n int) bool {
	size := max(2*cap(p.data), cap(p.data)+n, 4096)
	growth := size - cap(p.data)
	for t.bytes+growth > t.maxBytes && len(t.pages) > 1 {
		t.dropPage()
	}
	if t.bytes+growth > t.maxBytes {
		return false
	}
	t.bytes += growth
	p.data = append(make([]byte, 0, size), p.data...)
	return true
}

// dropPage forgets the oldest page and returns it.
func (t *Timeline) dropPage() *page {
	old := t.pages[0]
	t.first += uint64(len(old.slots))
	t.dropped += uint64(len(old.slots))
	t.bytes -= cap(old.data)
	t.pages = append(t.pages[:0], t.pages[1:]...)
	return old
}

// addPage puts an empty page at the end. Once the ring is full, or the data of
// a page like the last would not fit, that is the oldest one; a buffer far too
// large for such data is let go, so that a ring that held long data gets back
// to its full number of events.
func (t *Timeline) addPage() {
	n, like := len(t.pages), 0
	if n > 0 {
		like = len(t.pages[n-1].data)
	}
	if n < 2 || n < t.maxPages && t.bytes+like <= t.maxBytes {
		t.pages = append(t.pages, &page{slots: make([]slot, 0, pageEvents)})
		return
	}
	p := t.dropPage()
	clear(p.origins)
	p.slots, p.events, p.origins, p.data = p.slots[:0], p.events[:0], p.origins[:0], p.data[:0]
	if cap(p.data) > 4*max(like, 4096) {
		p.data = nil
	}
	t.bytes += cap(p.data)
	t.pages = append(t.pages, p)
}

// room returns the page that has room for another slot.
func (t *Timeline) room() *page {
	if len(t.pages) == 0 || len(t.pages[len(t.pages)-1].slots) == pageEvents {
		t.addPage()
	}
	return t.pages[len(t.pages)-1]
}

// grow returns the place of the next event, not emptied, with its slot and page.
func (t *Timeline) grow() (*page, *slot, *Event) {
	p := t.room()
	p.slots = append(p.slots, slot{index: int32(len(p.events))})
	if len(p.events) < cap(p.events) {
		p.events = p.events[:len(p.events)+1]
	} else {
		p.events = append(p.events, Event{})
	}
	return p, &p.slots[len(p.slots)-1], &p.events[len(p.events)-1]
}

// append gives the event its Seq and keeps it. The lock is held.
func (t *Timeline) append(e *Event, data string) uint64 {
	p, sl, place := t.grow()
	*place = *e
	place.Seq, place.Data = t.next, ""
	t.next++
	place.count(len(data))
	keep(t, p, sl, data)
	return place.Seq
}

// Add records an event as it is and returns the Seq it got: packets, messages,
// events of a loaded recording. It changes no socket.
func (t *Timeline) Add(e Event) uint64 {
	t.mu.Lock()
	seq := t.append(&e, e.Data)
	wake := t.waiting()
	t.mu.Unlock()
	notify(wake)
	return seq
}

// StartTask records that a task began; what says what it runs.
func (t *Timeline) StartTask(task Task, what string) {
	t.Add(Event{Kind: TaskStarted, At: t.at(time.Time{}), Task: task, Text: what})
}

// EndTask records that a task ended; code and message say how, when not well.
func (t *Timeline) EndTask(task Task, code, message string) {
	t.Add(Event{Kind: TaskEnded, At: t.at(time.Time{}), Task: task, Err: code, Text: message})
}

// Note records what somebody wants said at this place.
func (t *Timeline) Note(task Task, text string) {
	t.Add(Event{Kind: Noted, At: t.at(time.Time{}), Task: task, Text: text})
}
