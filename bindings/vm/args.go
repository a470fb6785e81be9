package vm

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// The functions here read the arguments of library functions as C Lua does:
// numbers may be written as strings, absent arguments are told from nil.

func typeName(L *lua.LState, n int) string {
	if n > L.GetTop() {
		return "no value"
	}
	return L.Get(n).Type().String()
}

// argError raises "bad argument #n to 'name' (why)".
func argError(L *lua.LState, n int, why string) {
	name := ""
	if cf := inside(L).currentFrame; cf != nil {
		name = goName(cf)
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	Raisef(L, "bad argument #%d to %s (%s)", n, quoteName(name), why)
}

func argTypeError(L *lua.LState, n int, want string) {
	argError(L, n, want+" expected, got "+typeName(L, n))
}

func argAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

func argTable(L *lua.LState, n int) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		argTypeError(L, n, "table")
	}
	return t
}

func argFunction(L *lua.LState, n int) *lua.LFunction {
	fn, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		argTypeError(L, n, "function")
	}
	return fn
}

func argNumber(L *lua.LState, n int) float64 {
	number, ok := toNumber(L.Get(n))
	if !ok {
		argTypeError(L, n, "number")
	}
	return number
}

// argInt is a number cut to an integer that fits, as lua_Integer.
func argInt(L *lua.LState, n int) int {
	return clampInt(argNumber(L, n))
}

func clampInt(number float64) int {
	switch {
	case math.IsNaN(number):
		return 0
	case number >= math.MaxInt32*1e6:
		return math.MaxInt32 * 1e6
	case number <= -math.MaxInt32*1e6:
		return -math.MaxInt32 * 1e6
	}
	return int(number)
}

func argString(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return formatNumber(float64(v))
	}
	argTypeError(L, n, "string")
	return ""
}

func optInt(L *lua.LState, n, otherwise int) int {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return argInt(L, n)
}

func optString(L *lua.LState, n int, otherwise string) string {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return argString(L, n)
}

// toNumber is the number that v is or is written as.
func toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// CheckRoom raises if a string of size bytes is more than Lua may make at once.
func CheckRoom(L *lua.LState, size float64) {
	if limit := Running(L).vm.Largest(); size > float64(limit) {
		Raisef(L, "not enough memory (%s at once, the limit is %s)", sizeText(size), sizeText(float64(limit)))
	}
}

// sizeText is a size for people.
func sizeText(n float64) string {
	const units = "kMGTPE"
	unit := -1
	for n >= 1000 && unit < len(units)-1 {
		n /= 1000
		unit++
	}
	if unit < 0 {
		return fmt.Sprintf("%.0f B", n)
	}
	return fmt.Sprintf("%.3g %cB", n, units[unit])
}
