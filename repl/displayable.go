package repl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// displayable makes one line of output harmless above an edited line: colours stay, everything else that moves
// the cursor or changes the terminal goes. After a carriage return the line starts again, as on a screen.
func displayable(line string) string {
	line = strings.TrimRight(line, "\r")
	if i := strings.LastIndexByte(line, '\r'); i >= 0 {
		line = line[i+1:]
	}
	if !strings.ContainsFunc(line, isControl) {
		return line
	}
	var b strings.Builder
	painted := false
	for len(line) > 0 {
		n, isColour := escapeLength(line)
		if isColour {
			b.WriteString(line[:n])
			painted = true
		}
		if n > 0 {
			line = line[n:]
			continue
		}
		r, size := utf8.DecodeRuneInString(line)
		if !isControl(r) || r == '\t' {
			b.WriteString(line[:size])
		}
		line = line[size:]
	}
	if painted {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// plainText is displayable without the colours.
func plainText(line string) string {
	line = displayable(line)
	var b strings.Builder
	for len(line) > 0 {
		if n, _ := escapeLength(line); n > 0 {
			line = line[n:]
			continue
		}
		b.WriteByte(line[0])
		line = line[1:]
	}
	return b.String()
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// escapeLength returns the length of the control sequence that line begins with, 0 if there is none, and whether
// it only sets colours.
func escapeLength(line string) (n int, isColour bool) {
	if !strings.HasPrefix(line, "\x1b[") {
		return 0, false
	}
	for i := 2; i < len(line); i++ {
		if line[i] >= 0x40 && line[i] <= 0x7e {
			return i + 1, line[i] == 'm'
		}
		if line[i] < 0x20 || line[i] > 0x7e {
			break
		}
	}
	return 2, false
}

// vertical moves the cursor up (A) or down (B).
func vertical(n int, direction byte) string {
	if n <= 0 {
		return ""
	}
	return "\x1b[" + strconv.Itoa(n) + string(direction)
}
