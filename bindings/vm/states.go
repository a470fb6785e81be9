package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// Coroutines that are made and used up by the thousand are cheap because their
// states are used again. A state whose registers have grown is not kept.
const (
	keptStates    = 64
	keptRegisters = 1 << 12
)

func (v *VM) takeState() *lua.LState {
	if n := len(v.idle); n > 0 {
		L := v.idle[n-1]
		v.idle = v.idle[:n-1]
		return L
	}
	return v.newState(&strand{t: v.running})
}

// giveState takes back the state of a coroutine that has ended.
func (v *VM) giveState(co *coroutine) {
	L := co.state
	co.state = nil
	delete(v.coroutines, co)
	strandOf(L).co = nil
	if len(v.idle) < keptStates && cap(inside(L).reg.array) <= keptRegisters {
		L.SetTop(0)
		v.idle = append(v.idle, L)
	}
}

// drop is called by the garbage collector when the handle of co is gone. The
// goroutine can be ended only under the lock, which this one must not wait for.
func (v *VM) drop(co *coroutine) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dropped = append(v.dropped, co)
	if !v.reaping && !v.closed {
		v.reaping = true
		v.helpers.Go(v.reap)
	}
}

// reap ends the coroutines that were dropped.
func (v *VM) reap() {
	v.lock.lock()
	defer v.lock.unlock()
	for {
		v.mu.Lock()
		list := v.dropped
		v.dropped = nil
		v.reaping = len(list) > 0
		v.mu.Unlock()
		if len(list) == 0 {
			return
		}
		for _, co := range list {
			co.dropped = true
			co.end()
		}
	}
}

// Close ends what is left of coroutines and commands, and writes out the files
// that are buffered. No thread may run any more and the lock must be free.
func (v *VM) Close() {
	v.mu.Lock()
	if v.closed {
		v.mu.Unlock()
		return
	}
	v.closed = true
	close(v.closing)
	v.mu.Unlock()
	v.helpers.Wait()
	v.main.Lock()
	defer v.main.Unlock()
	for co := range v.coroutines {
		co.end()
	}
	for f := range v.kept {
		f.abandon()
	}
}
