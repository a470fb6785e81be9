package vm

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// whiteSpace is what C's isspace says.
const whiteSpace = " \t\n\v\f\r"

// parseNumber reads a numeral as Lua does: decimal or 0x, with fraction and
// exponent, blanks round it. gopher-lua reads "010" as 8 and "1_000", "inf"
// and "0b1" as numbers.
func parseNumber(text string) (float64, bool) {
	text = strings.Trim(text, whiteSpace)
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" || strings.ContainsAny(digits, "_") {
		return 0, false
	}
	if !isDigit(digits[0]) && digits[0] != '.' { // inf and nan
		return 0, false
	}
	if len(digits) > 1 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		value, ok := parseHex(digits[2:])
		if text[0] == '-' {
			value = -value
		}
		return value, ok
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil || math.IsInf(value, 0)
}

func parseHex(digits string) (float64, bool) {
	if strings.ContainsAny(digits, ".pP") {
		if !strings.ContainsAny(digits, "pP") {
			digits += "p0"
		}
		value, err := strconv.ParseFloat("0x"+digits, 64)
		return value, err == nil || math.IsInf(value, 0)
	}
	value := 0.0
	for _, c := range []byte(digits) {
		d, ok := digitValue(c)
		if !ok || d >= 16 {
			return 0, false
		}
		value = value*16 + float64(d)
	}
	return value, digits != ""
}

// digitValue is the value of a digit of a base up to 36.
func digitValue(c byte) (int, bool) {
	switch {
	case isDigit(c):
		return int(c - '0'), true
	case isLetter(c) && c != '_':
		return int(c|0x20-'a') + 10, true
	}
	return 0, false
}

// formatNumber prints a number as C Lua does: integers plainly, the rest with
// 14 digits, and inf and nan by these names.
func formatNumber(n float64) string {
	if i := int64(n); float64(i) == n && i > -1e14 && i < 1e14 && (i != 0 || !math.Signbit(n)) {
		return strconv.FormatInt(i, 10)
	}
	return string(appendG(nil, n, 14, false))
}

// appendG appends n as C's %.<digits>g does; alternate keeps trailing zeros.
func appendG(b []byte, n float64, digits int, alternate bool) []byte {
	switch {
	case math.IsNaN(n) && math.Signbit(n):
		return append(b, "-nan"...)
	case math.IsNaN(n):
		return append(b, "nan"...)
	case math.IsInf(n, 1):
		return append(b, "inf"...)
	case math.IsInf(n, -1):
		return append(b, "-inf"...)
	}
	digits = max(digits, 1)
	var scratch [32]byte
	rounded := strconv.AppendFloat(scratch[:0], n, 'e', digits-1, 64)
	e := bytes.IndexByte(rounded, 'e')
	exp, _ := strconv.Atoi(string(rounded[e+1:]))
	exponent := rounded[e:]
	mantissa := rounded[:e]
	if exp >= -4 && exp < digits {
		exponent = nil
		mantissa = strconv.AppendFloat(scratch[:0], n, 'f', digits-1-exp, 64)
	}
	point := bytes.IndexByte(mantissa, '.') >= 0
	if alternate && !point {
		mantissa = append(mantissa[:len(mantissa):len(mantissa)], '.')
	}
	if !alternate && point {
		mantissa = bytes.TrimRight(bytes.TrimRight(mantissa, "0"), ".")
	}
	return append(append(b, mantissa...), exponent...)
}

// plainString is v as tostring gives it without metatables.
func plainString(v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return formatNumber(float64(n))
	}
	return v.String()
}
