package vm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openString makes the library string and the methods of strings.
func (v *VM) openString() {
	table := v.library("string", map[string]lua.LGFunction{
		"byte":    stringByte,
		"char":    stringChar,
		"dump":    stringDump,
		"find":    stringFind,
		"format":  stringFormat,
		"gmatch":  v.stringGmatch,
		"gsub":    stringGsub,
		"len":     stringLen,
		"lower":   stringLower,
		"match":   stringMatch,
		"rep":     stringRep,
		"reverse": stringReverse,
		"sub":     stringSub,
		"upper":   stringUpper,
	})
	table.RawSetString("gfind", table.RawGetString("gmatch")) // its name in Lua 5.0
	meta := v.blank.CreateTable(0, 1)
	meta.RawSetString("__index", table)
	v.blank.SetMetatable(lua.LString(""), meta)
}

// stringByte gives any number of bytes; gopher-lua's fails at some 5,000.
func stringByte(L *lua.LState) int {
	text := argString(L, 1)
	first := optInt(L, 2, 1)
	i, j := span(first, optInt(L, 3, first), len(text))
	if i >= j {
		return 0
	}
	needRegisters(L, j-i, "string slice too long")
	for _, c := range []byte(text[i:j]) {
		L.Push(lua.LNumber(c))
	}
	return j - i
}

// span makes two Lua positions offsets i <= k < j.
func span(i, j, length int) (int, int) {
	if i < 0 {
		i = max(length+i+1, 1)
	}
	if j < 0 {
		j = length + j + 1
	}
	return max(i, 1) - 1, min(j, length)
}

// needRegisters is Reserve for values of which there may be too many.
func needRegisters(L *lua.LState, n int, complaint string) {
	if n >= maxRegisters/2 {
		Raisef(L, "%s", complaint)
	}
	Reserve(L, n)
}

func stringChar(L *lua.LState) int {
	b := make([]byte, L.GetTop())
	for i := range b {
		c := argInt(L, i+1)
		if c < 0 || c > 255 {
			argError(L, i+1, "invalid value")
		}
		b[i] = byte(c)
	}
	L.Push(lua.LString(b))
	return 1
}

func stringDump(L *lua.LState) int {
	argFunction(L, 1)
	Raisef(L, "unable to dump given function")
	return 0
}

func stringLen(L *lua.LState) int {
	L.Push(lua.LNumber(len(argString(L, 1))))
	return 1
}

// stringLower and stringUpper leave bytes alone that are not ASCII;
// gopher-lua's take them for Unicode and damage binary strings.
func stringLower(L *lua.LState) int { return mapBytes(L, 'A', 'Z') }

func stringUpper(L *lua.LState) int { return mapBytes(L, 'a', 'z') }

func mapBytes(L *lua.LState, first, last byte) int {
	b := []byte(argString(L, 1))
	for i, c := range b {
		if first <= c && c <= last {
			b[i] = c ^ 0x20
		}
	}
	L.Push(lua.LString(b))
	return 1
}

// stringRep refuses a result that would take the machine and knows the
// separator of Lua 5.2.
func stringRep(L *lua.LState) int {
	text, n, sep := argString(L, 1), argInt(L, 2), optString(L, 3, "")
	if n <= 0 {
		L.Push(lua.LString(""))
		return 1
	}
	CheckRoom(L, float64(n)*float64(len(text)+len(sep)))
	switch {
	case len(text)+len(sep) == 0:
		n = 0
	case sep != "":
		text = strings.Repeat(text+sep, n-1) + text
		n = 1
	}
	L.Push(lua.LString(strings.Repeat(text, n)))
	return 1
}

func stringReverse(L *lua.LState) int {
	text := argString(L, 1)
	b := make([]byte, len(text))
	for i := range b {
		b[i] = text[len(text)-1-i]
	}
	L.Push(lua.LString(b))
	return 1
}

func stringSub(L *lua.LState) int {
	text := argString(L, 1)
	i, j := span(argInt(L, 2), optInt(L, 3, -1), len(text))
	if i >= j {
		L.Push(lua.LString(""))
		return 1
	}
	L.Push(lua.LString(text[i:j]))
	return 1
}
