package vm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLibraries fills the globals. gopher-lua's channel library is left out:
// it would wait with the lock held.
func (v *VM) openLibraries(L *lua.LState) {
	for _, lib := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage},
		{lua.BaseLibName, lua.OpenBase},
		{lua.TabLibName, lua.OpenTable},
		{lua.MathLibName, lua.OpenMath},
		{lua.OsLibName, lua.OpenOs},
		{lua.DebugLibName, lua.OpenDebug},
	} {
		L.Push(L.NewFunction(lib.open))
		L.Push(lua.LString(lib.name))
		L.Call(1, 0)
	}
	v.openString()
	v.openCoroutine()
	v.replace("", protectedCalls)
	v.replace("", map[string]lua.LGFunction{"print": v.print})
}

// replace puts functions into a library, or the globals for "".
func (v *VM) replace(library string, functions map[string]lua.LGFunction) {
	table, prefix := v.Globals(), ""
	if library != "" {
		prefix = library + "."
		if found, ok := table.RawGetString(library).(*lua.LTable); ok {
			table = found
		}
	}
	for name, fn := range functions {
		table.RawSetString(name, v.NewFunction(prefix+name, fn))
	}
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
	t := Running(L)
	t.Unlock()
	_, err := v.options.Stdout.Write([]byte(b.String()))
	t.Lock()
	if err != nil {
		Raisef(L, "%v", err)
	}
	return 0
}

// display is value as tostring gives it.
func display(L *lua.LState, value lua.LValue) string {
	if meta, ok := L.GetMetaField(value, "__tostring").(*lua.LFunction); ok {
		L.Push(meta)
		L.Push(value)
		L.Call(1, 1)
		text := L.Get(-1)
		L.Pop(1)
		if !lua.LVCanConvToString(text) {
			Raisef(L, "'__tostring' must return a string")
		}
		return plainString(text)
	}
	return plainString(value)
}
