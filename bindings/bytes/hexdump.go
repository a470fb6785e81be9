package bytes

import (
	"fmt"
	"strings"

	"lunawire/bindings"
)

// A line of a dump stands for so many bytes and takes so much room.
const (
	dumpWidth = 16
	dumpLine  = 79
)

func hexdump(data string, from bindings.Opt[int]) (string, error) {
	offset := from.Or(0)
	if offset < 0 {
		return "", bindings.BadArgument("from", "%d is below 0", offset)
	}
	if len(data)/dumpWidth*dumpLine > maxPacked {
		return "", bindings.BadArgument("bytes", "the dump would have more than %d bytes", maxPacked)
	}
	var out strings.Builder
	out.Grow((len(data)/dumpWidth + 1) * dumpLine)
	for i := 0; i < len(data); i += dumpWidth {
		if i > 0 {
			out.WriteByte('\n')
		}
		writeLine(&out, offset+i, data[i:min(i+dumpWidth, len(data))])
	}
	return out.String(), nil
}

// writeLine draws the bytes at an offset, sixteen or less.
func writeLine(out *strings.Builder, offset int, data string) {
	fmt.Fprintf(out, "%08x ", offset)
	for i := range dumpWidth {
		if i%(dumpWidth/2) == 0 {
			out.WriteByte(' ')
		}
		if i >= len(data) {
			out.WriteString("   ")
			continue
		}
		out.WriteByte(digits[data[i]>>4])
		out.WriteByte(digits[data[i]&15])
		out.WriteByte(' ')
	}
	out.WriteString(" |")
	for i := range len(data) {
		if c := data[i]; c >= ' ' && c <= '~' {
			out.WriteByte(c)
		} else {
			out.WriteByte('.')
		}
	}
	out.WriteByte('|')
}
