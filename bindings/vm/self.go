package vm

import (
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
		if method := methodOf(data, in.operand(cf, argC(inst))); method != lua.LNil {
			in.set(cf, argA(inst), method)
			in.set(cf, argA(inst)+1, object)
			return 0
		}
	}
	return stockSelf(L, inst, base)
}

func methodOf(data *lua.LUserData, name lua.LValue) lua.LValue {
	key, isText := name.(lua.LString)
	if !isText || !hasMethods(data) {
		return lua.LNil
	}
	return data.Env.RawGetString(string(key))
}

func hasMethods(data *lua.LUserData) bool {
	return data.Env != nil && data.Env.Metatable == lua.LValue(methodsMark)
}
