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

// registerStep is by how much the few registers of a thread or a coroutine grow
// at least. So that many calls are not many steps, each of which copies all that
// was there, the step grows with the registers; see growStep.
const registerStep = 64

// growStep makes the next step half as long as the registers are.
func (r *registry) growStep() { r.growBy = max(registerStep, len(r.array)/2) }

// Reserve makes room for n values at once, so that pushing them does not grow the
// registers step by step. Where there is no room pushing them is an error.
func Reserve(L *lua.LState, n int) {
	if n <= registerStep || n >= maxRegisters/2 {
		return
	}
	top := L.GetTop()
	L.SetTop(top + n)
	L.SetTop(top)
}

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
