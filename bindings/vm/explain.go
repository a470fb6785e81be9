package vm

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// explain says in C Lua's words, with the names of the program, what
// gopher-lua says in its own: "attempt to call a non-function object".
func explain(L *lua.LState, text string) string {
	where := at(L, 0)
	message, ok := strings.CutPrefix(text, where)
	if !ok {
		return text
	}
	cf := inside(L).currentFrame
	switch {
	case strings.HasPrefix(message, "bad argument #"):
		message = explainArgument(cf, message)
	case cf == nil || cf.Fn.IsG:
		if message == "attempt to call a non-function object" {
			message = "attempt to call a value that is no function"
		}
	default:
		message = explainInstruction(L, cf, message)
	}
	return where + message
}

func explainArgument(cf *frame, message string) string {
	number, rest, ok := strings.Cut(strings.TrimPrefix(message, "bad argument #"), " to ")
	_, why, also := strings.Cut(rest, " (")
	if !ok || !also || cf == nil {
		return message
	}
	name := goName(cf)
	name = name[strings.LastIndexByte(name, '.')+1:]
	return fmt.Sprintf("bad argument #%s to %s (%s", number, quoteName(name), why)
}

// explainInstruction explains the failure of the instruction that runs.
func explainInstruction(L *lua.LState, cf *frame, message string) string {
	in := inside(L)
	inst := cf.Fn.Proto.Code[cf.Pc-1]
	op := int(inst >> 26)
	switch {
	case message == "attempt to call a non-function object":
		return explainCall(L, in, cf, inst)
	case strings.HasPrefix(message, "attempt to index a non-table object"):
		return explainIndex(L, in, cf, inst)
	case message == "__len undefined":
		return fmt.Sprintf("attempt to get length of a %s value%s", in.operand(cf, argB(inst)).Type(), nameOf(L, argB(inst)))
	case strings.HasPrefix(message, "attempt to compare ") && (op == lua.OP_LT || op == lua.OP_LE):
		a, b := in.operand(cf, argB(inst)).Type(), in.operand(cf, argC(inst)).Type()
		if a == b {
			return fmt.Sprintf("attempt to compare two %s values", a)
		}
		return fmt.Sprintf("attempt to compare %s with %s", a, b)
	}
	return message
}

func explainCall(L *lua.LState, in *state, cf *frame, inst uint32) string {
	register := argA(inst)
	switch int(inst >> 26) {
	case lua.OP_CALL, lua.OP_TAILCALL:
		value := in.operand(cf, register)
		hint := ""
		if value == lua.LNil {
			hint = suggestion(L, register)
		}
		return fmt.Sprintf("attempt to call a %s value%s%s", value.Type(), nameOf(L, register), hint)
	case lua.OP_TFORLOOP:
		value := in.operand(cf, register)
		if value.Type() == lua.LTTable {
			return "attempt to call a table value; did you mean for ... in pairs(t)?"
		}
		return fmt.Sprintf("attempt to call a %s value", value.Type())
	}
	return "attempt to call a value that is no function"
}

func explainIndex(L *lua.LState, in *state, cf *frame, inst uint32) string {
	register := argB(inst)
	switch int(inst >> 26) {
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		register = argA(inst)
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS, lua.OP_SELF:
	default:
		return "attempt to index a value that is no table"
	}
	value := in.operand(cf, register)
	hint := ""
	if value == lua.LNil {
		hint = suggestion(L, register)
	}
	return fmt.Sprintf("attempt to index a %s value%s%s", value.Type(), nameOf(L, register), hint)
}
