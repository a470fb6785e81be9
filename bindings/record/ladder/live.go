package ladder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"lunawire/bindings/record"
)

// holdBack is how long an event waits for others that began before it and are
// told later: a receive may be recorded before the send that fed it.
const holdBack = 5 * time.Millisecond

// Live draws a ladder of text row by row while events come in. A ladder cannot
// know what comes: whenever a row needs a lifeline that is not there, a new
// head is written. NewLive makes it; it is for one goroutine.
type Live struct {
	w       io.Writer
	options Options
	matcher *matcher
	pending []*record.Event
	placed  []*step // those that the lanes of the section come from
	section *section
	sheet   *sheet
	number  int
}

// NewLive returns a ladder that writes to w.
func NewLive(w io.Writer, o Options) *Live {
	return &Live{w: w, options: o, matcher: newMatcher()}
}

// Add takes in events, which are the ladder's from then on; Flush draws them.
func (l *Live) Add(events []record.Event) {
	for i := range events {
		if events[i].Kind == record.SocketOpened {
			l.matcher.opened(&events[i])
		}
		l.pending = append(l.pending, &events[i])
	}
}

// Flush draws the events taken in up to a time of the timeline.
func (l *Live) Flush(until time.Duration) error {
	slices.SortStableFunc(l.pending, func(a, b *record.Event) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	ready := map[uint64]bool{}
	var steps []*step
	l.pending = slices.DeleteFunc(l.pending, func(e *record.Event) bool {
		if sortKey(e) > until && !(e.Kind == record.StateChanged && ready[e.Cause]) {
			return false
		}
		ready[e.Seq] = true
		if st := l.matcher.add(e); st != nil {
			st.settle()
			steps = append(steps, st)
		}
		return true
	})
	slices.SortStableFunc(steps, func(a, b *step) int { return cmp.Compare(a.key, b.key) })
	only := record.Filter{Sockets: l.options.Sockets}
	for _, st := range steps {
		if !only.Match(&st.event) {
			continue
		}
		if err := l.draw(st); err != nil {
			return err
		}
	}
	return nil
}

// draw writes the row of a step, under a new head if its lanes ask for one.
func (l *Live) draw(st *step) error {
	st.count(&l.number)
	if l.section == nil || !l.section.has(st.from) || !l.section.has(st.partner()) {
		if err := l.begin(st); err != nil {
			return err
		}
	}
	_, err := io.WriteString(l.w, l.sheet.row(l.section.place(st)))
	return err
}

func (sec *section) has(s *end) bool { return s == nil || slices.Contains(sec.lanes, s.lane()) }

// begin writes a head with the lanes so far and those of the step, or only the
// latter when all do not fit.
func (l *Live) begin(st *step) error {
	if l.placed = append(l.placed, st); !fit(lanesOf(l.placed), l.options.width()) {
		l.placed = []*step{st}
	}
	blank := "\n"
	if l.section == nil {
		blank = ""
	}
	l.section = &section{lanes: lanesOf(l.placed)}
	margin := 0
	if slices.ContainsFunc(l.section.lanes, func(s *end) bool { return s.network == record.TCP }) {
		margin = len(record.StateEstablished.String()) + 1
	}
	l.sheet = l.options.sheet(len(l.section.lanes), margin, margin)
	_, err := io.WriteString(l.w, blank+l.sheet.head(l.section))
	return err
}

// Follow draws the events of a timeline after the one numbered seq until the
// context ends, and then what is left; the context's end is no error.
func Follow(ctx context.Context, t *record.Timeline, seq uint64, w io.Writer, o Options) error {
	sub := t.Subscribe(seq)
	defer sub.Close()
	l := NewLive(w, o)
	for ctx.Err() == nil {
		if err := l.follow(ctx, t, sub); err != nil {
			return err
		}
	}
	events, _ := t.Since(sub.Last())
	l.Add(events)
	return l.Flush(1<<63 - 1)
}

// follow takes in what there is, for at most as long as events are held back.
func (l *Live) follow(ctx context.Context, t *record.Timeline, sub *record.Subscription) error {
	wait, stop := ctx, context.CancelFunc(func() {})
	if len(l.pending) > 0 {
		wait, stop = context.WithTimeoutCause(ctx, holdBack, errHeldBack)
	}
	defer stop()
	events, missed, err := sub.Next(wait)
	if missed > 0 {
		if _, err := fmt.Fprintf(l.w, "%d events were missed\n", missed); err != nil {
			return err
		}
	}
	l.Add(events)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errHeldBack) {
		return err
	}
	return l.Flush(t.Now() - holdBack)
}

var errHeldBack = errors.New("held back long enough")
