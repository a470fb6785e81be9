package vm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openDebug makes the library debug. It has no hooks: a hook on every
// instruction is how a thread is interrupted here.
func (v *VM) openDebug() {
	v.library("debug", map[string]lua.LGFunction{
		"getfenv":      debugGetfenv,
		"gethook":      func(*lua.LState) int { return 0 },
		"getinfo":      debugGetinfo,
		"getlocal":     debugGetlocal,
		"getmetatable": debugGetmetatable,
		"getregistry":  func(L *lua.LState) int { L.Push(L.G.Registry); return 1 },
		"getupvalue":   debugGetupvalue,
		"setfenv":      debugSetfenv,
		"setlocal":     debugSetlocal,
		"setmetatable": debugSetmetatable,
		"setupvalue":   debugSetupvalue,
		"traceback":    debugTraceback,
	})
}

// threadArgument takes the optional first argument of the library: a coroutine
// to look at. It gives its state, nil if it has none, and how many arguments
// that is.
func threadArgument(L *lua.LState) (*lua.LState, *coroutine, int) {
	th, ok := L.Get(1).(*lua.LState)
	if !ok {
		return L, nil, 0
	}
	co := coroutineOf(th)
	if co == nil {
		return th, nil, 1
	}
	return co.state, co, 1
}

// debugTraceback shows the calls of L or of another coroutine; of one that
// failed those where it did.
func debugTraceback(L *lua.LState) int {
	at, co, skip := threadArgument(L)
	message := L.Get(1 + skip)
	if message != lua.LNil && !lua.LVCanConvToString(message) {
		L.Push(message)
		return 1
	}
	level := optInt(L, 2+skip, 1-skip)
	text := "stack traceback:"
	switch {
	case at != nil:
		text = trace(at, level)
	case co.failure != nil:
		text = co.failure.StackTrace
	}
	if message != lua.LNil {
		text = plainString(message) + "\n" + text
	}
	L.Push(lua.LString(text))
	return 1
}

func debugGetinfo(L *lua.LState) int {
	at, _, skip := threadArgument(L)
	what := optString(L, 2+skip, "flnSu")
	if bad := strings.Trim(what, "flnSuL"); bad != "" {
		argError(L, 2+skip, "invalid option")
	}
	var cf *frame
	fn, ok := L.Get(1 + skip).(*lua.LFunction)
	if !ok {
		level := argInt(L, 1+skip)
		if at != nil && level >= 0 {
			cf = frameAt(at, level)
		}
		if cf == nil {
			L.Push(lua.LNil)
			return 1
		}
		fn = cf.Fn
	}
	info := L.CreateTable(0, 12)
	for _, option := range what {
		fillInfo(L, info, option, fn, cf)
	}
	L.Push(info)
	return 1
}

// fillInfo adds what one option of getinfo asks for. cf is nil for a function
// that is not looked at in a call.
func fillInfo(L *lua.LState, info *lua.LTable, option rune, fn *lua.LFunction, cf *frame) {
	set := func(name string, value lua.LValue) { info.RawSetString(name, value) }
	switch option {
	case 'f':
		set("func", fn)
	case 'u':
		nups := len(fn.Upvalues)
		if FunctionName(fn) != "" {
			nups--
		}
		set("nups", lua.LNumber(nups))
	case 'l':
		line := -1
		if cf != nil && !fn.IsG {
			line = fn.Proto.DbgSourcePositions[max(cf.Pc-1, 0)]
		}
		set("currentline", lua.LNumber(line))
	case 'n':
		if cf != nil {
			if kind, name := calledAs(cf); name != "" {
				set("name", lua.LString(name))
				set("namewhat", lua.LString(kind))
				return
			}
		}
		set("namewhat", lua.LString(""))
	case 'S':
		sourceInfo(set, fn)
	case 'L':
		if !fn.IsG {
			lines := L.CreateTable(0, 0)
			for _, line := range fn.Proto.DbgSourcePositions {
				lines.RawSet(lua.LNumber(line), lua.LTrue)
			}
			set("activelines", lines)
		}
	}
}

