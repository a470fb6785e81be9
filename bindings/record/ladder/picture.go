package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"lunawire/bindings/record"
)

// Options say what is drawn and how.
type Options struct {
	Title   string
	Width   int    // columns of text; 0: 100, at least 72
	ASCII   bool   // only ASCII characters
	Sockets []int  // only rows of these sockets; empty: of all
	Since   uint64 // only rows of events after the one with this Seq
	Stable  bool   // the same picture at every run: rows numbered instead of times, chosen ports renumbered
	Decode  record.Decoder
}

const (
	usualWidth = 100
	leastWidth = 72
	maxLanes   = 3   // more fold by connection,
	wideWidth  = 120 // and so do three on less than this
)

func (o *Options) width() int { return max(cmp.Or(o.Width, usualWidth), leastWidth) }

// picture is a ladder with its lanes and rows in order.
type picture struct {
	options  Options
	sections []*section
	notes    []string // what is to be said below
}

// section is a ladder of its own: one for all lanes, or one for a connection.
type section struct {
	lanes       []*end
	rows        []*row
	left, right int // columns for the states of the outer lanes
}

// row is one line of a section.
type row struct {
	step   *step
	opens  bool // begins with the socket() that made the socket
	lane   int  // nowhere: across all lanes
	to     int  // lane that its arrow reaches, or nowhere
	side   int  // +1 or -1: the gap in which its words stand
	states []record.State
}

const nowhere = -1

// build makes the picture of a recording.
func build(rec *record.Recording, o Options) *picture {
	p := &picture{options: o}
	if o.Stable {
		rec = stablePorts(rec)
	}
	m := newMatcher()
	steps := p.selected(m.match(rec.Events))
	findStarts(steps)
	if o.Stable {
		steadyCalls(steps)
	}
	number := 0
	for _, st := range steps {
		st.count(&number)
	}
	for _, part := range fold(steps, o.width()) {
		if sec := layOut(part, o.Since); len(sec.rows) > 0 {
			p.sections = append(p.sections, sec)
		}
	}
	if o.Stable {
		p.numberRows()
	}
	if rec.Dropped > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%d earlier events were dropped", rec.Dropped))
	}
	for _, st := range steps {
		if st.event.Seq > o.Since && st.number > 0 && st.left > 0 {
			p.notes = append(p.notes, fmt.Sprintf("#%d: %d of %d B not received", st.number, st.left, st.event.Size))
		}
	}
	return p
}

// findStarts finds for each step that took a while what came first after its
// start.
func findStarts(steps []*step) {
	for i, st := range steps {
		if st.event.Took >= worthTelling {
			first, _ := slices.BinarySearchFunc(steps[:i], st.event.At, func(q *step, at time.Duration) int { return cmp.Compare(q.key, at) })
			st.began = steps[first]
		}
	}
}

// stamp writes when a row stands.
func (o *Options) stamp(st *step) string {
	if o.Stable {
		return strconv.Itoa(int(st.key))
	}
	return fmt.Sprintf("%.3f", st.key.Seconds())
}

