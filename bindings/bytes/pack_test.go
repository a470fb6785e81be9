package bytes

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"lunawire/bindings"
)

// lua runs a script in a real Lua and gives the lines that it prints.
func lua(t *testing.T, version, script string) []string {
	t.Helper()
	path, err := exec.LookPath(version)
	if err != nil {
		t.Skipf("no %s to compare with", version)
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", version, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// quote writes a string as Lua reads it.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		fmt.Fprintf(&b, `\%03d`, s[i])
	}
	return b.String() + `"`
}

func literal(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < exactBelow {
			return strconv.FormatFloat(v, 'f', 0, 64)
		}
		return strconv.FormatFloat(v, 'x', -1, 64)
	}
	return fmt.Sprint(v)
}

var (
	optionLetters  = strings.Fields("b B h H i I l L j J T f d n s s1 s2 s4 s3 z c0 c1 c5 x i1 i2 i3 i4 i5 i7 i8 i9 i16 I1 I2 I3 I4 I6 I8 I12 I16")
	settingLetters = append(strings.Fields("< > = ! !1 !2 !4 !8 !16 Xi4 Xi8 Xh Xd Xs2 X!4"), " ")
	wrongLetters   = strings.Fields("i17 I0 !17 s20 c X Xz Xc1 q ?")
)

// randomFormat makes a format and values for it, now and then wrong ones.
func randomFormat(r *rand.Rand) (layout string, values []any) {
	for range 1 + r.IntN(6) {
		switch n := r.IntN(100); {
		case n < 2:
			layout += wrongLetters[r.IntN(len(wrongLetters))]
		case n < 35:
			layout += settingLetters[r.IntN(len(settingLetters))]
		default:
			o := optionLetters[r.IntN(len(optionLetters))]
			layout += o
			if o != "x" {
				values = append(values, randomValue(r, o))
			}
		}
	}
	if r.IntN(50) == 0 && len(values) > 0 {
		values = values[1:]
	}
	return layout, values
}

func randomValue(r *rand.Rand, option string) any {
	switch option[0] {
	case 's', 'z', 'c':
		return strings.Repeat(string(byte(r.IntN(100)+1)), r.IntN(7))
	case 'f', 'd', 'n':
		return math.Ldexp(r.Float64()-0.5, r.IntN(100)-50)
	}
	return math.Trunc(math.Ldexp(r.Float64()-0.3, r.IntN(53)))
}

func TestPackingAgreesWithLua53(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var script strings.Builder
	script.WriteString(`
local function show(ok, ...)
  if not ok then print("error") return end
  print(((...):gsub(".", function(c) return string.format("%02x", c:byte()) end)))
end
local function size(ok, n) print(ok and n or "error") end
`)
	var want []string
	var cases []string
	for range 3000 {
		layout, values := randomFormat(r)
		list := quote(layout)
		for _, v := range values {
			list += ", " + literal(v)
		}
		fmt.Fprintf(&script, "show(pcall(string.pack, %s))\nsize(pcall(string.packsize, %s))\n", list, quote(layout))
		cases = append(cases, fmt.Sprintf("pack(%q, %v)", layout, values), fmt.Sprintf("packsize(%q)", layout))
		packed, err := pack(layout, values...)
		want = append(want, orError(fmt.Sprintf("%x", packed), err))
		size, err := packsize(layout)
		want = append(want, orError(strconv.Itoa(size), err))
	}
	compare(t, cases, want, lua(t, "lua5.3", script.String()))
}

func orError(s string, err error) string {
	if err != nil {
		return "error"
	}
	return s
}

// compare tells where we and Lua differ.
func compare(t *testing.T, cases, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d results here, %d from Lua", len(got), len(want))
	}
	failures := 0
	for i := range cases {
		if got[i] != want[i] {
			t.Errorf("got %s, Lua has %s: %s", got[i], want[i], cases[i])
			if failures++; failures == 10 {
				return
			}
		}
	}
}

