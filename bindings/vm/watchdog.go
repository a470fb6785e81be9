package vm

import (
	"errors"
	"runtime"
	"time"
)

// ErrMemory is the cause with which the watchdog cancels the thread that runs
// when the live heap is over the limit.
var ErrMemory = errors.New("not enough memory")

// largest is how many bytes a library call may make at once.
func (v *VM) largest() int64 {
	const otherwise = 1 << 30
	if v.options.Memory > 0 {
		return v.options.Memory / 2
	}
	return otherwise
}

// watch looks at the heap until the VM is closed. gopher-lua has no limit but
// one that ends the process.
func (v *VM) watch() {
	const period = 20 * time.Millisecond
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-v.closing:
			return
		case <-ticker.C:
		}
		if heapBytes() < v.options.Memory {
			continue
		}
		runtime.GC() // part of it may be garbage
		if t := v.holder.Load(); t != nil && heapBytes() >= v.options.Memory {
			t.Cancel(ErrMemory)
		}
	}
}
