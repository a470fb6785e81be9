package vm

import (
	"math"
	"math/rand"

	lua "github.com/yuin/gopher-lua"
)

func (v *VM) openMath() {
	numbers := rand.New(rand.NewSource(rand.Int63()))
	functions := map[string]lua.LGFunction{
		"fmod":   func(L *lua.LState) int { return number(L, math.Mod(argNumber(L, 1), argNumber(L, 2))) },
		"frexp":  mathFrexp,
		"ldexp":  func(L *lua.LState) int { return number(L, math.Ldexp(argNumber(L, 1), argInt(L, 2))) },
		"log":    mathLog,
		"max":    func(L *lua.LState) int { return extreme(L, func(a, b float64) bool { return a > b }) },
		"min":    func(L *lua.LState) int { return extreme(L, func(a, b float64) bool { return a < b }) },
		"modf":   mathModf,
		"random": func(L *lua.LState) int { return random(L, numbers) },
		"randomseed": func(L *lua.LState) int {
			numbers.Seed(int64(clampInt(argNumber(L, 1))))
			return 0
		},
	}
	for name, fn := range map[string]func(float64) float64{
		"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan,
		"ceil": math.Ceil, "cos": math.Cos, "cosh": math.Cosh, "exp": math.Exp,
		"floor": math.Floor, "log10": math.Log10, "sin": math.Sin, "sinh": math.Sinh,
		"sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh,
		"deg": func(x float64) float64 { return x * (180 / math.Pi) },
		"rad": func(x float64) float64 { return x * (math.Pi / 180) },
	} {
		functions[name] = func(L *lua.LState) int { return number(L, fn(argNumber(L, 1))) }
	}
	for name, fn := range map[string]func(a, b float64) float64{"atan2": math.Atan2, "pow": math.Pow} {
		functions[name] = func(L *lua.LState) int { return number(L, fn(argNumber(L, 1), argNumber(L, 2))) }
	}
	functions["mod"] = functions["fmod"]
	table := v.library("math", functions)
	table.RawSetString("pi", lua.LNumber(math.Pi))
	table.RawSetString("huge", lua.LNumber(math.Inf(1))) // gopher-lua's is finite
}

func number(L *lua.LState, n float64) int {
	L.Push(lua.LNumber(n))
	return 1
}

func mathFrexp(L *lua.LState) int {
	fraction, exponent := math.Frexp(argNumber(L, 1))
	L.Push(lua.LNumber(fraction))
	L.Push(lua.LNumber(exponent))
	return 2
}

// mathLog takes a base, as from Lua 5.2.
func mathLog(L *lua.LState) int {
	n := argNumber(L, 1)
	if L.Get(2) == lua.LNil {
		return number(L, math.Log(n))
	}
	switch base := argNumber(L, 2); base {
	case 2:
		return number(L, math.Log2(n))
	case 10:
		return number(L, math.Log10(n))
	default:
		return number(L, math.Log(n)/math.Log(base))
	}
}

func extreme(L *lua.LState, better func(a, b float64) bool) int {
	best := argNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if n := argNumber(L, i); better(n, best) {
			best = n
		}
	}
	return number(L, best)
}

func mathModf(L *lua.LState) int {
	n := argNumber(L, 1)
	whole, fraction := math.Modf(n)
	if math.IsInf(n, 0) {
		whole, fraction = n, 0
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(fraction))
	return 2
}

func random(L *lua.LState, numbers *rand.Rand) int {
	low, high := 1.0, 0.0
	switch L.GetTop() {
	case 0:
		return number(L, numbers.Float64())
	case 1:
		high = math.Floor(argNumber(L, 1))
	case 2:
		low, high = math.Floor(argNumber(L, 1)), math.Floor(argNumber(L, 2))
	default:
		Raisef(L, "wrong number of arguments")
	}
	if !(low <= high) {
		argError(L, L.GetTop(), "interval is empty")
	}
	return number(L, low+math.Floor(numbers.Float64()*(high-low+1)))
}
