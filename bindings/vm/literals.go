package vm

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translate rewrites the literals of a chunk that gopher-lua's scanner gets
// wrong into ones that it gets right; lines stay where they are:
//
//   - "\x41", "\z" and "\u{4f60}" become decimal escapes or nothing;
//   - 0xffffffffffffffff (NaN there), 0010 (octal there), 1e400 and hexadecimal
//     fractions become decimal;
//   - 1e and 3x are refused, and operators that this Lua has not;
//   - "--[==" without a second bracket becomes the line comment that it is.
func translate(name, source string) (string, error) {
	t := &translator{name: name, src: source}
	for t.pos < len(t.src) && t.err == nil {
		t.token()
	}
	if t.err != nil {
		return "", t.err
	}
	if t.done == 0 {
		return source, nil // nothing to mend, as for most chunks
	}
	t.keep(len(t.src))
	return t.out.String(), nil
}

type translator struct {
	name string
	src  string
	pos  int // where it reads
	done int // up to here out stands for src
	nesting
	out strings.Builder
	err error
}

// keep copies the source up to end; replace puts text in place of what was
// read since.
func (t *translator) keep(end int) {
	t.out.WriteString(t.src[t.done:end])
	t.done = end
}

func (t *translator) replace(start int, text string) {
	t.keep(start)
	t.out.WriteString(text)
	t.done = t.pos
}

func (t *translator) fail(start int, format string, args ...any) {
	line := 1 + strings.Count(t.src[:start], "\n")
	t.err = &SyntaxError{Source: t.name, Line: line, Message: fmt.Sprintf(format, args...)}
}

func (t *translator) at(i int) byte {
	if i < len(t.src) {
		return t.src[i]
	}
	return 0
}

func (t *translator) token() {
	switch c := t.src[t.pos]; {
	case c == '"' || c == '\'':
		t.quoted(c)
		t.operand = true
	case c == '-' && t.at(t.pos+1) == '-':
		t.comment()
	case c == '[' && t.longBracket(t.pos):
	case isDigit(c) || c == '.' && isDigit(t.at(t.pos+1)):
		t.number()
		t.operand = true
	case isLetter(c):
		start := t.pos
		for t.pos < len(t.src) && (isLetter(t.src[t.pos]) || isDigit(t.src[t.pos])) {
			t.pos++
		}
		t.word(t.src[start:t.pos])
	case c == '.':
		for t.at(t.pos) == '.' {
			t.pos++
		}
		t.symbol('.')
	default:
		t.symbol(c)
		t.operator()
		t.pos++
	}
	if t.tooDeep() && t.err == nil {
		t.fail(min(t.pos, len(t.src)), "chunk has too many syntax levels")
	}
}

// foreign are operators of other languages and of later Lua versions.
var foreign = []struct{ operator, instead string }{
	{"//", "math.floor(a / b)"},
	{"&&", "and"},
	{"||", "or"},
	{"&", "bit32.band(a, b)"},
	{"|", "bit32.bor(a, b)"},
	{"<<", "bit32.lshift(a, n)"},
	{">>", "bit32.rshift(a, n)"},
	{"!=", "~="},
	{"!", "not"},
	{"++", "n = n + 1"},
	{"+=", "n = n + m"},
	{"-=", "n = n - m"},
	{"*=", "n = n * m"},
	{"/=", "n = n / m"},
}

// operator refuses what is no operator here and says what to use.
func (t *translator) operator() {
	if strings.HasPrefix(t.src[t.pos:], "~=") {
		t.pos++
		return
	}
	for _, f := range foreign {
		if strings.HasPrefix(t.src[t.pos:], f.operator) {
			t.fail(t.pos, "there is no operator %s; use %s", f.operator, f.instead)
			return
		}
	}
	if t.at(t.pos) == '~' {
		t.fail(t.pos, "there is no operator ~; use bit32.bxor(a, b) or bit32.bnot(a)")
	}
}

func (t *translator) comment() {
	start := t.pos
	t.pos += 2
	if t.at(t.pos) == '[' {
		if t.longBracket(t.pos) {
			return
		}
		if t.at(t.pos+1) == '=' {
			t.replace(start, "-- ")
		}
	}
	if n := strings.IndexByte(t.src[t.pos:], '\n'); n >= 0 {
		t.pos += n
		return
	}
	t.pos = len(t.src)
}

