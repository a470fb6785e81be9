package vm

import (
	"iter"
	"runtime"

	lua "github.com/yuin/gopher-lua"
)

// A coroutine has a goroutine and a Lua state of its own and is switched to by
// iter.Pull. So it can yield from anywhere: across pcall, metamethods,
// iterators, sort and gsub, where gopher-lua gives wrong values or crashes
// (issues 45 and 306).
//
// Lua does not see that state but a handle, an LState that never runs. When
// the handle is garbage nobody can resume the coroutine any more, and its
// goroutine is ended. That needs that the goroutine does not hold the handle;
// one that keeps its own handle in a local variable lives until VM.Close.
//
// iter.Pull wants all who resume a coroutine to be alike in being locked to an
// OS thread or not: threads of this package run on ordinary goroutines.
type coroutine struct {
	vm     *VM
	fn     lua.LValue
	env    *lua.LTable // of its state
	state  *lua.LState // from the first resume to the end
	status coroutineStatus
	handle *lua.LState // only while it is not suspended

	next func() (struct{}, bool)
	stop func()
	out  func(struct{}) bool // in its goroutine: back to the resumer

	resumer *lua.LState   // where results go
	above   *coroutine    // the one that resumed it
	failure *lua.ApiError // that ended it
	dropped bool          // the handle is garbage
}

type coroutineStatus string

const (
	suspended coroutineStatus = "suspended"
	running   coroutineStatus = "running"
	normal    coroutineStatus = "normal"
	dead      coroutineStatus = "dead"
)

// maxResumes is how deep coroutines may resume each other, as in C Lua.
const maxResumes = 190

// killed unwinds the goroutine of a coroutine that nobody can resume.
var killed = new(int)

// handleContext leads from a handle to its coroutine.
type handleContext struct {
	strand
	co *coroutine
}

func (v *VM) openCoroutine() {
	v.library("coroutine", map[string]lua.LGFunction{
		"create":      v.create,
		"resume":      coResume,
		"yield":       coYield,
		"wrap":        v.wrap,
		"status":      coStatus,
		"running":     coRunning,
		"isyieldable": coIsYieldable,
		"close":       coClose,
	})
}

func (v *VM) newCoroutine(L *lua.LState) *lua.LState {
	co := &coroutine{vm: v, fn: argFunction(L, 1), env: L.Env, status: suspended}
	handle := &lua.LState{G: v.blank.G, Env: co.env}
	handle.SetContext(&handleContext{co: co})
	return handle
}

// coroutineOf is the coroutine of a handle, or nil for any other thread.
func coroutineOf(handle *lua.LState) *coroutine {
	if c, ok := handle.Context().(*handleContext); ok {
		return c.co
	}
	return nil
}

func checkCoroutine(L *lua.LState) *coroutine {
	if th, ok := L.Get(1).(*lua.LState); ok {
		if co := coroutineOf(th); co != nil {
			return co
		}
	}
	argError(L, 1, "coroutine expected, got "+typeName(L, 1))
	return nil
}

func (v *VM) create(L *lua.LState) int {
	L.Push(v.newCoroutine(L))
	return 1
}

// wrap is a function that resumes; the handle is its upvalue.
func (v *VM) wrap(L *lua.LState) int {
	handle := v.newCoroutine(L)
	name := &lua.LUserData{Value: functionName("coroutine.wrap"), Metatable: lua.LNil}
	L.Push(v.blank.NewClosure(resumeWrapped, handle, name))
	return 1
}

func resumeWrapped(L *lua.LState) int {
	handle := L.Get(lua.UpvalueIndex(1)).(*lua.LState)
	co := coroutineOf(handle)
	n, failure := co.resume(L, handle, 0)
	if failure != nil {
		panic(failure)
	}
	return n
}

func coResume(L *lua.LState) int {
	co := checkCoroutine(L)
	n, failure := co.resume(L, L.Get(1).(*lua.LState), 1)
	if failure == nil {
		L.Insert(lua.LTrue, L.GetTop()-n+1)
		return n + 1
	}
	return finish(L, failure)
}

