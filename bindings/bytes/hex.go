package bytes

import (
	"fmt"
	"strings"

	"lunawire/bindings"
)

const digits = "0123456789abcdef"

func hexDigits(data string, separator bindings.Opt[string]) (string, error) {
	between := separator.Or("")
	if len(data)*(2+len(between)) > maxPacked {
		return "", bindings.BadArgument("bytes", "the digits would have more than %d bytes", maxPacked)
	}
	var out strings.Builder
	out.Grow(len(data) * (2 + len(between)))
	for i := range len(data) {
		if i > 0 {
			out.WriteString(between)
		}
		out.WriteByte(digits[data[i]>>4])
		out.WriteByte(digits[data[i]&15])
	}
	return out.String(), nil
}

func unhex(text string) (string, error) {
	out := make([]byte, 0, len(text)/2)
	for i := 0; i < len(text); {
		if strings.IndexByte(" \t\r\n:-", text[i]) >= 0 {
			i++
			continue
		}
		high, ok := digit(text[i])
		if !ok {
			return "", badHex(text, i, "is no hexadecimal digit")
		}
		if i+1 == len(text) {
			return "", badHex(text, i, "is half a byte")
		}
		low, ok := digit(text[i+1])
		if !ok && strings.IndexByte(" \t\r\n:-", text[i+1]) >= 0 {
			return "", badHex(text, i, "is half a byte")
		}
		if !ok {
			return "", badHex(text, i+1, "is no hexadecimal digit")
		}
		out = append(out, high<<4|low)
		i += 2
	}
	return string(out), nil
}

func digit(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10, true
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}

func badHex(text string, i int, what string) error {
	hint := ""
	if i > 0 && text[i-1] == '0' && (text[i] == 'x' || text[i] == 'X') {
		hint = "leave out the 0x"
	}
	return &bindings.Error{
		Op: "unhex", Code: "BadHex", Message: fmt.Sprintf("%q at position %d %s", text[i:i+1], i+1, what), Hint: hint,
		Details: map[string]any{"position": float64(i + 1)},
	}
}