// longBracket skips [[ ]] or [==[ ]==] if one begins at i.
func (t *translator) longBracket(i int) bool {
	end := i + 1
	for t.at(end) == '=' {
		end++
	}
	if t.at(end) != '[' {
		return false
	}
	closing := "]" + t.src[i+1:end] + "]"
	n := strings.Index(t.src[end+1:], closing)
	if n < 0 {
		t.pos = len(t.src) // the parser says so better
		return true
	}
	t.pos = end + 1 + n + len(closing)
	return true
}

// quoted goes over a string in quotes. Line ends that \z swallows are put
// behind the string.
func (t *translator) quoted(quote byte) {
	lines := 0
	for t.pos++; t.pos < len(t.src); {
		switch t.src[t.pos] {
		case quote:
			t.pos++
			if lines > 0 {
				t.keep(t.pos)
				t.out.WriteString(strings.Repeat("\n", lines))
			}
			return
		case '\n':
			return // the parser says so better
		case '\\':
			lines += t.escape()
			if t.err != nil {
				return
			}
		default:
			t.pos++
		}
	}
}

// escape goes over one escape and counts the lines it swallows.
func (t *translator) escape() int {
	start := t.pos
	switch t.at(start + 1) {
	case 'x':
		value, err := strconv.ParseUint(t.slice(start+2, 2), 16, 8)
		if err != nil || len(t.slice(start+2, 2)) < 2 {
			t.fail(start, `hexadecimal digit expected near '\x%s'`, t.slice(start+2, 2))
			return 0
		}
		t.pos = start + 4
		t.replace(start, fmt.Sprintf(`\%03d`, value))
	case 'z':
		rest := strings.TrimLeft(t.src[start+2:], " \t\r\n\v\f")
		t.pos = len(t.src) - len(rest)
		t.replace(start, "")
		return strings.Count(t.src[start:t.pos], "\n")
	case 'u':
		t.codePoint(start)
	case '\r':
		t.pos += 2
		if t.at(t.pos) == '\n' {
			t.pos++
		}
	default:
		t.pos = min(start+2, len(t.src))
	}
	return 0
}

func (t *translator) slice(start, n int) string {
	start = min(start, len(t.src))
	return t.src[start:min(start+n, len(t.src))]
}

func (t *translator) codePoint(start int) {
	digits, _, closed := strings.Cut(t.slice(start+3, 10), "}")
	value, err := strconv.ParseUint(digits, 16, 32)
	if t.at(start+2) != '{' || !closed || err != nil || value > math.MaxInt32 {
		t.fail(start, `\u needs a code point in braces, as in \u{4f60}`)
		return
	}
	t.pos = start + 3 + len(digits) + 1
	var b strings.Builder
	for _, c := range encodeUTF8(uint32(value)) {
		fmt.Fprintf(&b, `\%03d`, c)
	}
	t.replace(start, b.String())
}

// number goes over a numeral.
func (t *translator) number() {
	start := t.pos
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		sign := (c == '+' || c == '-') && exponent(t.src[start:t.pos])
		if !sign && c != '.' && !isLetter(c) && !isDigit(c) {
			break
		}
		t.pos++
	}
	text := t.src[start:t.pos]
	value, ok := parseNumber(text)
	switch {
	case !ok:
		t.fail(start, "malformed number near '%s'", text)
	case math.IsInf(value, 1):
		t.replace(start, "(1e308*10)")
	case text[0] == '0' && len(text) > 1 && text[1] != '.':
		t.replace(start, strconv.FormatFloat(value, 'g', -1, 64))
	}
}

// exponent says whether a sign may follow the numeral read so far.
func exponent(read string) bool {
	last := read[len(read)-1] | 0x20
	if strings.HasPrefix(read, "0x") || strings.HasPrefix(read, "0X") {
		return last == 'p'
	}
	return last == 'e'
}

// encodeUTF8 encodes any value up to 2^31, as Lua does.
func encodeUTF8(value uint32) []byte {
	if value < 0x80 {
		return []byte{byte(value)}
	}
	if value <= utf8.MaxRune && (value < 0xd800 || value > 0xdfff) {
		return utf8.AppendRune(nil, rune(value))
	}
	var tail []byte
	limit := uint32(0x3f) // what fits into the first byte
	for value > limit {
		tail = append([]byte{byte(0x80 | value&0x3f)}, tail...)
		value >>= 6
		limit >>= 1
	}
	return append([]byte{byte(^limit<<1) | byte(value)}, tail...)
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