// match returns the steps of events in the order of their rows.
func (m *matcher) match(events []record.Event) []*step {
	ordered := make([]*record.Event, 0, len(events))
	for i := range events {
		if events[i].Kind == record.SocketOpened {
			m.opened(&events[i])
		}
		ordered = append(ordered, &events[i])
	}
	slices.SortStableFunc(ordered, func(a, b *record.Event) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	var steps []*step
	for _, e := range ordered {
		if st := m.add(e); st != nil {
			st.settle()
			steps = append(steps, st)
		}
	}
	slices.SortStableFunc(steps, func(a, b *step) int { return cmp.Compare(a.key, b.key) })
	return steps
}

// settle moves an effect as near to its cause as the times of its call allow:
// the moment at which a goroutine came to run again is chance, the moment at
// which what it waited for was there is not.
func (st *step) settle() {
	if len(st.takes) == 0 {
		return
	}
	key := st.event.At
	for _, cause := range st.takes {
		key = max(key, cause.key)
	}
	st.key = min(key, st.key)
}

// count gives the step's arrow the next number, if somebody here may take it.
func (st *step) count(number *int) {
	if st.leaves && st.to != nil && st.number == 0 {
		*number++
		st.number = *number
	}
}

func (p *picture) selected(steps []*step) []*step {
	only := record.Filter{Sockets: p.options.Sockets}
	return slices.DeleteFunc(steps, func(st *step) bool { return !only.Match(&st.event) })
}

// lane is the end that stands for s at the head of a lifeline: accepted sockets
// share that of their listener.
func (s *end) lane() *end {
	if s.listener != nil {
		return s.listener
	}
	return s
}

// partner is the end that the step has to do with, nil when there is none.
func (st *step) partner() *end {
	s := st.from
	switch {
	case s == nil:
		return nil
	case st.to != nil:
		return st.to
	case len(st.takes) > 0:
		return st.takes[0].from
	case s.twin != nil:
		return s.twin
	}
	return s.partner
}

// fit reports whether one ladder has room for the lanes.
func fit(lanes []*end, width int) bool {
	return len(lanes) < maxLanes || len(lanes) == maxLanes && width >= wideWidth
}

// fold parts the steps: all in one, or by connection when they need more lanes
// than there is room for.
func fold(steps []*step, width int) [][]*step {
	if fit(lanesOf(steps), width) {
		return [][]*step{steps}
	}
	type connection struct{ a, b *end }
	places := map[connection]int{}
	var parts [][]*step
	var waiting []*step // notes before the first connection
	last := nowhere
	for _, st := range steps {
		s := st.from
		if s == nil {
			if last == nowhere {
				waiting = append(waiting, st)
			} else {
				parts[last] = append(parts[last], st)
			}
			continue
		}
		c := connection{a: s.lane()}
		if other := st.partner(); other != nil {
			if other.lane() == c.a && s.partner != nil {
				other = s.partner // what it sends to itself stays with the rest
			}
			c.b = other.lane()
			if c.a.id > c.b.id {
				c.a, c.b = c.b, c.a
			}
		}
		i, ok := places[c]
		if !ok {
			i = len(parts)
			places[c] = i
			parts = append(parts, waiting)
			waiting = nil
		}
		parts[i] = append(parts[i], st)
		last = i
	}
	if len(waiting) > 0 {
		parts = append(parts, waiting)
	}
	return parts
}

// lanes returns the lifelines that the steps need, in the order to draw them:
// who calls on the left, of three the one that has to do with both others in
// the middle.
func lanesOf(steps []*step) []*end {
	var lanes []*end
	degree := map[*end]map[*end]bool{}
	see := func(s *end) {
		if s != nil && !slices.Contains(lanes, s.lane()) {
			lanes = append(lanes, s.lane())
			degree[s.lane()] = map[*end]bool{}
		}
	}
	for _, st := range steps {
		a, b := st.from, st.partner()
		see(a)
		see(b)
		if a != nil && b != nil {
			degree[a.lane()][b.lane()] = true
			degree[b.lane()][a.lane()] = true
		}
	}
	switch {
	case len(lanes) == 2 && lanes[1].calls && !lanes[0].calls:
		slices.Reverse(lanes)
	case len(lanes) == 3:
		hub := slices.IndexFunc(lanes, func(s *end) bool { return len(degree[s]) == 2 })
		if hub >= 0 {
			lanes[1], lanes[hub] = lanes[hub], lanes[1]
		}
	}
	return lanes
}

// layOut gives the steps of a part their rows.
func layOut(steps []*step, since uint64) *section {
	sec := &section{lanes: lanesOf(steps)}
	opening := map[int]*step{}
	for i, st := range steps {
		s := st.from
		if st.event.Kind == record.SocketOpened && joins(steps[i+1:], st) {
			opening[s.id] = st
			continue
		}
		r := sec.place(st)
		if s != nil && opening[s.id] != nil {
			r.opens = true
			delete(opening, s.id)
		}
		sec.rows = append(sec.rows, r)
	}
	sec.measure()
	sec.rows = slices.DeleteFunc(sec.rows, func(r *row) bool { return r.step.event.Seq <= since })
	return sec
}

// measure finds how wide the states of the outer lanes are.
func (sec *section) measure() {
	outer := len(sec.lanes) - 1
	for _, r := range sec.rows {
		for i, state := range r.states {
			need := len(state.String()) + 1
			switch {
			case state == record.NoState:
			case i == 0:
				sec.left = max(sec.left, need)
			case i == outer:
				sec.right = max(sec.right, need)
			}
		}
	}
}

// joins reports whether socket() can share the row of the call that follows it:
// it is the same socket's and no arrow.
func joins(rest []*step, st *step) bool {
	return len(rest) > 0 && rest[0].event.Socket == st.event.Socket && !rest[0].leaves &&
		rest[0].event.Kind == record.CallMade
}

// row places a step among the lanes of its section.
func (sec *section) place(st *step) *row {
	r := &row{step: st, lane: nowhere, to: nowhere, side: +1, states: make([]record.State, len(sec.lanes))}
	for _, c := range st.states {
		if i := slices.Index(sec.lanes, c.end.lane()); i >= 0 {
			r.states[i] = c.state
		}
	}
	s := st.from
	if s == nil {
		return r
	}
	r.lane = slices.Index(sec.lanes, s.lane())
	if st.leaves && st.to != nil && st.to.lane() != s.lane() {
		r.to = slices.Index(sec.lanes, st.to.lane())
	}
	toward := r.to
	if other := st.partner(); toward == nowhere && other != nil {
		toward = slices.Index(sec.lanes, other.lane())
	}
	if toward == nowhere || toward == r.lane {
		toward = len(sec.lanes) - 1 - r.lane/max(len(sec.lanes)-1, 1)
	}
	if toward < r.lane {
		r.side = -1
	}
	return r
}