func TestUnpackingAgreesWithLua53(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var script strings.Builder
	script.WriteString(`
local function show(size, ok, ...)
  local list = table.pack(...)
  if not ok or list[list.n] > size + 1 then print("error") return end  -- Lua 5.3 takes a z without its zero
  for i = 1, list.n do
    local v = list[i]
    if math.type(v) == "float" then v = string.format("%a", v)
    elseif type(v) == "string" then v = v:gsub(".", function(c) return string.format("%02x", c:byte()) end) .. "s" end
    list[i] = tostring(v)
  end
  print(table.concat(list, " "))
end
`)
	var got, cases []string
	for range 3000 {
		layout, values := randomFormat(r)
		data, err := pack(layout, values...)
		if err != nil || r.IntN(3) == 0 {
			data = randomData(r)
		}
		from := 1
		if r.IntN(4) == 0 {
			from = r.IntN(12) - 5
		}
		fmt.Fprintf(&script, "show(%d, pcall(string.unpack, %s, %s, %d))\n", len(data), quote(layout), quote(data), from)
		cases = append(cases, fmt.Sprintf("unpack(%q, %q, %d)", layout, data, from))
		list, err := unpackWith(layout, data, bindings.Some(from), func(o option, n integer) (any, error) { return n, nil })
		got = append(got, orError(showValues(list), err))
	}
	compare(t, cases, got, lua(t, "lua5.3", script.String()))
}

func randomData(r *rand.Rand) string {
	data := make([]byte, r.IntN(20))
	for i := range data {
		if r.IntN(2) == 0 {
			data[i] = byte(r.IntN(256))
		}
	}
	return string(data)
}

// showValues prints results as the Lua script above does; the last is a place.
func showValues(list bindings.Values) string {
	var words []string
	for i, v := range list {
		switch v := v.(type) {
		case integer:
			words = append(words, strconv.FormatInt(int64(v.word()), 10))
		case string:
			words = append(words, fmt.Sprintf("%xs", v))
		case float64:
			if i == len(list)-1 {
				words = append(words, strconv.Itoa(int(v)))
				continue
			}
			words = append(words, hexFloat(v))
		}
	}
	return strings.Join(words, " ")
}

// hexFloat is C's %a.
func hexFloat(v float64) string {
	if math.IsNaN(v) {
		if math.Signbit(v) {
			return "-nan"
		}
		return "nan"
	}
	if math.IsInf(v, 0) {
		return strings.TrimPrefix(strings.ToLower(fmt.Sprint(v)), "+")
	}
	bits := math.Float64bits(v)
	sign, exponent, mantissa := "", int(bits>>52&0x7FF)-1023, bits&(1<<52-1)
	if math.Signbit(v) {
		sign = "-"
	}
	first := 1
	switch {
	case exponent == -1023 && mantissa == 0:
		first, exponent = 0, 0
	case exponent == -1023:
		first, exponent = 0, -1022
	}
	fraction := strings.TrimRight(fmt.Sprintf("%013x", mantissa), "0")
	if fraction != "" {
		fraction = "." + fraction
	}
	return fmt.Sprintf("%s0x%d%sp%+d", sign, first, fraction, exponent)
}

func TestIntegersThatANumberCannotHoldAreNeverRounded(t *testing.T) {
	for _, test := range []struct {
		layout, data, decimal string
		exact                 bool
	}{
		{">I8", "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615", false},
		{">i8", "\xff\xff\xff\xff\xff\xff\xff\xff", "-1", true},
		{">i8", "\x80\x00\x00\x00\x00\x00\x00\x00", "-9223372036854775808", false},
		{">I8", "\x00\x20\x00\x00\x00\x00\x00\x00", "9007199254740992", true},
		{">I8", "\x00\x20\x00\x00\x00\x00\x00\x01", "9007199254740993", false},
		{"<j", "\x01\x00\x00\x00\x00\x00\xe0\xff", "-9007199254740991", true},
		{"<j", "\xff\xff\xff\xff\xff\xff\xdf\xff", "-9007199254740993", false},
		{">I9", "\x00\x00\x20\x00\x00\x00\x00\x00\x01", "9007199254740993", false},
	} {
		values, err := unpack(test.layout, test.data, bindings.Opt[int]{})
		if test.exact {
			if err != nil || fmt.Sprintf("%.0f", values[0]) != test.decimal {
				t.Errorf("unpack(%q, %q) = %v, %v, want %s", test.layout, test.data, values, err, test.decimal)
			}
			continue
		}
		var e *bindings.Error
		if !errors.As(err, &e) || e.Code != "Inexact" || !strings.Contains(e.Hint, test.decimal) {
			t.Errorf("unpack(%q, %q) = %v, %v, want an Inexact error that names %s", test.layout, test.data, values, err, test.decimal)
		}
		values, err = unpackDecimal(test.layout, test.data, bindings.Opt[int]{})
		if err != nil || values[0] != test.decimal {
			t.Errorf("unpackdecimal(%q, %q) = %v, %v, want %q", test.layout, test.data, values, err, test.decimal)
		}
		if back, err := pack(test.layout, test.decimal); back != test.data || err != nil {
			t.Errorf("pack(%q, %q) = %q, %v, want %q", test.layout, test.decimal, back, err, test.data)
		}
	}
}

