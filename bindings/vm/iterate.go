package vm

import (
	lua "github.com/yuin/gopher-lua"
)

func luaNext(L *lua.LState) int {
	key, value, ok := next(argTable(L, 1), L.Get(2))
	if !ok {
		Raisef(L, "invalid key to 'next'")
	}
	L.Push(key)
	if key == lua.LNil {
		return 1
	}
	L.Push(value)
	return 2
}

// pairs obeys __pairs, as from Lua 5.2.
func (v *VM) pairs(L *lua.LState) int {
	if method := L.GetMetaField(argAny(L, 1), "__pairs"); method != lua.LNil {
		L.Push(method)
		L.Push(L.Get(1))
		L.Call(1, 3)
		return 3
	}
	t := argTable(L, 1)
	L.Push(v.next)
	L.Push(t)
	L.Push(lua.LNil)
	return 3
}

// ipairs obeys __index, as from Lua 5.3.
func (v *VM) ipairs(L *lua.LState) int {
	argAny(L, 1)
	L.Push(v.ipairsNext)
	L.Push(L.Get(1))
	L.Push(lua.LNumber(0))
	return 3
}

func ipairsNext(L *lua.LState) int {
	i := L.Get(2).(lua.LNumber) + 1
	var value lua.LValue
	if t, ok := L.Get(1).(*lua.LTable); ok {
		value = index(L, t, i)
	} else {
		value = L.GetTable(L.Get(1), i)
	}
	if value == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(i)
	L.Push(value)
	return 2
}

// opForIn does a step of pairs and ipairs over a plain table without a call.
func opForIn(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	a := argA(inst)
	fn, ok := in.operand(cf, a).(*lua.LFunction)
	if !ok || !fn.IsG {
		return stockOps[inst>>26](L, inst, base)
	}
	t, ok := in.operand(cf, a+1).(*lua.LTable)
	if !ok {
		return stockOps[inst>>26](L, inst, base)
	}
	v := in.ctx.(*strand).t.vm
	var key, value lua.LValue
	switch {
	case fn == v.next:
		if key, value, ok = next(t, in.operand(cf, a+2)); !ok {
			Raisef(L, "invalid key to 'next'")
		}
	case fn == v.ipairsNext && t.Metatable == lua.LNil:
		i := in.operand(cf, a+2).(lua.LNumber) + 1
		if value = t.RawGet(i); value != lua.LNil {
			key = boxNumber(in.alloc, i)
		} else {
			key = lua.LNil
		}
	default:
		return stockOps[inst>>26](L, inst, base)
	}
	in.set(cf, a+3, key)
	if results := argC(inst); results > 1 {
		in.set(cf, a+4, value)
		for i := 2; i < results; i++ {
			in.set(cf, a+3+i, lua.LNil)
		}
	}
	if key != lua.LNil {
		in.set(cf, a+2, key)
		cf.Pc += argBx(cf.Fn.Proto.Code[cf.Pc]) - maxSbx
	}
	cf.Pc++
	return 0
}
