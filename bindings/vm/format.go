package vm

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// stringFormat is C's; gopher-lua's is Go's, which prints %!s(MISSING), knows
// neither %u nor %a and writes escapes for %q that Lua cannot read.
func stringFormat(L *lua.LState) int {
	format := argString(L, 1)
	out := builder{L: L}
	arg := 1
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			out.add(format)
			L.Push(lua.LString(out.String()))
			return 1
		}
		out.add(format[:i])
		format = format[i+1:]
		if strings.HasPrefix(format, "%") {
			out.byte('%')
			format = format[1:]
			continue
		}
		arg++
		var d directive
		format = d.parse(L, format)
		out.add(d.text(L, arg))
	}
}

// A directive is %[flags][width][.precision]verb.
type directive struct {
	flags     string
	width     int
	precision int // -1 if there is none
	verb      byte
}

func (d *directive) parse(L *lua.LState, text string) string {
	const flags = "-+ #0"
	rest := strings.TrimLeft(text, flags)
	d.flags = text[:len(text)-len(rest)]
	if len(d.flags) > len(flags) {
		Raisef(L, "invalid format (repeated flags)")
	}
	d.width, rest = twoDigits(rest)
	d.precision = -1
	if strings.HasPrefix(rest, ".") {
		d.precision, rest = twoDigits(rest[1:])
	}
	if rest != "" && isDigit(rest[0]) {
		Raisef(L, "invalid format (width or precision too long)")
	}
	if rest == "" {
		Raisef(L, "invalid option '%%%s' to 'format'", text)
	}
	d.verb = rest[0]
	return rest[1:]
}

func twoDigits(text string) (int, string) {
	n, i := 0, 0
	for i < 2 && i < len(text) && isDigit(text[i]) {
		n = n*10 + int(text[i]-'0')
		i++
	}
	return n, text[i:]
}

func (d *directive) flag(c byte) bool { return strings.IndexByte(d.flags, c) >= 0 }

func (d *directive) text(L *lua.LState, arg int) string {
	switch d.verb {
	case 'c':
		return d.pad("", string([]byte{byte(argInt(L, arg))}), false)
	case 'd', 'i':
		return d.integer(argNumber(L, arg))
	case 'u', 'o', 'x', 'X':
		return d.unsigned(argNumber(L, arg))
	case 'e', 'E', 'f', 'F', 'g', 'G', 'a', 'A':
		return d.float(argNumber(L, arg))
	case 'q':
		return quoted(argString(L, arg))
	case 's':
		text := display(L, argAny(L, arg))
		if d.precision >= 0 && d.precision < len(text) {
			text = text[:d.precision]
		}
		return d.pad("", text, false)
	}
	Raisef(L, "invalid option '%%%c' to 'format'", d.verb)
	return ""
}

// pad brings sign and text to the width; zero says whether zeros may fill it.
func (d *directive) pad(sign, text string, zero bool) string {
	fill := d.width - len(sign) - len(text)
	switch {
	case fill <= 0:
		return sign + text
	case d.flag('-'):
		return sign + text + strings.Repeat(" ", fill)
	case zero && d.flag('0'):
		return sign + strings.Repeat("0", fill) + text
	}
	return strings.Repeat(" ", fill) + sign + text
}

func (d *directive) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case d.flag('+'):
		return "+"
	case d.flag(' '):
		return " "
	}
	return ""
}

func (d *directive) integer(n float64) string {
	n = math.Trunc(n)
	digits := strconv.FormatFloat(math.Abs(n), 'f', 0, 64)
	if math.IsInf(n, 0) || math.IsNaN(n) {
		digits = strings.ToLower(strings.TrimPrefix(digits, "+"))
	}
	return d.pad(d.sign(n < 0), d.least(digits), d.precision < 0)
}

// least brings digits to the precision, which for integers is the least number.
func (d *directive) least(digits string) string {
	if d.precision == 0 && digits == "0" {
		return ""
	}
	if n := d.precision - len(digits); n > 0 {
		return strings.Repeat("0", n) + digits
	}
	return digits
}

func (d *directive) unsigned(n float64) string {
	bits := uint64(int64(n))
	if n >= 1<<63 {
		bits = uint64(n)
	}
	base, prefix := 10, ""
	switch d.verb {
	case 'o':
		base, prefix = 8, "0"
	case 'x', 'X':
		base, prefix = 16, "0x"
	}
	digits := d.least(strconv.FormatUint(bits, base))
	if !d.flag('#') || bits == 0 || d.verb == 'u' || d.verb == 'o' && digits[0] == '0' {
		prefix = ""
	}
	if d.verb == 'X' {
		digits, prefix = strings.ToUpper(digits), strings.ToUpper(prefix)
	}
	return d.pad(prefix, digits, d.precision < 0)
}

func (d *directive) float(n float64) string {
	finite := !math.IsInf(n, 0) && !math.IsNaN(n)
	text := strings.TrimPrefix(string(d.digits(math.Abs(n))), "-")
	if d.verb < 'a' {
		text = strings.ToUpper(text)
	}
	return d.pad(d.sign(math.Signbit(n)), text, finite)
}

// digits are those of a number that is not negative.
func (d *directive) digits(n float64) []byte {
	precision := d.precision
	if precision < 0 {
		precision = 6
	}
	verb := d.verb | 0x20
	switch {
	case verb == 'g' || math.IsInf(n, 0) || math.IsNaN(n):
		return appendG(nil, n, precision, d.flag('#'))
	case verb == 'a':
		text := strconv.FormatFloat(n, 'x', d.precision, 64)
		text = strings.Replace(text, "p+0", "p+", 1)
		return []byte(strings.Replace(text, "p-0", "p-", 1))
	}
	text := strconv.AppendFloat(nil, n, verb, precision, 64)
	if precision == 0 && d.flag('#') { // a point all the same
		mantissa, exponent, _ := strings.Cut(string(text), "e")
		if verb == 'e' {
			exponent = "e" + exponent
		}
		return []byte(mantissa + "." + exponent)
	}
	return text
}

// quoted is text as a Lua literal that reads back as the same bytes.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString("\\\n")
		case c == '\r':
			b.WriteString(`\r`)
		case c == 0:
			b.WriteString(`\000`)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
