package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// pcall runs on protect and does not keep a cancel: otherwise
// while true do pcall(f) end could not be ended.
func pcall(L *lua.LState) int {
	L.CheckAny(1)
	return finish(L, protect(L, L.GetTop()-1, nil))
}

// xpcall calls its handler where the error happened. It passes arguments on,
// as from Lua 5.2.
func xpcall(L *lua.LState) int {
	L.CheckAny(2)
	handler := L.Get(2)
	L.Remove(2)
	return finish(L, protect(L, L.GetTop()-1, func(failure *lua.ApiError) {
		handled(L, handler, failure)
	}))
}

// finish gives pcall's results: true and what stands on the stack, or false
// and the error.
func finish(L *lua.LState, failure *lua.ApiError) int {
	if failure == nil {
		L.Insert(lua.LTrue, 1)
		return L.GetTop()
	}
	if t := Running(L); t.cancelled() {
		if failure.Cause == nil { // another error, just when the cancel came
			t.raisePending(L)
		}
		panic(failure)
	}
	L.Push(lua.LFalse)
	L.Push(failure.Object)
	return 2
}

// handlerRoom is how many calls deep the handler of a stack overflow may go.
const handlerRoom = 64

// handled replaces the value of failure by what handler makes of it.
func handled(L *lua.LState, handler lua.LValue, failure *lua.ApiError) {
	if Running(L).cancelled() {
		return
	}
	// A handler of a stack overflow needs room to run; one that uses that up as
	// well gets no more.
	if s := strandOf(L); s.calls.sp() > L.Options.CallStackSize-handlerRoom && !s.roomy {
		s.roomy = true
		L.Options.CallStackSize += handlerRoom
		s.calls.reserve(L.Options.CallStackSize)
		defer func() {
			s.roomy = false
			L.Options.CallStackSize -= handlerRoom
			s.calls.limit(L.Options.CallStackSize)
		}()
	}
	top := L.GetTop()
	L.Push(handler)
	L.Push(failure.Object)
	if again := protect(L, 1, nil); again != nil {
		failure.Object = lua.LString("error in error handling (" + plainString(again.Object) + ")")
		return
	}
	failure.Object = L.Get(top + 1)
	L.SetTop(top)
}

// assert raises its message as it is, whatever it is; gopher-lua takes only
// strings and puts a position in front of them.
func assert(L *lua.LState) int {
	if lua.LVAsBool(L.CheckAny(1)) {
		return L.GetTop()
	}
	if L.GetTop() < 2 {
		Raise(L, lua.LString("assertion failed!"))
	}
	Raise(L, L.Get(2))
	return 0
}

// raiseAny is error: any value, also nil, and a position for strings only.
func raiseAny(L *lua.LState) int {
	value := L.Get(1)
	level := L.OptInt(2, 1)
	if text, ok := value.(lua.LString); ok && level > 0 {
		value = lua.LString(at(L, level) + string(text))
	}
	Raise(L, value)
	return 0
}
