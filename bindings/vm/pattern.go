package vm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A pattern matches a Lua pattern against a string of bytes. gopher-lua's
// matcher cannot be interrupted: ("a"):rep(28):find("a*a*a*a*a*a*a*a*b") holds
// the whole program for seconds. This one looks up every few thousand steps.
type pattern struct {
	L        *lua.LState
	src, pat string
	level    int
	captures [maxCaptures]capture
	steps    int
	depth    int
}

type capture struct{ start, len int }

const (
	maxCaptures = 32
	unclosed    = -1 // capture.len of one whose end is not reached
	positional  = -2 // capture.len of ()
	maxDepth    = 200
	noMatch     = -1
)

// at matches the pattern from p on with the text from s on and gives the end
// of the match, or noMatch.
func (m *pattern) at(s, p int) int {
	if m.depth++; m.depth > maxDepth {
		Raisef(m.L, "pattern too complex")
	}
	e := m.items(s, p)
	m.depth--
	return e
}

func (m *pattern) items(s, p int) int {
	for p < len(m.pat) {
		switch c := m.pat[p]; {
		case c == '(':
			return m.open(s, p+1)
		case c == ')':
			return m.close(s, p+1)
		case c == '$' && p+1 == len(m.pat):
			if s == len(m.src) {
				return s
			}
			return noMatch
		case c == '%' && p+1 < len(m.pat) && m.pat[p+1] == 'b':
			if s = m.balance(s, p+2); s == noMatch {
				return noMatch
			}
			p += 4
			continue
		case c == '%' && p+1 < len(m.pat) && m.pat[p+1] == 'f':
			if p = m.frontier(s, p+2); p == noMatch {
				return noMatch
			}
			continue
		case c == '%' && p+1 < len(m.pat) && isDigit(m.pat[p+1]):
			if s = m.back(s, m.pat[p+1]); s == noMatch {
				return noMatch
			}
			p += 2
			continue
		}
		end := m.itemEnd(p)
		suffix := byte(0)
		if end < len(m.pat) {
			suffix = m.pat[end]
		}
		switch suffix {
		case '?':
			if m.single(s, p, end) {
				if e := m.at(s+1, end+1); e != noMatch {
					return e
				}
			}
			p = end + 1
		case '*':
			return m.longest(s, p, end, 0)
		case '+':
			return m.longest(s, p, end, 1)
		case '-':
			return m.shortest(s, p, end)
		default:
			if !m.single(s, p, end) {
				return noMatch
			}
			s, p = s+1, end
		}
	}
	return s
}

// step counts work and looks for interrupts now and then.
func (m *pattern) step() {
	if m.steps++; m.steps >= 10*slice {
		m.steps = 0
		Check(m.L)
	}
}

func (m *pattern) single(s, p, end int) bool {
	m.step()
	return s < len(m.src) && m.one(m.src[s], p, end)
}

// one says whether c matches the single item from p to end.
func (m *pattern) one(c byte, p, end int) bool {
	switch m.pat[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[p+1])
	case '[':
		return m.inSet(c, p, end-1)
	}
	return m.pat[p] == c
}

// longest is item* and item+: as many as there are, then fewer.
func (m *pattern) longest(s, p, end, least int) int {
	n := 0
	for m.single(s+n, p, end) {
		n++
	}
	for ; n >= least; n-- {
		m.step()
		if e := m.at(s+n, end+1); e != noMatch {
			return e
		}
	}
	return noMatch
}

// shortest is item-.
func (m *pattern) shortest(s, p, end int) int {
	for {
		if e := m.at(s, end+1); e != noMatch {
			return e
		}
		if !m.single(s, p, end) {
			return noMatch
		}
		s++
	}
}

func (m *pattern) open(s, p int) int {
	if m.level >= maxCaptures {
		Raisef(m.L, "too many captures")
	}
	length := unclosed
	if p < len(m.pat) && m.pat[p] == ')' {
		length = positional
		p++
	}
	m.captures[m.level] = capture{s, length}
	m.level++
	e := m.at(s, p)
	if e == noMatch {
		m.level--
	}
	return e
}

func (m *pattern) close(s, p int) int {
	i := m.level - 1
	for i >= 0 && m.captures[i].len != unclosed {
		i--
	}
	if i < 0 {
		Raisef(m.L, "invalid pattern capture")
	}
	m.captures[i].len = s - m.captures[i].start
	e := m.at(s, p)
	if e == noMatch {
		m.captures[i].len = unclosed
	}
	return e
}

