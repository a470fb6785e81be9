package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// Methods is the field of a userdata's metatable that holds the table of its
// methods. value:name(...) looks there first, and at __index only for what is
// missing: calling an __index function for each s:send cost a sixth of a short
// socket call.
const Methods = "__methods"

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
	meta, ok := data.Metatable.(*lua.LTable)
	if !ok {
		return lua.LNil
	}
	methods, ok := meta.RawGetString(Methods).(*lua.LTable)
	key, isText := name.(lua.LString)
	if !ok || !isText {
		return lua.LNil
	}
	return methods.RawGetString(string(key))
}