func TestPackTakesDigitsInAString(t *testing.T) {
	for _, test := range []struct {
		layout string
		value  any
		want   string
	}{
		{">I8", "0xfedcba9876543210", "\xfe\xdc\xba\x98\x76\x54\x32\x10"},
		{">i8", "0xffffffffffffffff", "\xff\xff\xff\xff\xff\xff\xff\xff"},
		{">i8", "-9223372036854775808", "\x80\x00\x00\x00\x00\x00\x00\x00"},
		{">i2", " 10 ", "\x00\x0a"}, {">i2", "0x10", "\x00\x10"}, {">i2", "1e1", "\x00\x0a"}, {">i2", "-0x10", "\xff\xf0"},
		{">d", "1.5", "\x3f\xf8\x00\x00\x00\x00\x00\x00"}, {"z", 12.0, "12\x00"}, {"s1", 0.5, "\x030.5"},
	} {
		if got, err := pack(test.layout, test.value); got != test.want || err != nil {
			t.Errorf("pack(%q, %v) = %q, %v, want %q", test.layout, test.value, got, err, test.want)
		}
	}
}

func TestPackSaysWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		layout string
		values []any
		want   string
	}{
		{"b", []any{200.0}, `values: the 1st value, for option "b": 200 is not from -128 to 127`},
		{"B B", []any{1.0, -1.0}, `values: the 2nd value, for option "B": -1 is not from 0 to 255`},
		{"i4", nil, `values: no value for option "i4", the 1st value`},
		{"i4", []any{1.5}, `values: the 1st value, for option "i4": 1.5 is not a whole number`},
		{"i4", []any{"x"}, `values: the 1st value, for option "i4": number expected, got string "x"`},
		{"i4", []any{nil}, `values: the 1st value, for option "i4": number expected, got nil`},
		{"I8", []any{0x1p53}, `values: the 1st value, for option "I8": 9007199254740992 may have been rounded, as numbers from 2^53 on are; write it as a string of digits, "9007199254740992" or "0x20000000000000"`},
		{"I8", []any{"18446744073709551616"}, `values: the 1st value, for option "I8": "18446744073709551616" does not fit into 64 bits`},
		{"i8", []any{"9223372036854775808"}, `values: the 1st value, for option "i8": 9223372036854775808 is 2^63 or more; an unsigned option such as I8 takes it`},
		{"c2", []any{"abc"}, `values: the 1st value, for option "c2": a string of 3 bytes is longer than 2`},
		{"s1", []any{strings.Repeat("x", 256)}, `values: the 1st value, for option "s1": the length 256 does not fit into 1 bytes`},
		{"z", []any{"a\x00"}, `values: the 1st value, for option "z": a string that ends with a zero byte can't contain one`},
		{"i17", []any{1.0}, `fmt: option "i17": its size is not from 1 to 16`},
		{"?", nil, `fmt: option "?": there is no such option`},
		{"c", nil, `fmt: option "c": a size from 0 to 268435456 must follow`},
		{"!4 i3", []any{1.0}, `fmt: option "i3": its alignment would be 3, which is not a power of 2`},
		{"X", nil, `fmt: option "X": an option with a size must follow`},
		{"c200000000 c200000000", []any{"", ""}, `fmt: the result would have more than 268435456 bytes`},
	} {
		if _, err := pack(test.layout, test.values...); err == nil || err.Error() != test.want {
			t.Errorf("pack(%q, %v): got %v, want %s", test.layout, test.values, err, test.want)
		}
	}
}

func TestUnpackSaysWhatIsMissing(t *testing.T) {
	for _, test := range []struct{ layout, data, want string }{
		{">I2 I4", "\x00\x01\x02", `unpack: option "I4" at byte 3 needs 4 more, the data has 1 (TooShort)`},
		{"s1", "\x05ab", `unpack: option "s1" at byte 2 says that 5 follow, the data has 2 (TooShort)`},
		{"s8", "\xff\xff\xff\xff\xff\xff\xff\xffab", `unpack: option "s8" at byte 9 says that 18446744073709551615 follow, the data has 2 (TooShort)`},
		{"z", "abc", `unpack: option "z" at byte 1 needs a zero byte at the end, the data has 3 (TooShort)`},
		{"i16", strings.Repeat("\x7f", 16), `unpack: option "i16" holds an integer of more than 64 bits (Inexact)`},
	} {
		if _, err := unpack(test.layout, test.data, bindings.Opt[int]{}); err == nil || err.Error() != test.want {
			t.Errorf("unpack(%q, %q): got %v, want %s", test.layout, test.data, err, test.want)
		}
	}
}