func sourceInfo(set func(string, lua.LValue), fn *lua.LFunction) {
	if fn.IsG {
		set("what", lua.LString("C"))
		set("source", lua.LString("=[C]"))
		set("short_src", lua.LString("[C]"))
		set("linedefined", lua.LNumber(-1))
		set("lastlinedefined", lua.LNumber(-1))
		return
	}
	p := fn.Proto
	what := "Lua"
	if p.LineDefined == 0 {
		what = "main"
	}
	set("what", lua.LString(what))
	source := "@" + p.SourceName
	if text, ok := strings.CutPrefix(p.SourceName, `[string "`); ok {
		source = strings.TrimSuffix(text, `"]`)
	}
	set("source", lua.LString(source))
	set("short_src", lua.LString(p.SourceName))
	set("linedefined", lua.LNumber(p.LineDefined))
	set("lastlinedefined", lua.LNumber(p.LastLineDefined))
}

func debugGetlocal(L *lua.LState) int {
	at, _, skip := threadArgument(L)
	name, value := "", lua.LValue(lua.LNil)
	if dbg := levelArgument(L, at, 1+skip); dbg != nil {
		name, value = at.GetLocal(dbg, argInt(L, 2+skip))
	}
	if name == "" {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(name))
	L.Push(value)
	return 2
}

func levelArgument(L, at *lua.LState, n int) *lua.Debug {
	level := argInt(L, n)
	if at != nil && level >= 0 {
		if dbg, ok := at.GetStack(level); ok {
			return dbg
		}
	}
	argError(L, n, "level out of range")
	return nil
}

func debugSetlocal(L *lua.LState) int {
	at, _, skip := threadArgument(L)
	dbg := levelArgument(L, at, 1+skip)
	return pushName(L, at.SetLocal(dbg, argInt(L, 2+skip), argAny(L, 3+skip)))
}

func pushName(L *lua.LState, name string) int {
	if name == "" {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(name))
	}
	return 1
}

func debugGetmetatable(L *lua.LState) int {
	value := argAny(L, 1)
	switch v := value.(type) {
	case *lua.LTable:
		L.Push(v.Metatable)
	case *lua.LUserData:
		L.Push(v.Metatable)
	default:
		L.Push(L.GetMetatable(value))
	}
	return 1
}

func debugSetmetatable(L *lua.LState) int {
	meta := L.Get(2)
	if _, ok := meta.(*lua.LTable); !ok && meta != lua.LNil {
		argTypeError(L, 2, "nil or table")
	}
	L.SetMetatable(argAny(L, 1), meta)
	L.Push(lua.LTrue)
	return 1
}

func debugGetupvalue(L *lua.LState) int {
	name, value := L.GetUpvalue(argFunction(L, 1), argInt(L, 2))
	if name == "" {
		return 0
	}
	L.Push(lua.LString(name))
	L.Push(value)
	return 2
}

func debugSetupvalue(L *lua.LState) int {
	name := L.SetUpvalue(argFunction(L, 1), argInt(L, 2), argAny(L, 3))
	if name == "" {
		return 0
	}
	L.Push(lua.LString(name))
	return 1
}

// debugGetfenv and debugSetfenv take a coroutine for the state that runs it.
func debugGetfenv(L *lua.LState) int {
	L.Push(L.GetFEnv(argAny(L, 1)))
	return 1
}

func debugSetfenv(L *lua.LState) int {
	value, env := argAny(L, 1), argTable(L, 2)
	L.SetFEnv(value, env)
	if th, ok := value.(*lua.LState); ok {
		if co := coroutineOf(th); co != nil {
			co.env = env
			if co.state != nil {
				co.state.Env = env
			}
		}
	}
	L.SetTop(1)
	return 1
}
