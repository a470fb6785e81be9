package vm

import (
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
)

var opsOnce sync.Once

// arrayLimit is the largest index of a table's array part. gopher-lua fills
// the array up to any index below 2^26 (issue 501): t[20000000] = 1 took
// 320 MB. Larger indices are kept by key.
const arrayLimit = 1 << 22

// setUpOps fills the table of instructions. L is any new state.
func setUpOps(L *lua.LState) {
	opsOnce.Do(func() {
		lua.MaxArrayIndex = arrayLimit
		stockLoop = inside(L).mainLoop
		copy(ops[:], stockOps[:])
		stockSelf = stockOps[lua.OP_SELF]
		stockCall = stockOps[lua.OP_CALL]
		ops[lua.OP_CALL] = opCall
		ops[lua.OP_SELF] = opSelf
		ops[lua.OP_ADD] = opAdd
		ops[lua.OP_SUB] = opSubtract
		ops[lua.OP_MUL] = opMultiply
		ops[lua.OP_DIV] = opDivide
		ops[lua.OP_MOD] = opModulo
		ops[lua.OP_POW] = opPower
		ops[lua.OP_UNM] = opMinus
		ops[lua.OP_LEN] = opLength
		ops[lua.OP_CONCAT] = opConcat
		ops[lua.OP_SETTABLE] = opSetTable
		ops[lua.OP_SETTABLEKS] = opSetField
		ops[lua.OP_SETGLOBAL] = opSetGlobal
		ops[lua.OP_FORPREP] = opForPrepare
		ops[lua.OP_TFORLOOP] = opForIn
	})
}

// The operands of an instruction.
func argA(inst uint32) int  { return int(inst>>18) & 0xff }
func argB(inst uint32) int  { return int(inst & 0x1ff) }
func argC(inst uint32) int  { return int(inst>>9) & 0x1ff }
func argBx(inst uint32) int { return int(inst & 0x3ffff) }

const constantBit = 1 << 8

// operand is a register of cf or, with constantBit, a constant.
func (in *state) operand(cf *frame, i int) lua.LValue {
	if i&constantBit != 0 {
		return cf.Fn.Proto.Constants[i&^constantBit]
	}
	return in.reg.array[cf.LocalBase+i]
}

// set stores into a register. The top moves along: values are pushed there for
// the calls of metamethods.
func (in *state) set(cf *frame, register int, value lua.LValue) {
	i := cf.LocalBase + register
	in.reg.array[i] = value
	if i >= in.reg.top {
		in.reg.top = i + 1
	}
}

// metamethod is the one of left or else right.
func metamethod(L *lua.LState, left, right lua.LValue, event string) lua.LValue {
	if method := L.GetMetaField(left, event); method != lua.LNil {
		return method
	}
	return L.GetMetaField(right, event)
}

// callOne calls fn for one result.
func callOne(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, arg := range args {
		L.Push(arg)
	}
	L.Call(len(args), 1)
	result := L.Get(-1)
	L.Pop(1)
	return result
}

// opLength knows the elements behind the array part.
func opLength(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	if t, ok := in.operand(cf, argB(inst)).(*lua.LTable); ok && t.Metatable == lua.LNil {
		in.set(cf, argA(inst), lua.LNumber(Len(t)))
		return 0
	}
	return stockOps[inst>>26](L, inst, base)
}

// opConcat prints numbers with 14 digits, as print does; gopher-lua gives 17.
func opConcat(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	cf := in.currentFrame
	first, i := argB(inst), argC(inst)
	right := in.operand(cf, i)
	for i > first {
		left := in.operand(cf, i-1)
		if lua.LVCanConvToString(left) && lua.LVCanConvToString(right) {
			right, i = in.join(L, cf, first, i, right)
			continue
		}
		method := metamethod(L, left, right, "__concat")
		if method == lua.LNil {
			culprit, register := left, i-1
			if lua.LVCanConvToString(left) {
				culprit, register = right, i
			}
			Raisef(L, "attempt to concatenate a %s value%s", culprit.Type(), nameOf(L, register))
		}
		right = callOne(L, method, left, right)
		i--
	}
	in.set(cf, argA(inst), right)
	return 0
}

// join joins right, which stands for register i, with all strings and numbers
// before it, and says which register comes next.
func (in *state) join(L *lua.LState, cf *frame, first, i int, right lua.LValue) (lua.LValue, int) {
	var few [8]string
	parts := append(few[:0], plainString(right))
	size := len(parts[0])
	for ; i > first; i-- {
		left := in.operand(cf, i-1)
		if !lua.LVCanConvToString(left) {
			break
		}
		parts = append(parts, plainString(left))
		size += len(parts[len(parts)-1])
	}
	if size > 1<<20 {
		CheckRoom(L, float64(size))
	}
	var b strings.Builder
	b.Grow(size)
	for k := len(parts) - 1; k >= 0; k-- {
		b.WriteString(parts[k])
	}
	return lua.LString(b.String()), i
}

// opSetTable shortens the array when its last element is set to nil, so that
// t[#t] = nil in a loop is not quadratic, and lets go of deleted keys.
func opSetTable(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	t, ok := in.reg.array[cf.LocalBase+argA(inst)].(*lua.LTable)
	if !ok {
		return stockOps[inst>>26](L, inst, base)
	}
	key, value := in.operand(cf, argB(inst)), in.operand(cf, argC(inst))
	if n, ok := key.(lua.LNumber); ok {
		array := parts(t).array
		i := int(n)
		if i > 0 && i <= len(array) && lua.LNumber(i) == n && array[i-1] != lua.LNil {
			array[i-1] = value
			if value == lua.LNil && i == len(array) {
				shorten(t)
			}
			return 0
		}
	}
	tidy(t, key, value)
	return stockOps[inst>>26](L, inst, base)
}

func opSetField(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	if t, ok := in.reg.array[cf.LocalBase+argA(inst)].(*lua.LTable); ok && untidy(t) {
		tidy(t, in.operand(cf, argB(inst)), in.operand(cf, argC(inst)))
	}
	return stockOps[inst>>26](L, inst, base)
}

func opSetGlobal(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	if t := cf.Fn.Env; untidy(t) {
		tidy(t, cf.Fn.Proto.Constants[argBx(inst)], in.reg.array[cf.LocalBase+argA(inst)])
	}
	return stockOps[inst>>26](L, inst, base)
}

// opForPrepare takes strings for numbers, as Lua 5.1 does, and says in its
// words which of the three is none.
func opForPrepare(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	for i, what := range [...]string{"initial value", "limit", "step"} {
		value := in.reg.array[cf.LocalBase+argA(inst)+i]
		if _, ok := value.(lua.LNumber); ok {
			continue
		}
		n, ok := toNumber(value)
		if !ok {
			Raisef(L, "'for' %s must be a number", what)
		}
		in.set(cf, argA(inst)+i, lua.LNumber(n))
	}
	return stockOps[inst>>26](L, inst, base)
}
