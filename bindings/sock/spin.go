package sock

import (
	"sync/atomic"
	"time"
)

// WaitMode says what a receiving call does when there is nothing yet.
type WaitMode int32

const (
	// Park waits on the network poller at once. It is the best where both ends of
	// a conversation live in this process.
	Park WaitMode = iota

	// Auto first offers the processor to other threads for some microseconds and
	// looks again, as long as that is polite and pays: only while no other call of
	// the process waits and only on the socket that the process used last. It is
	// the best for a conversation with another process, whose answer then comes
	// without a way through the poller.
	Auto
)

// SetWaitMode chooses the wait mode of the process, which begins with Auto.
func SetWaitMode(m WaitMode) { waitMode.Store(int32(m)) }

// CurrentWaitMode returns the wait mode of the process.
func CurrentWaitMode() WaitMode { return WaitMode(waitMode.Load()) }

// Processors and threads belong to the process, so the rules of Auto do too.
var (
	waitMode = func() *atomic.Int32 { m := new(atomic.Int32); m.Store(int32(Auto)); return m }()
	parked   atomic.Int64 // calls that wait on the poller
	lastUser atomic.Int64 // the socket that made the last call
	spinSkip atomic.Int64 // waits to go before the next attempt to spin
	spinMiss atomic.Int64 // attempts in a row that were in vain
)

const (
	spinTime    = 50 * time.Microsecond
	maxSpinMiss = 6 // skip at most 2^6 waits
)

// used notes that the socket makes a call.
func (s *Socket) used() {
	id := int64(s.id)
	alone := lastUser.Load() == id
	if !alone {
		lastUser.Store(id)
	}
	if s.alone.Load() != alone { // to look is cheaper than to write
		s.alone.Store(alone)
	}
}

// maySpin reports whether spinning is polite now.
func (d *direction) maySpin() bool {
	s := d.socket
	return canSpin && WaitMode(waitMode.Load()) == Auto && d == &s.in && s.alone.Load() && parked.Load() == 0
}

// spin repeats the call of d for a moment and reports whether that ended it.
func (d *direction) spin() bool {
	if !d.maySpin() {
		return false
	}
	if spinSkip.Load() > 0 {
		spinSkip.Add(-1)
		return false
	}
	return d.spinNow()
}

//go:noinline
func (d *direction) spinNow() bool {
	s := d.socket
	if deadline, dated := d.ctx.Deadline(); dated && time.Until(deadline) < spinTime {
		return false
	}
	over := false
	for start := time.Now(); !over && time.Since(start) < spinTime; {
		yieldThread()
		over = d.attempt(s.fd)
		if parked.Load() > 0 || lastUser.Load() != int64(s.id) || s.Closed() {
			spinPaid(false) // the answer comes from this process, which parks faster
			return over
		}
	}
	spinPaid(over)
	d.paid++
	if !over {
		d.paid = 0
	}
	return over
}

// expect offers the processor before the first look where the calls before had
// to: the peer answers meanwhile, and the look that would come too early is
// saved. Now and then the look comes first all the same, to notice a stream that
// has become steady, in which spinning would only cost.
func (d *direction) expect() {
	if d.paid < expectAfter {
		return
	}
	if d.paid++; d.paid > doubtAfter || !d.maySpin() {
		d.paid = 0
		return
	}
	if d.paid%lookEach != 0 {
		yieldThread()
		return
	}
	start := time.Now()
	yieldThread()
	if time.Since(start) > spinTime { // somebody else computes on this processor
		d.paid = 0
	}
}

const (
	expectAfter = 4
	doubtAfter  = 64
	lookEach    = 8 // how often the clock is asked
)

// spinPaid lets the next attempts wait the longer, the more were in vain.
func spinPaid(paid bool) {
	if paid {
		spinMiss.Store(0)
		return
	}
	spinSkip.Store(1 << min(spinMiss.Add(1), maxSpinMiss))
}
