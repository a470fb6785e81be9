package vm

import (
	"errors"
	"runtime"
	"time"
)

// ErrMemory is the cause with which the watchdog cancels the thread that runs
// when the live heap is over the limit.
var ErrMemory = errors.New("not enough memory")

// Largest is how many bytes a library function may make at once, so that no
// single call takes the machine before the watchdog can look. It needs no lock.
func (v *VM) Largest() int64 {
	const otherwise = 1 << 30
	if v.options.Memory > 0 {
		return v.options.Memory / 2
	}
	return otherwise
}

// watch looks at the heap until the VM is closed and cancels the thread that
// holds the lock when there is too much. gopher-lua knows only a limit that
// ends the process. While the heap does not grow it looks less and less often:
// a prompt that waits for a person is to be idle.
func (v *VM) watch() {
	const (
		period   = 20 * time.Millisecond
		longest  = 10 * period
		patience = 15 * period // for what the cancelled thread held to be freed
		growth   = 1 << 20
	)
	pause, last := period, int64(0)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-v.closing:
			return
		case <-timer.C:
		}
		heap := heapBytes()
		pause = min(2*pause, longest)
		if heap > last+growth {
			pause = period
		}
		last = heap
		if v.overLimit() {
			pause = patience
			if t := v.holder.Load(); v.lock.isHeld() {
				t.Cancel(ErrMemory)
			}
		}
		timer.Reset(pause)
	}
}

// overLimit says whether the heap is over the limit even without its garbage.
func (v *VM) overLimit() bool {
	if heapBytes() < v.options.Memory {
		return false
	}
	runtime.GC()
	return heapBytes() >= v.options.Memory
}
