package record

import (
	"strings"
	"time"
)

// batch is how many events are copied out under the lock at a time, so that no
// reader holds up a socket call.
const batch = 64

// Recording is a copy of a timeline or a part of it.
type Recording struct {
	Start   time.Time // what the events' times count from
	Dropped uint64    // how many events before the first were dropped
	Events  []Event
}

// Last returns the Seq of the latest event, 0 before the first.
func (t *Timeline) Last() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next - 1
}

// Dropped returns how many events were dropped to keep within the limits since
// the start or the last Clear.
func (t *Timeline) Dropped() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dropped
}

// Since returns the events kept after the one numbered seq, and how many of
// those that followed it are dropped.
func (t *Timeline) Since(seq uint64) (events []Event, missed uint64) {
	last := t.Last()
	for seq < last {
		got, lost := t.read(seq+1, batch)
		missed += lost
		if len(got) == 0 {
			return events, missed
		}
		events = append(events, got...)
		seq = got[len(got)-1].Seq
	}
	return events, missed
}

// Recording returns a copy of all events kept that the filter matches.
func (t *Timeline) Recording(f Filter) *Recording {
	r := &Recording{Start: t.start, Dropped: t.Dropped()}
	events, _ := t.Since(0)
	for i := range events {
		if f.Match(&events[i]) {
			r.Events = append(r.Events, events[i])
		}
	}
	return r
}

// Clear forgets all events. Numbers and times go on.
func (t *Timeline) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages, t.bytes, t.dropped = nil, 0, 0
	t.first = t.next
}

// read copies at most n events from seq on, and tells how many of them the
// ring has already dropped.
func (t *Timeline) read(seq uint64, n int) (events []Event, missed uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seq < t.first {
		missed = t.first - seq
		seq = t.first
	}
	if seq >= t.next {
		return nil, missed
	}
	n = min(n, int(t.next-seq))
	events = make([]Event, 0, n)
	var data strings.Builder
	data.Grow(t.dataOf(seq, n))
	for i := range n {
		p, sl := t.slot(seq + uint64(i))
		e := p.expand(sl, seq+uint64(i))
		from := data.Len()
		data.Write(p.data[sl.off : sl.off+sl.kept])
		e.Data = data.String()[from:]
		events = append(events, e)
	}
	return events, missed
}

func (t *Timeline) slot(seq uint64) (*page, *slot) {
	i := seq - t.first
	p := t.pages[i/pageEvents]
	return p, &p.slots[i%pageEvents]
}

// expand returns the event of a slot, without its data.
func (p *page) expand(sl *slot, seq uint64) Event {
	if !sl.transfer {
		return p.events[sl.index]
	}
	o := &p.origins[sl.index]
	e := Event{
		Seq: seq, Kind: CallMade, At: sl.at, Took: sl.took, Task: *o.task,
		Socket: o.socket.id, Network: o.socket.network, Name: o.name,
		Flow: o.flow, Size: sl.size, Offset: sl.offset, Lost: sl.lost,
		Local: o.ends.local, Peer: o.ends.peer, Was: sl.state, State: sl.state,
	}
	if o.addr != nil {
		e.Addr = *o.addr
	}
	switch {
	case o.flow != Sent:
		e.Args = Args{Int(sl.asked)}
	case o.addr != nil:
		e.Args = Args{Data, Address}
	default:
		e.Args = Args{Data}
	}
	return e
}

func (t *Timeline) dataOf(seq uint64, n int) int {
	total := 0
	for i := range n {
		_, sl := t.slot(seq + uint64(i))
		total += int(sl.kept)
	}
	return total
}

// Filter selects events. An empty list selects all; the zero Filter everything.
type Filter struct {
	Kinds   []Kind
	Tasks   []int
	Sockets []int
	Names   []string // of calls; other kinds pass
}

// Match reports whether the filter selects the event. An event without a task
// or a socket, such as a note, passes the list of those.
func (f *Filter) Match(e *Event) bool {
	return among(f.Kinds, e.Kind, 0) && among(f.Tasks, e.Task.ID, 0) && among(f.Sockets, e.Socket, 0) &&
		(e.Kind != CallMade || among(f.Names, e.Name, ""))
}

func among[T comparable](list []T, v, none T) bool {
	if len(list) == 0 || v == none {
		return true
	}
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