// balance is %bxy.
func (m *pattern) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		Raisef(m.L, "unbalanced pattern")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return noMatch
	}
	opening, closing := m.pat[p], m.pat[p+1]
	open := 1
	for i := s + 1; i < len(m.src); i++ {
		m.step()
		switch m.src[i] {
		case closing:
			if open--; open == 0 {
				return i + 1
			}
		case opening:
			open++
		}
	}
	return noMatch
}

// frontier is %f[set]: before s not in the set, at s in it. It gives the place
// in the pattern behind it.
func (m *pattern) frontier(s, p int) int {
	if p >= len(m.pat) || m.pat[p] != '[' {
		Raisef(m.L, "missing '[' after '%%f' in pattern")
	}
	end := m.itemEnd(p)
	var before, here byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		here = m.src[s]
	}
	if m.inSet(before, p, end-1) || !m.inSet(here, p, end-1) {
		return noMatch
	}
	return end
}

// back is %1: the text of a capture again.
func (m *pattern) back(s int, digit byte) int {
	i := int(digit) - '1'
	if i < 0 || i >= m.level || m.captures[i].len == unclosed {
		Raisef(m.L, "invalid capture index")
	}
	c := m.captures[i]
	if c.len == positional || len(m.src)-s < c.len || m.src[s:s+c.len] != m.src[c.start:c.start+c.len] {
		return noMatch
	}
	return s + c.len
}

// itemEnd is where the single item that begins at p ends.
func (m *pattern) itemEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case '%':
		if p >= len(m.pat) {
			Raisef(m.L, "malformed pattern (ends with '%%')")
		}
		return p + 1
	case '[':
		if p < len(m.pat) && m.pat[p] == '^' {
			p++
		}
		for first := true; first || p >= len(m.pat) || m.pat[p] != ']'; first = false {
			if p >= len(m.pat) {
				Raisef(m.L, "malformed pattern (missing ']')")
			}
			if m.pat[p] == '%' {
				p++
			}
			p++
		}
		return p + 1
	}
	return p
}

// inSet says whether c is in the set whose [ is at p and whose ] is at end.
func (m *pattern) inSet(c byte, p, end int) bool {
	in := true
	p++
	if m.pat[p] == '^' {
		in = false
		p++
	}
	for ; p < end; p++ {
		switch {
		case m.pat[p] == '%':
			p++
			if inClass(c, m.pat[p]) {
				return in
			}
		case p+2 < end && m.pat[p+1] == '-':
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return in
			}
			p += 2
		case m.pat[p] == c:
			return in
		}
	}
	return !in
}

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// inClass says whether c belongs to the class %class, as C's ctype has it.
func inClass(c, class byte) bool {
	var in bool
	lower := 'a' <= c && c <= 'z'
	upper := 'A' <= c && c <= 'Z'
	switch class | 0x20 {
	case 'a':
		in = lower || upper
	case 'c':
		in = c < ' ' || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'g':
		in = ' ' < c && c < 0x7f
	case 'l':
		in = lower
	case 'p':
		in = strings.IndexByte(punctuation, c) >= 0
	case 's':
		in = c == ' ' || '\t' <= c && c <= '\r'
	case 'u':
		in = upper
	case 'w':
		in = lower || upper || isDigit(c)
	case 'x':
		in = isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
	case 'z':
		in = c == 0
	default:
		return class == c
	}
	return in == (class&0x20 != 0)
}

// value is capture i of a match from s to e; capture 0 of a pattern without
// captures is the match.
func (m *pattern) value(i, s, e int) lua.LValue {
	if i >= m.level {
		if i > 0 {
			Raisef(m.L, "invalid capture index")
		}
		return lua.LString(m.src[s:e])
	}
	c := m.captures[i]
	switch c.len {
	case positional:
		return lua.LNumber(c.start + 1)
	case unclosed:
		Raisef(m.L, "unfinished capture")
	}
	return lua.LString(m.src[c.start : c.start+c.len])
}

// push pushes all captures, or the whole match if there are none and whole is
// wanted, and says how many.
func (m *pattern) push(s, e int, whole bool) int {
	n := m.level
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		m.L.Push(m.value(i, s, e))
	}
	return n
}
