package vm

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// Arithmetic differs from gopher-lua's in what concerns strings: "010" is 10
// here and 8 there, "inf" and "1_000" are no numbers.

func opAdd(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, a+b)
	}
	return arithmetic(L, inst)
}

func opSubtract(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, a-b)
	}
	return arithmetic(L, inst)
}

func opMultiply(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, a*b)
	}
	return arithmetic(L, inst)
}

func opDivide(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, a/b)
	}
	return arithmetic(L, inst)
}

func opModulo(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, modulo(a, b))
	}
	return arithmetic(L, inst)
}

func opPower(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if a, b, ok := in.numbers(inst); ok {
		return in.setNumber(inst, lua.LNumber(math.Pow(float64(a), float64(b))))
	}
	return arithmetic(L, inst)
}

func opMinus(L *lua.LState, inst uint32, _ *frame) int {
	in := inside(L)
	if n, ok := in.operand(in.currentFrame, argB(inst)).(lua.LNumber); ok {
		return in.setNumber(inst, -n)
	}
	return arithmetic(L, inst)
}

// numbers gives the operands of inst if both are numbers.
func (in *state) numbers(inst uint32) (a, b lua.LNumber, ok bool) {
	cf := in.currentFrame
	if a, ok = in.operand(cf, argB(inst)).(lua.LNumber); ok {
		b, ok = in.operand(cf, argC(inst)).(lua.LNumber)
	}
	return a, b, ok
}

func (in *state) setNumber(inst uint32, n lua.LNumber) int {
	if n == 0 { // perhaps -0, which boxNumber makes 0
		in.set(in.currentFrame, argA(inst), n)
		return 0
	}
	in.set(in.currentFrame, argA(inst), boxNumber(in.alloc, n))
	return 0
}

// modulo has the sign of b. Integers, which are what one takes it of, need no
// division of floats.
func modulo(a, b lua.LNumber) lua.LNumber {
	if i, j := int32(a), int32(b); lua.LNumber(i) == a && lua.LNumber(j) == b && i > 0 && j > 0 {
		return lua.LNumber(i % j)
	}
	r := lua.LNumber(math.Mod(float64(a), float64(b)))
	switch {
	case r == 0:
		return 0 // not -0
	case r*b < 0:
		return r + b
	}
	return r
}

var events = map[int]string{
	lua.OP_ADD: "__add", lua.OP_SUB: "__sub", lua.OP_MUL: "__mul",
	lua.OP_DIV: "__div", lua.OP_MOD: "__mod", lua.OP_POW: "__pow", lua.OP_UNM: "__unm",
}

// arithmetic does inst for operands that are not both numbers.
func arithmetic(L *lua.LState, inst uint32) int {
	in := inside(L)
	cf := in.currentFrame
	op, registers := int(inst>>26), [2]int{argB(inst), argC(inst)}
	if op == lua.OP_UNM {
		registers[1] = registers[0]
	}
	left, right := in.operand(cf, registers[0]), in.operand(cf, registers[1])
	a, ok := toNumber(left)
	b, also := toNumber(right)
	if ok && also {
		return in.setNumber(inst, compute(op, lua.LNumber(a), lua.LNumber(b)))
	}
	if method := metamethod(L, left, right, events[op]); method != lua.LNil {
		in.set(cf, argA(inst), callOne(L, method, left, right))
		return 0
	}
	culprit, register := left, registers[0]
	if ok {
		culprit, register = right, registers[1]
	}
	Raisef(L, "attempt to perform arithmetic on a %s value%s", culprit.Type(), nameOf(L, register))
	return 0
}

func compute(op int, a, b lua.LNumber) lua.LNumber {
	switch op {
	case lua.OP_ADD:
		return a + b
	case lua.OP_SUB:
		return a - b
	case lua.OP_MUL:
		return a * b
	case lua.OP_DIV:
		return a / b
	case lua.OP_MOD:
		return modulo(a, b)
	case lua.OP_UNM:
		return -a
	}
	return lua.LNumber(math.Pow(float64(a), float64(b)))
}
