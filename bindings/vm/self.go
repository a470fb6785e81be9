package vm

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// methodsMark is the metatable of tables of methods; see SetMethods.
var methodsMark = &lua.LTable{Metatable: lua.LNil}

// SetMethods gives a userdata the table of its methods: value:name(...) looks
// there first, and at __index only for what is missing. Calling an __index
// function for each s:send cost a sixth of a short socket call. The table
// stands in the userdata's environment, which Lua code cannot see.
func SetMethods(data *lua.LUserData, methods *lua.LTable) {
	methods.Metatable = methodsMark
	data.Env = methods
}

var stockSelf instruction

// opSelf is R(A+1) := R(B); R(A) := R(B)[RK(C)].
func opSelf(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	object := in.reg.array[cf.LocalBase+argB(inst)]
	if data, ok := object.(*lua.LUserData); ok {
		if name, ok := in.operand(cf, argC(inst)).(lua.LString); ok && hasMethods(data) {
			if method := in.ctx.(*strand).t.vm.methods.find(data.Env, string(name)); method != lua.LNil {
				in.set(cf, argA(inst), method)
				in.set(cf, argA(inst)+1, object)
				return 0
			}
		}
	}
	return stockSelf(L, inst, base)
}

func hasMethods(data *lua.LUserData) bool {
	return data.Env != nil && data.Env.Metatable == lua.LValue(methodsMark)
}

// methodCache remembers where the methods are that were called lately. A name
// is known by where its bytes lie: that of a call is a constant of its function,
// always the same one. Tables of methods never change.
type methodCache [64]struct {
	methods *lua.LTable
	name    string
	method  lua.LValue
}

// find is methods[name].
func (c *methodCache) find(methods *lua.LTable, name string) lua.LValue {
	place := unsafe.StringData(name)
	e := &c[uintptr(unsafe.Pointer(place))>>3%uintptr(len(c))]
	if e.methods != methods || unsafe.StringData(e.name) != place || len(e.name) != len(name) {
		e.methods, e.name, e.method = methods, name, methods.RawGetString(name)
	}
	return e.method
}
