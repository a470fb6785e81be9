package vm

import (
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// nameOf describes the operand i of the instruction that runs in L, as in
// " (local 'x')", or gives "".
func nameOf(L *lua.LState, i int) string {
	cf := inside(L).currentFrame
	if cf == nil || cf.Fn.IsG {
		return ""
	}
	if i&constantBit != 0 {
		return ""
	}
	kind, name := describe(cf, i, cf.Pc-1)
	if kind == "" {
		return ""
	}
	return fmt.Sprintf(" (%s '%s')", kind, name)
}

// describe says what the program calls the value of a register before the
// instruction at pc: "global", "x".
func describe(cf *frame, register, pc int) (kind, name string) {
	p := cf.Fn.Proto
	local, declared := localName(p, register, pc)
	setter := lastSetter(p, register, pc)
	if setter >= declared { // perhaps its scope is over; see mendScopes
		if kind, name = describeSetter(cf, setter); kind != "" {
			return kind, name
		}
	}
	if local != "" && local[0] != '(' {
		return "local", local
	}
	return "", ""
}

// describeSetter names a value by the instruction that fetched it.
func describeSetter(cf *frame, setter int) (kind, name string) {
	if setter < 0 {
		return "", ""
	}
	p := cf.Fn.Proto
	inst := p.Code[setter]
	switch int(inst >> 26) {
	case lua.OP_GETGLOBAL:
		return "global", p.Constants[argBx(inst)].String()
	case lua.OP_MOVE:
		if argB(inst) < argA(inst) {
			return describe(cf, argB(inst), setter)
		}
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS:
		if name, ok := constantName(p, argC(inst)); ok {
			return "field", name
		}
	case lua.OP_GETUPVAL:
		return "upvalue", upvalueName(p, argB(inst))
	case lua.OP_SELF:
		if name, ok := constantName(p, argC(inst)); ok {
			return "method", name
		}
	}
	return "", ""
}

// localName is the local variable that lives in the register at pc, and where
// its life begins; "" if there is none.
func localName(p *lua.FunctionProto, register, pc int) (name string, start int) {
	for _, l := range p.DbgLocals {
		if l.StartPc > pc {
			break
		}
		if pc < l.EndPc {
			if register == 0 {
				return l.Name, l.StartPc
			}
			register--
		}
	}
	return "", 0
}

func constantName(p *lua.FunctionProto, i int) (string, bool) {
	if i&constantBit == 0 {
		return "", false
	}
	text, ok := p.Constants[i&^constantBit].(lua.LString)
	return string(text), ok
}

func upvalueName(p *lua.FunctionProto, i int) string {
	if i < len(p.DbgUpvalues) {
		return p.DbgUpvalues[i]
	}
	return "?"
}

// lastSetter is the instruction before last that gave the register its value,
// or -1 if that cannot be told.
func lastSetter(p *lua.FunctionProto, register, last int) int {
	setter, target := -1, 0 // code before target may be jumped over
	for pc := 0; pc < last; pc++ {
		inst := p.Code[pc]
		op, a := int(inst>>26), argA(inst)
		sets, at := a == register, pc
		switch op {
		case lua.OP_LOADNIL:
			sets = a <= register && register <= argB(inst)
		case lua.OP_MOVEN:
			for range argC(inst) { // further moves; last may be one of them
				pc++
				if pc < last && argA(p.Code[pc]) == register {
					sets, at = true, pc
				}
			}
		case lua.OP_TFORLOOP:
			sets = register >= a+2
		case lua.OP_CALL, lua.OP_TAILCALL, lua.OP_VARARG:
			sets = register >= a
		case lua.OP_SELF:
			sets = register == a || register == a+1
		case lua.OP_JMP:
			sets = false
			if to := pc + 1 + argBx(inst) - maxSbx; to > pc && to <= last {
				target = max(target, to)
			}
		case lua.OP_CLOSURE:
			pc += int(p.FunctionPrototypes[argBx(inst)].NumUpvalues)
		case lua.OP_SETLIST:
			sets = false
			if argC(inst) == 0 {
				pc++
			}
		case lua.OP_SETGLOBAL, lua.OP_SETUPVAL, lua.OP_SETTABLE, lua.OP_SETTABLEKS, lua.OP_TEST,
			lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_RETURN, lua.OP_CLOSE, lua.OP_NOP:
			sets = false
		}
		if sets {
			setter = at
			if at < target {
				setter = -1
			}
		}
	}
	return setter
}

// valueOf finds the value that a register had before the instruction at pc,
// for suggestions: nil where it is gone.
func valueOf(in *state, cf *frame, register, pc int) lua.LValue {
	setter := lastSetter(cf.Fn.Proto, register, pc)
	if name, start := localName(cf.Fn.Proto, register, pc); name != "" && setter < start {
		return in.operand(cf, register)
	}
	if setter < 0 {
		return lua.LNil
	}
	inst := cf.Fn.Proto.Code[setter]
	switch int(inst >> 26) {
	case lua.OP_GETGLOBAL:
		return cf.Fn.Env.RawGet(cf.Fn.Proto.Constants[argBx(inst)])
	case lua.OP_GETUPVAL:
		return cf.Fn.Upvalues[argB(inst)].Value()
	case lua.OP_MOVE:
		return in.operand(cf, argB(inst))
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS:
		if t, ok := valueOf(in, cf, argB(inst), setter).(*lua.LTable); ok && argC(inst)&constantBit != 0 {
			return t.RawGet(in.operand(cf, argC(inst)))
		}
	}
	return lua.LNil
}

// suggestion is "; did you mean recvfrom?" for the missing function in the
// register, or "".
func suggestion(L *lua.LState, register int) string {
	in := inside(L)
	cf := in.currentFrame
	kind, name := describe(cf, register, cf.Pc-1)
	var names []string
	switch kind {
	case "global":
		names = namesIn(L, cf.Fn.Env)
	case "method":
		names = namesIn(L, in.operand(cf, register+1))
	case "field":
		setter := lastSetter(cf.Fn.Proto, register, cf.Pc-1)
		names = namesIn(L, valueOf(in, cf, argB(cf.Fn.Proto.Code[setter]), setter))
	}
	return DidYouMean(name, names)
}

// namesIn lists the string keys of a value and of what it inherits from: a
// metatable's __index if that is a table, of a userdata its methods.
func namesIn(L *lua.LState, value lua.LValue) []string {
	var names []string
	for range 10 {
		if t, ok := value.(*lua.LTable); ok {
			for name := range parts(t).strdict {
				names = append(names, name)
			}
		}
		parent := L.GetMetaField(value, "__index")
		if data, ok := value.(*lua.LUserData); ok && hasMethods(data) {
			parent = data.Env
		}
		if parent.Type() != lua.LTTable {
			break
		}
		value = parent
	}
	slices.Sort(names)
	return names
}
