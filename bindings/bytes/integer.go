package bytes

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"lunawire/bindings"
)

// exactBelow is where float64 ceases to hold every whole number: a number from
// here on may have been rounded before anybody could look at it.
const exactBelow = 1 << 53

// An integer is a whole number of 64 bits with its sign.
type integer struct {
	magnitude uint64
	negative  bool
	bits      bool // written in hexadecimal: stands for the bits, whatever their sign
}

// integerOf reads a value that shall become an integer: a number, or digits in
// a string where a number can't hold it.
func integerOf(v any) (integer, error) {
	switch v := v.(type) {
	case float64:
		return integerOfNumber(v)
	case string:
		return integerOfDigits(v)
	}
	return integer{}, fmt.Errorf("number expected, got %s", kindOf(v))
}

func integerOfNumber(n float64) (integer, error) {
	size := math.Abs(n)
	switch {
	case n != math.Trunc(n) || math.IsInf(n, 0):
		return integer{}, fmt.Errorf("%s is not a whole number", formatNumber(n))
	case size >= exactBelow:
		return integer{}, fmt.Errorf("%.0f may have been rounded, as numbers from 2^53 on are; write it as a string of digits, \"%.0f\" or \"%#x\"", n, n, sample(size))
	}
	return integer{magnitude: uint64(size), negative: n < 0}, nil
}

// sample is a number of that size, if 64 bits have one, for a message.
func sample(size float64) uint64 {
	if size >= 1<<64 {
		return math.MaxUint64
	}
	return uint64(size)
}

func integerOfDigits(text string) (integer, error) {
	digits := strings.TrimSpace(text)
	digits, negative := strings.CutPrefix(digits, "-")
	base, bits := 10, false
	if len(digits) > 2 && strings.EqualFold(digits[:2], "0x") {
		digits, base, bits = digits[2:], 16, true
	}
	magnitude, err := strconv.ParseUint(digits, base, 64)
	if err == nil {
		return integer{magnitude, negative, bits && !negative}, nil
	}
	if n, ok := numberOf(text); ok && !wholeDigits(digits, base) {
		return integerOfNumber(n)
	}
	if wholeDigits(digits, base) {
		return integer{}, fmt.Errorf("%q does not fit into 64 bits", text)
	}
	return integer{}, fmt.Errorf("number expected, got string %.40q", text)
}

// wholeDigits tells whether text is digits of the base and nothing else.
func wholeDigits(text string, base int) bool {
	for _, r := range text {
		if _, err := strconv.ParseUint(string(r), base, 8); err != nil {
			return false
		}
	}
	return text != ""
}

// numberOf reads a value as a number.
func numberOf(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		if strings.ContainsAny(v, "nNiI_") { // "inf" and "1_000" are Go's, not Lua's
			return 0, false
		}
		text := strings.TrimSpace(v)
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n, true
		}
		if n, err := integerOfHex(text); err == nil {
			return n, true
		}
	}
	return 0, false
}

// integerOfHex reads 0x1F, which ParseFloat takes only with an exponent.
func integerOfHex(text string) (float64, error) {
	n, err := strconv.ParseInt(text, 0, 64)
	return float64(n), err
}

// formatNumber prints a number as Lua does.
func formatNumber(n float64) string {
	switch {
	case math.IsNaN(n):
		return "nan"
	case math.IsInf(n, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(n, 'g', 14, 64), "+"))
	}
	return strconv.FormatFloat(n, 'g', 14, 64)
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return "boolean"
	case string:
		return "string"
	case fmt.Stringer:
		return v.String()
	case bindings.Function:
		return "function"
	}
	return "table or thread"
}

// fits tells whether the integer can be written in size bytes.
func (n integer) fits(k kind, size int) error {
	if size >= wordSize {
		return n.fitsWord(k)
	}
	bits := uint(size) * 8
	low, high := uint64(0), uint64(1)<<bits-1
	if k == signed {
		low, high = 1<<(bits-1), 1<<(bits-1)-1
	}
	if n.negative && n.magnitude > low || !n.negative && n.magnitude > high {
		return fmt.Errorf("%s is not from %s to %d", n, integer{magnitude: low, negative: true}, high)
	}
	return nil
}

// fitsWord is fits for 64 bits and more. As in Lua a negative number may stand
// for an unsigned one with the same bits.
func (n integer) fitsWord(k kind) error {
	switch {
	case n.negative && n.magnitude > 1<<63:
		return fmt.Errorf("%s is below -2^63", n)
	case k == signed && !n.negative && !n.bits && n.magnitude >= 1<<63:
		return fmt.Errorf("%s is 2^63 or more; an unsigned option such as I8 takes it", n)
	}
	return nil
}

// word is the integer as 64 bits.
func (n integer) word() uint64 {
	if n.negative {
		return -n.magnitude
	}
	return n.magnitude
}

func (n integer) String() string {
	if n.negative && n.magnitude != 0 {
		return "-" + strconv.FormatUint(n.magnitude, 10)
	}
	return strconv.FormatUint(n.magnitude, 10)
}

// appendWord writes 64 bits as size bytes; fill is what longer integers are
// filled up with.
func appendWord(dst []byte, word uint64, size int, fill byte, bigEndian bool) []byte {
	start := len(dst)
	for i := range size {
		b := fill
		if i < wordSize {
			b = byte(word >> (8 * i))
		}
		dst = append(dst, b)
	}
	if bigEndian {
		reverse(dst[start:])
	}
	return dst
}

// readInteger reads bytes as an integer; false means that 64 bits can't hold it.
func readInteger(data string, k kind, bigEndian bool) (integer, bool) {
	var room [maxIntSize]byte
	copy(room[:], data)
	if bigEndian {
		reverse(room[:len(data)])
	}
	negative := k == signed && room[len(data)-1] >= 0x80
	if negative {
		for i := len(data); i < maxIntSize; i++ {
			room[i] = 0xFF
		}
	}
	low, high := binary.LittleEndian.Uint64(room[:]), binary.LittleEndian.Uint64(room[wordSize:])
	if negative {
		return integer{magnitude: -low, negative: true}, high == math.MaxUint64 && low >= 1<<63
	}
	return integer{magnitude: low}, high == 0 && (k == unsigned || low < 1<<63)
}

// exact tells whether a number holds the integer.
func (n integer) exact() bool { return n.magnitude <= exactBelow }

func (n integer) number() float64 {
	if n.negative {
		return -float64(n.magnitude)
	}
	return float64(n.magnitude)
}

func reverse(b []byte) {
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
}
