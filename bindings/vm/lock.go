package vm

import (
	"sync"
	"sync/atomic"
)

// lock is the one lock of a VM. It is handed over directly, first come first
// served: with a sync.Mutex a thread that computes and one that talks starve
// each other for milliseconds.
type lock struct {
	state      atomic.Int32 // free, held, or contended
	mu         sync.Mutex   // guards the queue
	head, tail *place
	waiting    atomic.Int32 // how many are in the queue
}

// The states of a lock. Only one that is contended may have a queue, so taking
// and leaving the others is one atomic step.
const (
	lockFree = iota
	lockHeld
	lockContended
)

// A place is where one waiter stands in the queue.
type place struct {
	next *place
	turn chan struct{}
}

// places are used again and again. They belong to no thread: a coroutine that
// is ended may have to wait on behalf of one that waits itself.
var places = sync.Pool{New: func() any { return &place{turn: make(chan struct{}, 1)} }}

func (l *lock) lock() {
	if p := l.queue(); p != nil {
		p.wait()
	}
}

// queue takes the lock or, if it is held, a place in the queue.
func (l *lock) queue() *place {
	if l.state.CompareAndSwap(lockFree, lockHeld) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Swap(lockContended) == lockFree {
		return nil
	}
	return l.enqueue()
}

// wait waits for the turn of p, which is then nobody's.
func (p *place) wait() {
	<-p.turn
	places.Put(p)
}

func (l *lock) unlock() {
	if l.state.CompareAndSwap(lockHeld, lockFree) {
		return
	}
	l.mu.Lock()
	if !l.handOver() {
		l.state.Store(lockFree)
	}
	l.mu.Unlock()
}

func (l *lock) isHeld() bool { return l.state.Load() != lockFree }

// yield lets all who wait now go first.
func (l *lock) yield() {
	l.mu.Lock()
	if l.head == nil {
		l.mu.Unlock()
		return
	}
	p := l.enqueue()
	l.handOver()
	l.mu.Unlock()
	p.wait()
}

func (l *lock) enqueue() *place {
	p := places.Get().(*place)
	if l.head == nil {
		l.head = p
	} else {
		l.tail.next = p
	}
	l.tail = p
	l.waiting.Add(1)
	return p
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
