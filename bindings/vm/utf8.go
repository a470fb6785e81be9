package vm

import (
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// openUTF8 makes the library of Lua 5.3.
func (v *VM) openUTF8() {
	iterator := v.NewFunction("utf8.codes iterator", utf8Next)
	table := v.library("utf8", map[string]lua.LGFunction{
		"char":      utf8Char,
		"codepoint": utf8Codepoint,
		"len":       utf8Len,
		"offset":    utf8Offset,
		"codes": func(L *lua.LState) int {
			text := argString(L, 1)
			L.Push(iterator)
			L.Push(lua.LString(text))
			L.Push(lua.LNumber(0))
			return 3
		},
	})
	table.RawSetString("charpattern", lua.LString("[%z\x01-\x7f\xc2-\xf4][\x80-\xbf]*"))
}

func continues(text string, i int) bool { return i < len(text) && text[i]&0xc0 == 0x80 }

// decode is the code point at i and its length; ok is false where there is none.
func decode(text string, i int) (r rune, size int, ok bool) {
	r, size = utf8.DecodeRuneInString(text[i:])
	return r, size, r != utf8.RuneError || size == 3
}

func utf8Char(L *lua.LState) int {
	out := builder{L: L}
	for i := 1; i <= L.GetTop(); i++ {
		n := argInt(L, i)
		if n < 0 || n > 0x7fffffff {
			argError(L, i, "value out of range")
		}
		out.add(string(encodeUTF8(uint32(n))))
	}
	L.Push(lua.LString(out.String()))
	return 1
}

func utf8Next(L *lua.LState) int {
	text, i := argString(L, 1), argInt(L, 2)
	for continues(text, i) { // the rest of the one before
		i++
	}
	if i >= len(text) {
		return 0
	}
	r, _, ok := decode(text, i)
	if !ok {
		Raisef(L, "invalid UTF-8 code")
	}
	L.Push(lua.LNumber(i + 1))
	L.Push(lua.LNumber(r))
	return 2
}

// position makes a Lua position, which may count from the end, one from the start.
func positionIn(text string, i int) int {
	if i < 0 {
		return max(len(text)+i+1, 0)
	}
	return i
}

func utf8Codepoint(L *lua.LState) int {
	text := argString(L, 1)
	i := positionIn(text, optInt(L, 2, 1))
	j := positionIn(text, optInt(L, 3, i))
	if i < 1 {
		argError(L, 2, "out of range")
	}
	if j > len(text) {
		argError(L, 3, "out of range")
	}
	n := 0
	needRegisters(L, j-i+1, "string slice too long")
	for at := i - 1; at < j; n++ {
		r, size, ok := decode(text, at)
		if !ok {
			Raisef(L, "invalid UTF-8 code")
		}
		L.Push(lua.LNumber(r))
		at += size
	}
	return n
}

// utf8Len gives nil and the place of the first byte that is no UTF-8.
func utf8Len(L *lua.LState) int {
	text := argString(L, 1)
	at := positionIn(text, optInt(L, 2, 1)) - 1
	j := positionIn(text, optInt(L, 3, -1))
	if at < 0 || at > len(text) {
		argError(L, 2, "initial position out of string")
	}
	if j > len(text) {
		argError(L, 3, "final position out of string")
	}
	n := 0
	for at < j {
		_, size, ok := decode(text, at)
		if !ok {
			L.Push(lua.LNil)
			L.Push(lua.LNumber(at + 1))
			return 2
		}
		at += size
		n++
	}
	L.Push(lua.LNumber(n))
	return 1
}

func utf8Offset(L *lua.LState) int {
	text, n := argString(L, 1), argInt(L, 2)
	otherwise := 1
	if n <= 0 {
		otherwise = len(text) + 1
	}
	at := positionIn(text, optInt(L, 3, otherwise)) - 1
	if at < 0 || at > len(text) {
		argError(L, 3, "position out of range")
	}
	if n != 0 && continues(text, at) {
		Raisef(L, "initial position is a continuation byte")
	}
	back := func() {
		for at--; at > 0 && continues(text, at); at-- {
		}
	}
	switch {
	case n == 0:
		for at > 0 && continues(text, at) {
			at--
		}
	case n < 0:
		for ; n < 0 && at > 0; n++ {
			back()
		}
	default:
		for n--; n > 0 && at < len(text); n-- {
			for at++; continues(text, at); at++ {
			}
		}
	}
	if n != 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(at + 1))
	return 1
}
