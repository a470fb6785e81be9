package vm

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// protect calls the function and its nargs arguments on top of L and leaves
// all results there. After an error the stack is as it was without them;
// before that, while the frames of the failed calls still stand, it calls
// atError if that is given.
//
// gopher-lua's PCall closes the variables of all running functions of the
// state, so that closures which share a variable part company after a caught
// error (issue 448), and none at all after a Go panic or under xpcall, so that
// a closure reads another's register. This closes exactly those of the calls
// that ended.
func protect(L *lua.LState, nargs int, atError func(*lua.ApiError)) (failure *lua.ApiError) {
	in := inside(L)
	s := in.ctx.(*strand)
	caller, sp, base := in.currentFrame, s.calls.sp(), in.reg.top-nargs-1
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if r == any(killed) {
			panic(r)
		}
		failure = caught(L, r)
		if atError != nil {
			atError(failure)
		}
		closeUpvalues(in, base)
		s.calls.setSp(sp)
		in.currentFrame = caller
		if caller != nil {
			base -= caller.LocalBase
		}
		L.SetTop(base)
	}()
	if fn := in.reg.array[base]; !callable(L, fn) {
		Raisef(L, "attempt to call a %s value", fn.Type())
	}
	L.Call(nargs, lua.MultRet)
	return nil
}

// callable says whether v can be called.
func callable(L *lua.LState, v lua.LValue) bool {
	if _, ok := v.(*lua.LFunction); ok {
		return true
	}
	return L.GetMetaField(v, "__call") != lua.LNil
}

// caught makes a Lua error of what a panic carried. A panic of Go code names
// the function that was running; the VM is whole afterwards.
func caught(L *lua.LState, r any) *lua.ApiError {
	if failure, ok := r.(*lua.ApiError); ok {
		return failure
	}
	text := fmt.Sprint(r)
	if text == "lua callstack overflow" { // of a growing stack, which never says IsFull
		text = "stack overflow"
	} else if cf := inside(L).currentFrame; cf != nil && cf.Fn.IsG {
		text = fmt.Sprintf("%s: internal error: %s", quoteName(FunctionName(cf.Fn)), text)
	}
	return &lua.ApiError{Type: lua.ApiErrorRun, Object: lua.LString(at(L, 0) + text)}
}

// closeUpvalues gives the closures over registers from base on their own copy.
func closeUpvalues(in *state, base int) {
	var last *upvalue
	for uv := in.uvcache; uv != nil; uv = uv.next {
		if uv.index < base {
			last = uv
			continue
		}
		uv.value, uv.closed = uv.reg.array[uv.index], true
	}
	if last == nil {
		in.uvcache = nil
		return
	}
	last.next = nil
}
