package record

import (
	"context"
	"errors"
	"slices"
)

// ErrUnsubscribed is what Next returns after Close.
var ErrUnsubscribed = errors.New("subscription closed")

// Subscription reads events in order as they are recorded. It is a place in
// the ring, not a queue: a reader that is too slow misses what the ring drops
// meanwhile, is told how much, and never holds up a recorder.
type Subscription struct {
	timeline *Timeline
	next     uint64 // Next alone writes it, under the timeline's lock
	waits    bool   // guarded by the timeline's lock
	closed   bool   // guarded by the timeline's lock
	wake     chan struct{}
}

// Subscribe returns a subscription to the events after the one numbered seq:
// Last() for new ones only, 0 for all that are kept.
func (t *Timeline) Subscribe(seq uint64) *Subscription {
	s := &Subscription{timeline: t, next: seq + 1, wake: make(chan struct{}, 1)}
	t.mu.Lock()
	t.subs = append(t.subs, s)
	t.mu.Unlock()
	return s
}

// Next waits for events and returns the next ones, at least one, and how many
// before them were missed. One goroutine at a time may call it.
func (s *Subscription) Next(ctx context.Context) (events []Event, missed uint64, err error) {
	for {
		got, lost := s.timeline.read(s.next, batch)
		events, missed = got, missed+lost
		s.advance(lost + uint64(len(got)))
		if len(events) > 0 {
			return events, missed, nil
		}
		if err := s.wait(ctx); err != nil {
			return nil, missed, err
		}
	}
}

func (s *Subscription) advance(n uint64) {
	s.timeline.mu.Lock()
	s.next += n
	s.timeline.mu.Unlock()
}

// wait returns when there may be something to read.
func (s *Subscription) wait(ctx context.Context) error {
	t := s.timeline
	t.mu.Lock()
	closed, ready := s.closed, s.next < t.next
	s.waits = !closed && !ready
	t.mu.Unlock()
	switch {
	case closed:
		return ErrUnsubscribed
	case ready:
		return nil
	}
	select {
	case <-s.wake:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Last returns the Seq of the latest event that Next returned or missed.
func (s *Subscription) Last() uint64 {
	s.timeline.mu.Lock()
	defer s.timeline.mu.Unlock()
	return s.next - 1
}

// Pending returns how many recorded events Next has not yet returned.
func (s *Subscription) Pending() uint64 {
	s.timeline.mu.Lock()
	defer s.timeline.mu.Unlock()
	return s.timeline.next - min(s.next, s.timeline.next)
}

// Close ends the subscription and a Next that waits.
func (s *Subscription) Close() {
	t := s.timeline
	t.mu.Lock()
	s.closed = true
	t.subs = slices.DeleteFunc(t.subs, func(other *Subscription) bool { return other == s })
	t.mu.Unlock()
	notify(s.wake)
}

// waiting returns the wake channel of a subscription that waits, if any, and
// wakes further ones itself. The lock is held; the usual answer is nil.
func (t *Timeline) waiting() chan struct{} {
	var wake chan struct{}
	for _, s := range t.subs {
		if !s.waits {
			continue
		}
		s.waits = false
		notify(wake)
		wake = s.wake
	}
	return wake
}

// notify wakes a waiter without ever blocking.
func notify(wake chan struct{}) {
	if wake == nil {
		return
	}
	select {
	case wake <- struct{}{}:
	default:
	}
}
