package vm

// LockUntil is Lock, but gives up when done is closed. It tells whether t has
// the lock.
func (t *Thread) LockUntil(done <-chan struct{}) bool {
	if !t.vm.lock.lockUntil(done) {
		return false
	}
	t.holds()
	return true
}

func (l *lock) lockUntil(done <-chan struct{}) bool {
	p := l.queue()
	if p == nil {
		return true
	}
	select {
	case <-p.turn:
		places.Put(p)
		return true
	case <-done:
	}
	l.mu.Lock()
	left := l.leave(p)
	l.mu.Unlock()
	if !left { // it was handed over just now
		<-p.turn
	}
	places.Put(p)
	return !left
}

// leave takes p out of the queue; false means that it is not in there any more.
func (l *lock) leave(p *place) bool {
	var before *place
	for q := l.head; q != nil; before, q = q, q.next {
		if q != p {
			continue
		}
		if before == nil {
			l.head = p.next
		} else {
			before.next = p.next
		}
		if l.tail == p {
			l.tail = before
		}
		p.next = nil
		l.waiting.Add(-1)
		return true
	}
	return false
}
