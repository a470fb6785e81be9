package bytes

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"lunawire/bindings"
)

func TestBitOperationsAgreeWithLua52(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var script strings.Builder
	script.WriteString(`local function show(ok, v) print(not ok and "error" or type(v) == "number" and string.format("%.0f", v) or tostring(v)) end` + "\n")
	var got, cases []string
	check := func(call string, result any, err error) {
		name, args, _ := strings.Cut(call, " ")
		fmt.Fprintf(&script, "show(pcall(bit32.%s, %s))\n", name, args)
		cases = append(cases, call)
		got = append(got, orError(fmt.Sprint(result), err))
	}
	many := map[string]func(...float64) (uint32, error){"band": band, "bor": bor, "bxor": bxor}
	shifts := map[string]func(float64, int) (uint32, error){"lshift": lshift, "rshift": rshift, "arshift": arshift, "lrotate": lrotate, "rrotate": rrotate}
	for range 700 {
		a, b, by, field, width := randomNumber(r), randomNumber(r), r.IntN(140)-70, r.IntN(36)-2, r.IntN(36)-1
		for name, f := range many {
			v, err := f(a, b)
			check(fmt.Sprintf("%s %s, %s", name, literal(a), literal(b)), v, err)
		}
		for name, f := range shifts {
			v, err := f(a, by)
			check(fmt.Sprintf("%s %s, %d", name, literal(a), by), v, err)
		}
		set, err := btest(a, b)
		check(fmt.Sprintf("btest %s, %s", literal(a), literal(b)), set, err)
		not, err := bnot(a)
		check("bnot "+literal(a), not, err)
		v, err := extract(a, field, bindings.Some(width))
		check(fmt.Sprintf("extract %s, %d, %d", literal(a), field, width), v, err)
		v, err = replace(a, b, field, bindings.Some(width))
		check(fmt.Sprintf("replace %s, %s, %d, %d", literal(a), literal(b), field, width), v, err)
	}
	compare(t, cases, got, lua(t, "lua5.2", script.String()))
}

// randomNumber is from the range that Lua 5.2 speaks of, -2^51 to 2^51.
func randomNumber(r *rand.Rand) float64 {
	n := math.Ldexp(r.Float64()-0.5, r.IntN(52))
	switch r.IntN(4) {
	case 0:
		return float64(r.Uint32())
	case 1:
		return math.Trunc(n) + 0.5
	}
	return math.Trunc(n)
}

func TestNumbersWrapAroundExactly(t *testing.T) {
	for n, want := range map[float64]uint32{
		-1: math.MaxUint32, 1 << 32: 0, 1<<32 + 5: 5, -(1 << 32) - 1: math.MaxUint32,
		1<<53 + 2: 2, 1 << 60: 0, -(1<<40 + 3): math.MaxUint32 - 2, 2.5: 2, 3.5: 4, -0.5: 0, 1e300: 0,
	} {
		if got, err := bits32(n); got != want || err != nil {
			t.Errorf("bits32(%v) = %d, %v, want %d", n, got, err, want)
		}
	}
	for _, n := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		if got, err := bits32(n); err == nil {
			t.Errorf("bits32(%v) = %d, want an error", n, got)
		}
	}
}

func TestOperationsOnNoNumbersGiveTheirNeutralElement(t *testing.T) {
	for name, test := range map[string]struct {
		f    func(...float64) (uint32, error)
		want uint32
	}{"band": {band, math.MaxUint32}, "bor": {bor, 0}, "bxor": {bxor, 0}} {
		if got, err := test.f(); got != test.want || err != nil {
			t.Errorf("%s() = %d, %v, want %d", name, got, err, test.want)
		}
	}
}
