package vm

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// An Error is what Lua code raised and nothing in Lua caught.
type Error struct {
	Value     lua.LValue // what was raised; not always a string
	Traceback string     // the calls that led there, innermost first
	Cause     error      // of an interrupt or cancel; otherwise nil
}

// Error is the value as text, without the traceback.
func (e *Error) Error() string { return plainString(e.Value) }

// Unwrap returns the cause of an interrupt or cancel.
func (e *Error) Unwrap() error { return e.Cause }

// An ExitError is the cause with which os.exit cancels its thread.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Raise raises value as it is, from a Go function that Lua called.
func Raise(L *lua.LState, value lua.LValue) {
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: value})
}

// Raisef raises a string with the position of the Lua line that runs.
func Raisef(L *lua.LState, format string, args ...any) {
	Raise(L, lua.LString(at(L, 0)+fmt.Sprintf(format, args...)))
}

// Where is the position "file:line" of the Lua code that runs in L or called
// the Go function that does; "" if there is none.
func Where(L *lua.LState) string {
	for cf := inside(L).currentFrame; cf != nil; cf = cf.Parent {
		if !cf.Fn.IsG {
			return position(cf)
		}
	}
	return ""
}

// at is the prefix "file:line: " of a message: for level 0 of the innermost
// Lua function, else of the function that many levels above the running one,
// which may be none of Lua's.
func at(L *lua.LState, level int) string {
	where := Where(L)
	if level > 0 {
		where = ""
		cf := inside(L).currentFrame
		for ; cf != nil && level > 0; level-- {
			cf = cf.Parent
		}
		if cf != nil && !cf.Fn.IsG {
			where = position(cf)
		}
	}
	if where == "" {
		return ""
	}
	return where + ": "
}

func position(cf *frame) string {
	p := cf.Fn.Proto
	pc := max(cf.Pc-1, 0)
	if pc >= len(p.DbgSourcePositions) {
		return p.SourceName
	}
	return fmt.Sprintf("%s:%d", p.SourceName, p.DbgSourcePositions[pc])
}

// throw is what gopher-lua's own errors go through. It improves the text and
// leaves the frames as they are for protect.
func throw(L *lua.LState) {
	value := L.Get(-1)
	if text, ok := value.(lua.LString); ok {
		value = lua.LString(explain(L, string(text)))
	}
	Raise(L, value)
}

func quoteName(name string) string {
	if name == "" {
		return "?"
	}
	return "'" + name + "'"
}
