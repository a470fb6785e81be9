package vm

import (
	"sync"
	"sync/atomic"
)

// lock is the one lock of a VM. It is handed over directly, first come first
// served: with a sync.Mutex a thread that computes and one that talks starve
// each other for milliseconds.
type lock struct {
	mu         sync.Mutex
	held       bool
	head, tail *place
	waiting    atomic.Int32
}

// A place is where one waiter stands in the queue. It is used again and again,
// for one wait at a time.
type place struct {
	next *place
	turn chan struct{}
}

func newPlace() place { return place{turn: make(chan struct{}, 1)} }

func (l *lock) lock(p *place) {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	l.enqueue(p)
	l.mu.Unlock()
	<-p.turn
}

func (l *lock) unlock() {
	l.mu.Lock()
	if !l.handOver() {
		l.held = false
	}
	l.mu.Unlock()
}

func (l *lock) isHeld() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held
}

// yield lets all who wait now go first.
func (l *lock) yield(p *place) {
	l.mu.Lock()
	if l.head == nil {
		l.mu.Unlock()
		return
	}
	l.enqueue(p)
	l.handOver()
	l.mu.Unlock()
	<-p.turn
}

func (l *lock) enqueue(p *place) {
	if l.head == nil {
		l.head = p
	} else {
		l.tail.next = p
	}
	l.tail = p
	l.waiting.Add(1)
}

func (l *lock) handOver() bool {
	p := l.head
	if p == nil {
		return false
	}
	l.head, p.next = p.next, nil
	l.waiting.Add(-1)
	p.turn <- struct{}{}
	return true
}
