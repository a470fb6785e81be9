package bindings

import "strings"

// A position is what the end of a text of Lua is in.
type position struct {
	comment bool
	quote   int    // where the string begins that is not closed, or -1
	opened  []call // the brackets that are not closed
}

// A call is an open bracket and how many commas followed it, itself not counting
// those in other brackets.
type call struct{ at, commas int }

// scan reads text to its end.
func scan(text string) position {
	p := position{quote: -1}
	for i := 0; i < len(text); {
		switch rest := text[i:]; rest[0] {
		case '-':
			n := 1
			if strings.HasPrefix(rest, "--") {
				n = commentLength(rest)
				p.comment = n == 0
			}
			if p.comment {
				return p
			}
			i += n
		case '"', '\'':
			n := stringLength(rest)
			if n == 0 {
				p.quote = i
				return p
			}
			i += n
		case '[':
			n, long := longLength(rest)
			if long && n == 0 {
				p.quote = i
				return p
			}
			if !long {
				n = 1
				p.opened = append(p.opened, call{at: i})
			}
			i += n
		default:
			p.bracket(rest[0], i)
			i++
		}
	}
	return p
}

// bracket counts brackets and the commas between them.
func (p *position) bracket(c byte, at int) {
	last := len(p.opened) - 1
	switch c {
	case '(', '{':
		p.opened = append(p.opened, call{at: at})
	case ')', '}', ']':
		p.opened = p.opened[:max(0, last)]
	case ',':
		if last >= 0 {
			p.opened[last].commas++
		}
	}
}

// commentLength measures the comment that rest begins with, 0 if it has no end.
func commentLength(rest string) int {
	if n, long := longLength(rest[2:]); long {
		if n > 0 {
			n += 2
		}
		return n
	}
	return strings.IndexByte(rest, '\n') + 1
}

// longLength measures the long bracket that rest begins with, [[...]], 0 if it
// has no end.
func longLength(rest string) (n int, long bool) {
	if !strings.HasPrefix(rest, "[") {
		return 0, false
	}
	level := len(rest[1:]) - len(strings.TrimLeft(rest[1:], "="))
	if !strings.HasPrefix(rest[1+level:], "[") {
		return 0, false
	}
	closing := "]" + rest[1:1+level] + "]"
	end := strings.Index(rest[level+2:], closing)
	if end < 0 {
		return 0, true
	}
	return level + 2 + end + len(closing), true
}

// stringLength measures the string in quotes that rest begins with, 0 if it
// has no end.
func stringLength(rest string) int {
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case rest[0], '\n':
			return i + 1
		}
	}
	return 0
}
