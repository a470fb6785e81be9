package record

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Decoder turns bytes that are not UTF-8 into text, usually by the encoding
// that the task used last, and names that encoding.
type Decoder func(task int, data string) (text, encoding string, ok bool)

// Notation writes events and their parts in the notation of Lua.
type Notation struct {
	Decode Decoder // nil: UTF-8 is the only text
	Limit  int     // how many characters of data are shown; 0: 60
	ASCII  bool    // escapes what is not ASCII
	Brief  bool    // addresses as 127.0.0.1:80, socket() without arguments
}

const usualLimit = 60

// Text returns the data of an event as text, if it is text: UTF-8, or what the
// decoder makes of it, with at most one character in twenty not printable.
// The encoding is named where the bytes are not plain ASCII.
func (n *Notation) Text(e *Event) (text, encoding string, ok bool) {
	data, cut := e.Data, e.Lost > 0 || int64(len(e.Data)) < e.Size
	if cut {
		data = trimPartial(data)
	}
	if utf8.ValidString(data) {
		if isASCII(data) {
			return data, "", printable(data)
		}
		return data, "utf-8", printable(data)
	}
	text, encoding, ok = n.decode(e.Task.ID, e.Data)
	if !ok && cut {
		return n.decode(e.Task.ID, e.Data[:len(e.Data)-1])
	}
	return text, encoding, ok
}

// decode asks the decoder; what it had to replace is no text.
func (n *Notation) decode(task int, data string) (text, encoding string, ok bool) {
	if n.Decode == nil {
		return "", "", false
	}
	text, encoding, ok = n.Decode(task, data)
	return text, encoding, ok && printable(text) && !strings.ContainsRune(text, utf8.RuneError)
}

// Data returns the data of an event as it is shown in a line: quoted, with its
// encoding, where it is text, otherwise in hex. What is left out is marked.
func (n *Notation) Data(e *Event) string {
	limit := n.Limit
	if limit == 0 {
		limit = usualLimit
	}
	text, encoding, ok := n.Text(e)
	if !ok {
		return n.hex(e, limit/3)
	}
	shown := n.quote(text, limit, e.Size > int64(len(e.Data)))
	if encoding != "" {
		shown += " " + encoding
	}
	return shown
}

func (n *Notation) hex(e *Event, limit int) string {
	shown := min(len(e.Data), max(limit, 1))
	s := fmt.Sprintf("<% x", e.Data[:shown])
	if int64(shown) < e.Size {
		s += n.more()
	}
	return s + ">"
}

func (n *Notation) more() string {
	if n.ASCII {
		return "..."
	}
	return "…"
}

// Quote returns s as a string literal of Lua, cut after limit characters.
func (n *Notation) Quote(s string, limit int) string { return n.quote(s, limit, false) }

func (n *Notation) quote(s string, limit int, cut bool) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	b.WriteByte('"')
	count := 0
	for i, r := range s {
		if count++; count > limit {
			cut = true
			break
		}
		n.escape(&b, r, s[i:])
	}
	b.WriteByte('"')
	if cut {
		b.WriteString(n.more())
	}
	return b.String()
}

func (n *Notation) escape(b *strings.Builder, r rune, rest string) {
	switch {
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteByte(byte(r))
	case r >= ' ' && r <= '~':
		b.WriteByte(byte(r))
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == utf8.RuneError && !strings.HasPrefix(rest, "\uFFFD"):
		fmt.Fprintf(b, `\%03d`, rest[0])
	case r < utf8.RuneSelf:
		fmt.Fprintf(b, `\%03d`, r)
	case n.ASCII || !unicode.IsPrint(r):
		fmt.Fprintf(b, `\u{%x}`, r)
	default:
		b.WriteRune(r)
	}
}

// trimPartial cuts a character off the end of s that the cut of s broke.
func trimPartial(s string) string {
	for back := 1; back < utf8.UTFMax && back <= len(s); back++ {
		tail := s[len(s)-back:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return s[:len(s)-back]
			}
			break
		}
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// printable reports whether at most 5 % of the characters of s cannot be shown.
func printable(s string) bool {
	all, bad := 0, 0
	for _, r := range s {
		all++
		if !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			bad++
		}
	}
	return bad*20 <= all
}

// Printable replaces what cannot be printed, so that no text of a program can
// steer a terminal or break a file.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
