package vm

import (
	"runtime"
	"runtime/metrics"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLibraries fills the globals. There is no channel library: gopher-lua's
// would wait with the lock held.
func (v *VM) openLibraries() {
	v.openBase()
	v.openPackage()
	v.openString()
	v.openTable()
	v.openMath()
	v.openUTF8()
	v.openCoroutine()
	v.openDebug()
	v.openOS()
	v.openIO()
	for _, name := range []string{"string", "table", "math", "utf8", "coroutine", "debug", "os", "io"} {
		v.loaded.RawSetString(name, v.Globals().RawGetString(name))
	}
	v.loaded.RawSetString("_G", v.Globals())
}

// library adds functions to the table of that name, or to the globals for "".
func (v *VM) library(name string, functions map[string]lua.LGFunction) *lua.LTable {
	table, prefix := v.Globals(), ""
	if name != "" {
		prefix = name + "."
		table = v.blank.CreateTable(0, len(functions))
		v.Globals().RawSetString(name, table)
	}
	for fn, body := range functions {
		table.RawSetString(fn, v.NewFunction(prefix+fn, body))
	}
	return table
}

func (v *VM) openBase() {
	globals := v.library("", map[string]lua.LGFunction{
		"assert":         assert,
		"collectgarbage": collectGarbage,
		"dofile":         v.dofile,
		"error":          raiseAny,
		"gcinfo":         func(L *lua.LState) int { L.Push(lua.LNumber(heapKB())); return 1 },
		"getfenv":        getfenv,
		"getmetatable":   func(L *lua.LState) int { L.Push(L.GetMetatable(argAny(L, 1))); return 1 },
		"ipairs":         v.ipairs,
		"load":           v.load,
		"loadfile":       v.loadfile,
		"loadstring":     v.load,
		"newproxy":       newproxy,
		"pairs":          v.pairs,
		"pcall":          pcall,
		"print":          v.print,
		"rawequal":       rawequal,
		"rawget":         func(L *lua.LState) int { L.Push(argTable(L, 1).RawGet(argAny(L, 2))); return 1 },
		"rawlen":         rawlen,
		"rawset":         rawset,
		"select":         selectArgs,
		"setfenv":        setfenv,
		"setmetatable":   setmetatable,
		"tonumber":       tonumber,
		"tostring":       tostring,
		"type":           func(L *lua.LState) int { L.Push(lua.LString(argAny(L, 1).Type().String())); return 1 },
		"unpack":         unpack,
		"xpcall":         xpcall,
	})
	v.next = v.NewFunction("next", luaNext)
	v.ipairsNext = v.NewFunction("ipairs iterator", ipairsNext)
	globals.RawSetString("next", v.next)
	globals.RawSetString("_G", globals)
	globals.RawSetString("_VERSION", lua.LString(lua.LuaVersion))
}

// print gives the lock up while it writes: a pipe may be full.
func (v *VM) print(L *lua.LState) int {
	var b strings.Builder
	for i := 1; i <= L.GetTop(); i++ {
		if i > 1 {
			b.WriteByte('\t')
		}
		b.WriteString(display(L, L.Get(i)))
	}
	b.WriteByte('\n')
	var err error
	out := v.options.Stdout
	if v.options.Print != nil {
		out = v.options.Print(Running(L))
	}
	outside(L, func() { _, err = out.Write([]byte(b.String())) })
	if err != nil {
		Raisef(L, "%v", err)
	}
	return 0
}

// outside runs what may wait without the lock.
func outside(L *lua.LState, wait func()) {
	t := Running(L)
	t.Unlock()
	defer t.Lock()
	wait()
}

// display is value as tostring gives it.
func display(L *lua.LState, value lua.LValue) string {
	if meta := L.GetMetaField(value, "__tostring"); meta != lua.LNil {
		text := callOne(L, meta, value)
		if !lua.LVCanConvToString(text) {
			Raisef(L, "'__tostring' must return a string")
		}
		return plainString(text)
	}
	return plainString(value)
}

// tostring gives what __tostring does, even if that is no string, as Lua 5.1.
func tostring(L *lua.LState) int {
	value := argAny(L, 1)
	if meta := L.GetMetaField(value, "__tostring"); meta != lua.LNil {
		L.Push(callOne(L, meta, value))
	} else {
		L.Push(lua.LString(plainString(value)))
	}
	return 1
}

// collectGarbage knows the options of Lua 5.1. The collector is Go's and looks
// after itself; "count" is the live heap in kB.
func collectGarbage(L *lua.LState) int {
	switch what := optString(L, 1, "collect"); what {
	case "collect":
		outside(L, runtime.GC)
		L.Push(lua.LNumber(0))
	case "count":
		L.Push(lua.LNumber(heapKB()))
	case "step":
		outside(L, runtime.GC)
		L.Push(lua.LTrue)
	case "stop", "restart", "setpause", "setstepmul", "incremental", "generational":
		L.Push(lua.LNumber(0))
	case "isrunning":
		L.Push(lua.LTrue)
	default:
		argError(L, 1, "invalid option '"+what+"'")
	}
	return 1
}

// heapBytes is the size of the live heap, cheap to ask for.
func heapBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

func heapKB() float64 { return float64(heapBytes()) / 1024 }

// frameAt is the frame of a function's level: 1 is what called the running Go
// function. nil if there is none.
func frameAt(L *lua.LState, level int) *frame {
	cf := inside(L).currentFrame
	for ; cf != nil && level > 0; level-- {
		cf = cf.Parent
	}
	return cf
}

// envOf gives the function that the first argument of getfenv and setfenv
// means, or nil for the thread itself.
func envOf(L *lua.LState) *lua.LFunction {
	if fn, ok := L.Get(1).(*lua.LFunction); ok {
		return fn
	}
	level := optInt(L, 1, 1)
	if level < 0 {
		argError(L, 1, "level must be non-negative")
	}
	if level == 0 {
		return nil
	}
	cf := frameAt(L, level)
	if cf == nil {
		argError(L, 1, "invalid level")
	}
	return cf.Fn
}

func getfenv(L *lua.LState) int {
	switch fn := envOf(L); {
	case fn == nil || fn.IsG:
		L.Push(L.Env)
	default:
		L.Push(fn.Env)
	}
	return 1
}

func setfenv(L *lua.LState) int {
	env := argTable(L, 2)
	fn := envOf(L)
	switch {
	case fn == nil:
		L.Env = env
		return 0
	case fn.IsG:
		Raisef(L, "'setfenv' cannot change environment of given object")
	}
	fn.Env = env
	L.Push(fn)
	return 1
}

func newproxy(L *lua.LState) int {
	data := L.NewUserData()
	switch like := L.Get(1).(type) {
	case lua.LBool:
		if like {
			data.Metatable = L.CreateTable(0, 1)
		}
	case *lua.LUserData:
		data.Metatable = like.Metatable
	}
	L.Push(data)
	return 1
}

func rawequal(L *lua.LState) int {
	L.Push(lua.LBool(L.RawEqual(argAny(L, 1), argAny(L, 2))))
	return 1
}

func rawlen(L *lua.LState) int {
	switch v := L.Get(1).(type) {
	case *lua.LTable:
		L.Push(lua.LNumber(Len(v)))
	case lua.LString:
		L.Push(lua.LNumber(len(v)))
	default:
		argTypeError(L, 1, "table or string")
	}
	return 1
}

func rawset(L *lua.LState) int {
	rawSet(L, argTable(L, 1), argAny(L, 2), argAny(L, 3))
	L.SetTop(1)
	return 1
}

func selectArgs(L *lua.LState) int {
	top := L.GetTop()
	if L.Get(1) == lua.LString("#") {
		L.Push(lua.LNumber(top - 1))
		return 1
	}
	n := argInt(L, 1)
	if n < 0 {
		n = top + n
	}
	if n < 1 {
		argError(L, 1, "index out of range")
	}
	return max(top-n, 0)
}

func setmetatable(L *lua.LState) int {
	t := argTable(L, 1)
	meta := L.Get(2)
	if _, ok := meta.(*lua.LTable); !ok && (meta != lua.LNil || L.GetTop() < 2) {
		argTypeError(L, 2, "nil or table")
	}
	if L.GetMetaField(t, "__metatable") != lua.LNil {
		Raisef(L, "cannot change a protected metatable")
	}
	t.Metatable = meta
	L.SetTop(1)
	return 1
}

// tonumber reads what Lua's numerals look like, and any base: gopher-lua
// refuses "1e2".
func tonumber(L *lua.LState) int {
	if L.Get(2) == lua.LNil {
		if n, ok := toNumber(argAny(L, 1)); ok {
			L.Push(lua.LNumber(n))
			return 1
		}
		L.Push(lua.LNil)
		return 1
	}
	base := argInt(L, 2)
	if base < 2 || base > 36 {
		argError(L, 2, "base out of range")
	}
	L.Push(inBase(argString(L, 1), base))
	return 1
}

func inBase(text string, base int) lua.LValue {
	text = strings.Trim(text, whiteSpace)
	digits, negative := strings.CutPrefix(text, "-")
	if base == 16 {
		digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0x"), "0X")
	}
	value := 0.0
	for _, c := range []byte(digits) {
		d, ok := digitValue(c)
		if !ok || d >= base {
			return lua.LNil
		}
		value = value*float64(base) + float64(d)
	}
	switch {
	case digits == "":
		return lua.LNil
	case negative:
		return lua.LNumber(-value)
	}
	return lua.LNumber(value)
}