// resume passes the arguments on L's stack, but for the first skip ones, to
// the coroutine and leaves what it yields or returns on top of L.
func (co *coroutine) resume(L *lua.LState, handle *lua.LState, skip int) (int, *lua.ApiError) {
	t := Running(L)
	switch {
	case co.status != suspended:
		return 0, plainFailure(L, "cannot resume "+string(co.status)+" coroutine")
	case t.resumes >= maxResumes:
		return 0, plainFailure(L, "stack overflow (too many nested coroutines)")
	}
	if co.state == nil {
		co.start(handle)
	}
	move(L, co.state, skip)
	s := strandOf(co.state)
	s.t = t
	above := strandOf(L).co
	co.enter(L, handle, above)
	t.current = co.state
	t.resumes++
	top := L.GetTop()
	co.next()
	t.resumes--
	t.current = L
	co.leave()
	if co.failure != nil && co.status == dead {
		return 0, co.failure
	}
	return L.GetTop() - top, nil
}

func (co *coroutine) enter(L, handle *lua.LState, above *coroutine) {
	co.status, co.resumer, co.handle, co.above = running, L, handle, above
	if above != nil {
		above.status = normal
	}
}

// leave is the resumer's half of a switch back.
func (co *coroutine) leave() {
	if co.above != nil {
		co.above.status = running
	}
	co.resumer, co.handle, co.above = nil, nil, nil
	if co.status == running {
		co.status = suspended
	}
	if co.dropped {
		co.end()
	}
}

func plainFailure(L *lua.LState, text string) *lua.ApiError {
	return &lua.ApiError{Type: lua.ApiErrorRun, Object: lua.LString(at(L, 0) + text)}
}

// move takes the values of from, but for the first skip, to the top of to.
func move(from, to *lua.LState, skip int) {
	top := from.GetTop()
	Reserve(to, top-skip)
	for i := skip + 1; i <= top; i++ {
		to.Push(from.Get(i))
	}
	from.SetTop(min(skip, top))
}

// start makes the state and the goroutine. The function runs at the first
// resume.
func (co *coroutine) start(handle *lua.LState) {
	v := co.vm
	runtime.AddCleanup(handle, v.drop, co)
	co.state = v.takeState()
	strandOf(co.state).co = co
	co.state.Env = co.env
	v.coroutines[co] = struct{}{}
	co.state.Push(co.fn)
	co.fn = lua.LNil
	co.next, co.stop = iter.Pull(func(out func(struct{}) bool) {
		defer func() {
			if r := recover(); r != nil && r != any(killed) {
				panic(r)
			}
		}()
		co.out = out
		co.run()
	})
}

// run is the life of the coroutine, in its goroutine.
func (co *coroutine) run() {
	L := co.state
	co.failure = protect(L, L.GetTop()-1, func(failure *lua.ApiError) {
		failure.StackTrace = joinTraces(failure.StackTrace, trace(L, 0))
	})
	co.status = dead
	if co.failure == nil {
		move(L, co.resumer, 0)
	}
	co.vm.giveState(co)
}

// coYield hands its arguments to the resumer and returns what the next resume
// is given.
func coYield(L *lua.LState) int {
	co := strandOf(L).co
	if co == nil {
		Raisef(L, "attempt to yield from outside a coroutine")
	}
	move(L, co.resumer, 0)
	if !co.out(struct{}{}) {
		panic(killed)
	}
	return L.GetTop()
}

// end unwinds a suspended coroutine. The lock is held.
func (co *coroutine) end() {
	if co.status != suspended {
		return
	}
	co.status = dead
	if co.state != nil {
		delete(co.vm.coroutines, co)
		co.stop()
		co.state = nil
	}
}

func coStatus(L *lua.LState) int {
	L.Push(lua.LString(checkCoroutine(L).status))
	return 1
}

// coRunning is nil in the main thread and in a task's own, as in Lua 5.1.
func coRunning(L *lua.LState) int {
	if co := strandOf(L).co; co != nil {
		L.Push(co.handle)
		return 1
	}
	L.Push(lua.LNil)
	return 1
}

func coIsYieldable(L *lua.LState) int {
	L.Push(lua.LBool(strandOf(L).co != nil))
	return 1
}

// coClose ends a suspended coroutine, as in Lua 5.4.
func coClose(L *lua.LState) int {
	co := checkCoroutine(L)
	if co.status == running || co.status == normal {
		Raisef(L, "cannot close a %s coroutine", co.status)
	}
	co.end()
	L.Push(lua.LBool(co.failure == nil))
	if co.failure == nil {
		return 1
	}
	L.Push(co.failure.Object)
	co.failure = nil
	return 2
}
