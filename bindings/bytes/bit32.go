package bytes

import (
	"math"
	"math/bits"

	"lunawire/bindings"
)

// Bit32 is the module "bit32".
var Bit32 = bindings.Module{
	Name: "bit32",
	Doc: `Bit operations on 32 bits, as in Lua 5.2 (manual 6.7).

Arguments are taken modulo 2^32, so -1 is 0xffffffff; a fraction is rounded to
the nearest whole number. Results are from 0 to 2^32-1.`,
	Funcs: []bindings.Func{
		{Name: "band", Params: "numbers...", Results: "number", Doc: "Returns the bits that are set in all numbers.", Go: band,
			Example: `print(bit32.band(0xff3c, 0x0ff0))               --> 3888`},
		{Name: "bor", Params: "numbers...", Results: "number", Doc: "Returns the bits that are set in any of the numbers.", Go: bor,
			Example: `print(bit32.bor(1, 4, 8))                       --> 13`},
		{Name: "bxor", Params: "numbers...", Results: "number", Doc: "Returns the bits that are set in an odd count of the numbers.", Go: bxor,
			Example: `print(bit32.bxor(0xff, 0x0f))                   --> 240`},
		{Name: "btest", Params: "numbers...", Results: "any_set", Doc: "Tells whether the numbers have a set bit in common.", Go: btest,
			Example: `print(bit32.btest(6, 2), bit32.btest(4, 2))     --> true	false`},
		{Name: "bnot", Params: "number", Results: "number", Doc: "Returns the number with all bits turned.", Go: bnot,
			Example: `print(bit32.bnot(0))                            --> 4294967295`},
		{Name: "lshift", Params: "number, by", Results: "number", Doc: "Shifts to the left; a negative by shifts to the right.", Go: lshift,
			Example: `print(bit32.lshift(1, 10), bit32.lshift(1, 32)) --> 1024	0`},
		{Name: "rshift", Params: "number, by", Results: "number", Doc: "Shifts to the right; a negative by shifts to the left.", Go: rshift,
			Example: `print(bit32.rshift(1024, 3))                    --> 128`},
		{Name: "arshift", Params: "number, by", Results: "number", Doc: "Shifts to the right and fills up with the highest bit.", Go: arshift,
			Example: `print(bit32.arshift(-16, 2) == bit32.band(-4))  --> true`},
		{Name: "lrotate", Params: "number, by", Results: "number", Doc: "Turns the bits round to the left; negative to the right.", Go: lrotate,
			Example: `print(bit32.lrotate(0x80000001, 1))             --> 3`},
		{Name: "rrotate", Params: "number, by", Results: "number", Doc: "Turns the bits round to the right; negative to the left.", Go: rrotate,
			Example: `print(bit32.rrotate(3, 1) == 0x80000001)        --> true`},
		{Name: "extract", Params: "number, field, width?", Results: "number",
			Doc:     "Returns width bits, counted from bit field on.\n\nBit 0 is the lowest. width is 1 if left out.",
			Example: `print(bit32.extract(0x45, 4, 4), bit32.extract(0x45, 0, 4))   --> 4	5`, Go: extract},
		{Name: "replace", Params: "number, value, field, width?", Results: "number",
			Doc:     "Returns number with width bits from bit field on set to value.\n\nBit 0 is the lowest. width is 1 if left out.",
			Example: `print(bit32.replace(0x45, 6, 4, 4) == 0x65)     --> true`, Go: replace},
	},
}

// bits32 is a number modulo 2^32, a fraction rounded to the nearest (of two, the
// even) whole number, as Lua 5.2 does on the machines that it is used on.
func bits32(n float64) (uint32, error) {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, bindings.Usage("%s has no bits", formatNumber(n))
	}
	rest := math.Mod(math.RoundToEven(n), 1<<32)
	if rest < 0 {
		rest += 1 << 32
	}
	return uint32(rest), nil
}

// fold joins the bits of numbers with an operation, beginning with start.
func fold(start uint32, numbers []float64, join func(a, b uint32) uint32) (uint32, error) {
	for _, n := range numbers {
		b, err := bits32(n)
		if err != nil {
			return 0, err
		}
		start = join(start, b)
	}
	return start, nil
}

func and(a, b uint32) uint32 { return a & b }

func band(numbers ...float64) (uint32, error) { return fold(math.MaxUint32, numbers, and) }

func bor(numbers ...float64) (uint32, error) {
	return fold(0, numbers, func(a, b uint32) uint32 { return a | b })
}

func bxor(numbers ...float64) (uint32, error) {
	return fold(0, numbers, func(a, b uint32) uint32 { return a ^ b })
}

func btest(numbers ...float64) (bool, error) {
	common, err := band(numbers...)
	return common != 0, err
}

func bnot(number float64) (uint32, error) {
	b, err := bits32(number)
	return ^b, err
}

func lshift(number float64, by int) (uint32, error) {
	b, err := bits32(number)
	return shiftLeft(b, by), err
}

func rshift(number float64, by int) (uint32, error) {
	b, err := bits32(number)
	return shiftLeft(b, -by), err
}

// shiftLeft shifts by any count, to the right if it is negative.
func shiftLeft(b uint32, by int) uint32 {
	if by < 0 {
		return b >> uint(-by)
	}
	return b << uint(by)
}

func arshift(number float64, by int) (uint32, error) {
	b, err := bits32(number)
	if by < 0 {
		return shiftLeft(b, -by), err
	}
	return uint32(int32(b) >> uint(by)), err
}

func lrotate(number float64, by int) (uint32, error) {
	b, err := bits32(number)
	return bits.RotateLeft32(b, by%32), err
}

func rrotate(number float64, by int) (uint32, error) {
	b, err := bits32(number)
	return bits.RotateLeft32(b, -(by % 32)), err
}

// mask is width bits from bit field on.
func mask(field int, width bindings.Opt[int]) (uint32, error) {
	w := width.Or(1)
	switch {
	case field < 0 || field > 31:
		return 0, bindings.BadArgument("field", "%d is not from 0 to 31", field)
	case w < 1:
		return 0, bindings.BadArgument("width", "%d is not 1 or more", w)
	case field+w > 32:
		return 0, bindings.BadArgument("width", "bit %d is beyond bit 31", field+w-1)
	}
	return uint32(1<<w-1) << field, nil
}

func extract(number float64, field int, width bindings.Opt[int]) (uint32, error) {
	m, err := mask(field, width)
	if err != nil {
		return 0, err
	}
	b, err := bits32(number)
	return b & m >> field, err
}

func replace(number, value float64, field int, width bindings.Opt[int]) (uint32, error) {
	m, err := mask(field, width)
	if err != nil {
		return 0, err
	}
	b, err := bits32(number)
	if err != nil {
		return 0, err
	}
	v, err := bits32(value)
	return b&^m | v<<field&m, err
}
