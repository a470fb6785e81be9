package vm

import (
	"errors"
	"sync"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"
)

// ErrInterrupted is the cause of an interrupt that has no other.
var ErrInterrupted = errors.New("interrupted")

// A Thread is one line of execution: one goroutine at a time runs it, under
// the VM's lock. Interrupt, Cancel, Reset, Canceled, Arm, Disarm and Done may
// be called without the lock, the first two from any goroutine.
type Thread struct {
	Owner any // the embedder's own

	vm      *VM
	base    *lua.LState
	current *lua.LState // base, or the coroutine that runs
	slices  int         // that it has computed since its last wait
	resumes int         // how deep coroutines are nested

	pending atomic.Bool // cause is not nil; read without mu
	mu      sync.Mutex
	cause   error
	sticky  bool // cause was set by Cancel
	wake    func()
	done    chan struct{} // made when asked for, closed when cause is set
}

// Running is the thread that runs L, whether L is its own state or that of a
// coroutine.
func Running(L *lua.LState) *Thread { return strandOf(L).t }

// VM is the machine that t belongs to.
func (t *Thread) VM() *VM { return t.vm }

// State is the Lua state in which t runs now.
func (t *Thread) State() *lua.LState { return t.current }

// Lock takes the VM's lock for t, after all who asked for it before.
func (t *Thread) Lock() {
	t.vm.lock.lock()
	t.holds()
}

// Unlock gives the VM's lock up. Until the next Lock nothing of Lua may be
// touched.
func (t *Thread) Unlock() {
	t.slices = 0
	t.vm.lock.unlock()
}

// yield lets the other threads run that wait for the lock.
func (t *Thread) yield() {
	t.vm.lock.yield()
	t.holds()
}

// holds notes that t has the lock now.
func (t *Thread) holds() {
	if t.vm.running != t {
		t.vm.running = t
		t.vm.holder.Store(t)
	}
}

// Interrupt ends what t does now: a wait returns with [ErrInterrupted], Lua
// code raises it once, and pcall catches it. A call that already has its
// result keeps it; the interrupt then strikes at the next instruction.
func (t *Thread) Interrupt() { t.strike(ErrInterrupted, false) }

// Cancel ends t for good with cause: pcall does not keep it and every later
// wait is refused, until Reset.
func (t *Thread) Cancel(cause error) { t.strike(cause, true) }

func (t *Thread) strike(cause error, sticky bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sticky || t.cause != nil && !sticky {
		return
	}
	t.cause, t.sticky = cause, sticky
	// Whoever sees done closed must find the cause, so pending comes first.
	if again := t.pending.Swap(true); t.done != nil && !again {
		close(t.done)
	}
	if t.wake != nil {
		t.wake()
	}
}

// Reset forgets an interrupt or a cancel: the next entry of a prompt starts
// afresh. Call it before waiting for the lock, so that an interrupt that comes
// during that wait still counts.
func (t *Thread) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
}

func (t *Thread) clear() {
	if t.cause != nil {
		t.done = nil // closed; a later wait gets a new one
	}
	t.cause, t.sticky = nil, false
	t.pending.Store(false)
}

// Canceled is the cause of an interrupt that has not struck yet or of a
// cancel, or nil.
func (t *Thread) Canceled() error {
	if !t.pending.Load() {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cause
}

func (t *Thread) cancelled() bool {
	if !t.pending.Load() {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sticky
}

// Arm announces a wait: from now on until Disarm an interrupt calls wake,
// once or more, from another goroutine; wake must not block nor call methods
// of t. If t is interrupted already, Arm returns why and wake is not called.
func (t *Thread) Arm(wake func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cause == nil {
		t.wake = wake
	}
	return t.cause
}

// Disarm ends the wait that Arm announced. After it wake is not called.
func (t *Thread) Disarm() {
	t.mu.Lock()
	t.wake = nil
	t.mu.Unlock()
}

// Done is closed when t is interrupted or cancelled, for waits that select.
// Ask for it again at each wait: after the interrupt has struck or Reset it is
// another channel.
func (t *Thread) Done() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done == nil {
		t.done = make(chan struct{})
		if t.cause != nil {
			close(t.done)
		}
	}
	return t.done
}

// CheckAlone is Check without letting others run: for loops over what they must
// not find half done.
func CheckAlone(L *lua.LState) {
	if t := strandOf(L).t; t.pending.Load() {
		t.raisePending(L)
	}
}

// Check belongs into every long Go loop over Lua's data: it raises if the
// thread that runs L is interrupted and lets others run who wait.
func Check(L *lua.LState) {
	CheckAlone(L)
	if t := strandOf(L).t; t.vm.lock.waiting.Load() > 0 {
		t.yield()
	}
}

// raisePending raises the interrupt or cancel; an interrupt is spent by it.
func (t *Thread) raisePending(L *lua.LState) {
	t.mu.Lock()
	cause := t.cause
	if !t.sticky {
		t.clear()
	}
	t.mu.Unlock()
	if cause != nil {
		panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: lua.LString(at(L, 0) + cause.Error()), Cause: cause})
	}
}

// Call calls fn, with the lock held. It may be called by a Go function that
// Lua called on this thread. The error is an [*Error].
func (t *Thread) Call(fn lua.LValue, args ...lua.LValue) ([]lua.LValue, error) {
	L := t.current
	top := L.GetTop()
	defer forget(L)
	Reserve(L, len(args)+1)
	L.Push(fn)
	for _, arg := range args {
		L.Push(arg)
	}
	var traceback string
	failure := protect(L, len(args), func(failure *lua.ApiError) {
		traceback = joinTraces(failure.StackTrace, trace(L, 0))
	})
	if failure != nil {
		return nil, &Error{Value: failure.Object, Traceback: traceback, Cause: failure.Cause}
	}
	results := make([]lua.LValue, L.GetTop()-top)
	for i := range results {
		results[i] = L.Get(top + i + 1)
	}
	L.SetTop(top)
	return results, nil
}

// forget clears what the calls of a state have left in its registers when the
// last one is over. Otherwise it would stay alive until something overwrites
// it. Registers that have grown large are given back.
func forget(L *lua.LState) {
	in := inside(L)
	if in.currentFrame != nil {
		return
	}
	reg := in.reg
	if most := 4 * keptRegisters; len(reg.array) > most && reg.top <= keptRegisters {
		reg.array = append(make([]lua.LValue, 0, keptRegisters), reg.array[:reg.top]...)[:keptRegisters]
		return
	}
	clear(reg.array[reg.top:])
}
