package vm

import (
	"io"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func fileRead(L *lua.LState) int { return readOr(L, checkFile(L), 2) }

// readOr reads what the arguments from first on ask for; an error is returned
// to Lua.
func readOr(L *lua.LState, f *file, first int) int {
	n, err := readFormats(L, f, first)
	if err != nil {
		return outcome(L, err)
	}
	return n
}

// readFormats reads what the arguments from first on ask for, a line if there
// are none, and stops at the first that is nil.
func readFormats(L *lua.LState, f *file, first int) (int, error) {
	last := L.GetTop()
	if last < first {
		L.Push(lua.LString("l"))
		last = first
	}
	for i := first; i <= last; i++ {
		value, err := readFormat(L, f, i)
		if err != nil && err != io.EOF {
			return 0, err
		}
		L.Push(value)
		if value == lua.LNil {
			return i - first + 1, nil
		}
	}
	return last - first + 1, nil
}

func readFormat(L *lua.LState, f *file, i int) (lua.LValue, error) {
	if n, ok := L.Get(i).(lua.LNumber); ok {
		if !(n >= 0) {
			argError(L, i, "0 or more bytes expected")
		}
		return readText(f.upTo(L, clampInt(float64(n))))
	}
	format := strings.TrimPrefix(argString(L, i), "*")
	switch {
	case strings.HasPrefix(format, "l"):
		return readText(f.line(L, false))
	case strings.HasPrefix(format, "L"):
		return readText(f.line(L, true))
	case strings.HasPrefix(format, "a"):
		return readText(f.rest(L))
	case strings.HasPrefix(format, "n"):
		return f.numeral(L)
	}
	argError(L, i, "invalid format")
	return nil, nil
}

func readText(text string, err error) (lua.LValue, error) {
	if err != nil {
		return lua.LNil, err
	}
	return lua.LString(text), nil
}

func (v *VM) fileLines(L *lua.LState) int {
	return v.lines(L, checkFile(L), false)
}

// ioLines closes the file that it opened at its end.
func (v *VM) ioLines(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		if L.GetTop() == 0 {
			L.Push(lua.LNil)
		}
		return v.lines(L, usable(L, v.input), false)
	}
	name := argString(L, 1)
	if v.opened(L, func() (*file, error) { return openFile(name, "r") }) != 1 {
		Raisef(L, "%s", L.Get(-2))
	}
	f := L.Get(-1).(*lua.LUserData).Value.(*file)
	L.Pop(1)
	return v.lines(L, f, true)
}

// lines pushes an iterator that reads by the formats behind the first argument.
func (v *VM) lines(L *lua.LState, f *file, closing bool) int {
	var formats []lua.LValue
	for i := 2; i <= L.GetTop(); i++ {
		formats = append(formats, L.Get(i))
	}
	L.Push(v.NewFunction("lines iterator", func(L *lua.LState) int {
		if f.closed {
			Raisef(L, "file is already closed")
		}
		L.SetTop(0)
		for _, format := range formats {
			L.Push(format)
		}
		n, err := readFormats(L, f, 1)
		if err != nil {
			Raisef(L, "%s", message(err))
		}
		if closing && L.Get(-n) == lua.LNil {
			_ = f.close(L) // it was only read
		}
		return n
	}))
	return 1
}
