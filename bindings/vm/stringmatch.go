package vm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const patternSpecials = "^$*+?.([%-"

func stringFind(L *lua.LState) int { return search(L, true) }

func stringMatch(L *lua.LState) int { return search(L, false) }

func search(L *lua.LState, find bool) int {
	src, pat := argString(L, 1), argString(L, 2)
	init := startOf(optInt(L, 3, 1), len(src))
	if find && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pat, patternSpecials)) {
		i := strings.Index(src[init:], pat)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(init + i + 1))
		L.Push(lua.LNumber(init + i + len(pat)))
		return 2
	}
	m := pattern{L: L, src: src, pat: pat}
	from := 0
	if strings.HasPrefix(pat, "^") {
		from = 1
	}
	for s := init; s <= len(src); s++ {
		m.level = 0
		if e := m.at(s, from); e != noMatch {
			if !find {
				return m.push(s, e, true)
			}
			L.Push(lua.LNumber(s + 1))
			L.Push(lua.LNumber(e))
			return 2 + m.push(s, e, false)
		}
		if from > 0 {
			break
		}
	}
	L.Push(lua.LNil)
	return 1
}

// startOf makes a Lua position, which may count from the end, an offset.
func startOf(i, length int) int {
	if i < 0 {
		i = length + i + 1
	}
	return min(max(i-1, 0), length)
}

func (v *VM) stringGmatch(L *lua.LState) int {
	m := &pattern{L: L, src: argString(L, 1), pat: argString(L, 2)}
	s := 0
	L.Push(v.NewFunction("gmatch iterator", func(L *lua.LState) int {
		m.L = L
		for ; s <= len(m.src); s++ {
			m.level = 0
			e := m.at(s, 0)
			if e == noMatch {
				continue
			}
			start := s
			s = e
			if e == start {
				s++ // an empty match: go on behind it
			}
			return m.push(start, e, true)
		}
		L.Push(lua.LNil)
		return 1
	}))
	return 1
}

// stringGsub is linear in the length of the result; gopher-lua's is quadratic
// in the number of matches.
func stringGsub(L *lua.LState) int {
	g := &substitution{
		pattern: pattern{L: L, src: argString(L, 1), pat: argString(L, 2)},
		by:      L.Get(3),
		out:     builder{L: L},
	}
	switch g.by.(type) {
	case *lua.LTable, *lua.LFunction, lua.LString:
	case lua.LNumber:
		g.by = lua.LString(argString(L, 3))
	default:
		argTypeError(L, 3, "string/function/table")
	}
	most := optInt(L, 4, len(g.src)+1)
	from := 0
	if strings.HasPrefix(g.pat, "^") {
		from = 1
	}
	count, s := 0, 0
	for count < most {
		g.level = 0
		e := g.at(s, from)
		if e != noMatch {
			count++
			g.add(s, e)
		}
		if e > s {
			s = e
		} else if s < len(g.src) {
			g.out.byte(g.src[s])
			s++
		} else {
			break
		}
		if from > 0 {
			break
		}
	}
	if s < len(g.src) {
		g.out.add(g.src[s:])
	}
	L.Push(lua.LString(g.out.String()))
	L.Push(lua.LNumber(count))
	return 2
}

type substitution struct {
	pattern
	by  lua.LValue
	out builder
}

// add appends what stands for the match from s to e.
func (g *substitution) add(s, e int) {
	var value lua.LValue
	switch by := g.by.(type) {
	case lua.LString:
		g.expand(string(by), s, e)
		return
	case *lua.LTable:
		value = index(g.L, by, g.value(0, s, e))
	case *lua.LFunction:
		g.L.Push(by)
		g.L.Call(g.push(s, e, true), 1)
		value = g.L.Get(-1)
		g.L.Pop(1)
	}
	switch {
	case !lua.LVAsBool(value):
		g.out.add(g.src[s:e])
	case lua.LVCanConvToString(value):
		g.out.add(plainString(value))
	default:
		Raisef(g.L, "invalid replacement value (a %s)", value.Type())
	}
}

// expand appends the replacement by with its %0 to %9.
func (g *substitution) expand(by string, s, e int) {
	for {
		i := strings.IndexByte(by, '%')
		if i < 0 || i+1 >= len(by) {
			g.out.add(strings.TrimSuffix(by, "%"))
			return
		}
		g.out.add(by[:i])
		switch c := by[i+1]; {
		case c == '0':
			g.out.add(g.src[s:e])
		case isDigit(c):
			g.out.add(plainString(g.value(int(c-'1'), s, e)))
		default:
			g.out.byte(c)
		}
		by = by[i+2:]
	}
}

// index is t[key] with metamethods.
func index(L *lua.LState, t *lua.LTable, key lua.LValue) lua.LValue {
	if value := t.RawGet(key); value != lua.LNil || t.Metatable == lua.LNil {
		return value
	}
	return L.GetTable(t, key)
}

// A builder is a strings.Builder that refuses to grow beyond what Lua may
// make at once.
type builder struct {
	strings.Builder
	L       *lua.LState
	checked int
}

func (b *builder) room(n int) {
	if size := b.Len() + n; size > b.checked {
		CheckRoom(b.L, float64(size))
		b.checked = 2*size + 64
	}
}

func (b *builder) add(text string) {
	b.room(len(text))
	b.WriteString(text)
}

func (b *builder) byte(c byte) {
	b.room(1)
	b.WriteByte(c)
}
