package bindings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Args is the argument list of one Lua call, read from left to right.
type Args struct {
	rt   *Runtime
	l    *lua.LState
	next int // 1-based index of the next argument
	top  int // how many there are
}

// An ArgReader is an argument type that reads itself from one or more Lua
// arguments. ArgNames is how many names it stands for in the Params of a row.
type ArgReader interface {
	ReadArgs(*Args) error
	ArgNames() int
}

// Left is how many arguments are still unread.
func (a *Args) Left() int { return max(0, a.top-a.next+1) }

// Peek is the next argument, converted as any; nil at the end.
func (a *Args) Peek() any { return a.rt.fromLua(a.lua()) }

// Take reads the next argument, converted as any; nil at the end.
func (a *Args) Take() any {
	v := a.Peek()
	a.next++
	return v
}

// Skip leaves the next argument behind, once it has been looked at.
func (a *Args) Skip() { a.next++ }

// Text is the next argument if that is a string. It costs less than Peek, as do
// Number and Object.
func (a *Args) Text() (string, bool) {
	s, ok := a.lua().(lua.LString)
	return string(s), ok
}

// Number is the next argument if that is a number.
func (a *Args) Number() (float64, bool) {
	n, ok := a.lua().(lua.LNumber)
	return float64(n), ok
}

// Object is the Go value of the next argument if that is a userdata.
func (a *Args) Object() any {
	if data, ok := a.lua().(*lua.LUserData); ok {
		return data.Value
	}
	return nil
}

// TakeArray reads the next argument, an array table, converting its elements
// as any.
func (a *Args) TakeArray() ([]any, bool) {
	table, ok := a.lua().(*lua.LTable)
	if !ok {
		return nil, false
	}
	list := make([]any, table.Len())
	for i := range list {
		list[i] = a.rt.fromLua(table.RawGetInt(i + 1))
	}
	a.next++
	return list, true
}

// Describe is the next argument as a message names it: `string "abc"`.
func (a *Args) Describe() string { return describe(a.lua(), a.next > a.top) }

func (a *Args) lua() lua.LValue { return a.l.Get(a.next) }

func (a *Args) absent() bool { return a.next > a.top || a.lua() == lua.LNil }

// describe names a value in an error message, long strings cut.
func describe(v lua.LValue, none bool) string {
	if none {
		return "nothing"
	}
	switch v := v.(type) {
	case lua.LString:
		s := string(v)
		if len(s) > 40 {
			s = s[:40] + "..."
		}
		return "string " + strconv.Quote(s)
	case lua.LNumber:
		return strings.ToLower(fmt.Sprintf("number %.14g", float64(v)))
	case lua.LBool:
		return "boolean " + v.String()
	case *lua.LUserData:
		if s, ok := v.Value.(fmt.Stringer); ok {
			return s.String()
		}
	}
	return v.Type().String()
}

// Plain is an argument of any kind with its tables turned into Go lists: nil,
// bool, float64, string, []any, or a pointer of ours.
type Plain struct{ Value any }

// ArgNames says that a Plain is one argument.
func (p *Plain) ArgNames() int { return 1 }

// ReadArgs reads it.
func (p *Plain) ReadArgs(a *Args) error {
	if list, isTable := a.TakeArray(); isTable {
		p.Value = list
		return nil
	}
	p.Value = a.Take()
	return nil
}

// Number is the value as a number, a boolean counting as 0 or 1.
func (p Plain) Number() (float64, bool) { return Number(p.Value) }

// List is the elements of a table, nil for anything else.
func (p Plain) List() []any {
	list, _ := p.Value.([]any)
	return list
}

// Number is v as a number, a boolean counting as 0 or 1.
func Number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// A mismatch is an argument of the wrong kind.
type mismatch struct{ want, got string }

func (m *mismatch) Error() string { return m.want + " expected, got " + m.got }

func (a *Args) wrong(want string) error { return &mismatch{want, a.Describe()} }

func (a *Args) str() (string, error) {
	switch v := a.lua().(type) {
	case lua.LString:
		return string(v), nil
	case lua.LNumber:
		return a.rt.vm.ToString(v), nil
	}
	return "", a.wrong("string")
}

func (a *Args) number() (float64, error) {
	switch v := a.lua().(type) {
	case lua.LNumber:
		return float64(v), nil
	case lua.LString:
		if n, ok := parseNumber(string(v)); ok {
			return n, nil
		}
	}
	return 0, a.wrong("number")
}

// parseNumber reads a number as Lua writes them: decimal, or hexadecimal with 0x.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "_nNpPiI") { // no inf, nan, 1_000
		return 0, false
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n, true
	}
	if u, err := strconv.ParseUint(s, 0, 64); err == nil && strings.HasPrefix(strings.ToLower(s), "0x") {
		return float64(u), true
	}
	return 0, false
}

func (a *Args) integer(low, high float64) (float64, error) {
	n, err := a.number()
	switch {
	case err != nil:
		return 0, a.wrong("whole number")
	case n != math.Trunc(n) || math.IsInf(n, 0):
		return 0, a.wrong("whole number")
	case n < low || n > high:
		return 0, &mismatch{fmt.Sprintf("number from %.0f to %.0f", low, high), describe(a.lua(), false)}
	}
	return n, nil
}

func (a *Args) boolean() (bool, error) {
	switch v := a.lua().(type) {
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	}
	return false, a.wrong("boolean")
}

// LongestTime stands for a time without end, such as math.huge seconds.
const LongestTime = time.Duration(math.MaxInt64)

func (a *Args) seconds() (time.Duration, error) {
	n, err := a.number()
	if err != nil || math.IsNaN(n) || n < 0 {
		return 0, a.wrong("seconds (a number, 0 or more)")
	}
	if n >= LongestTime.Seconds() {
		return LongestTime, nil
	}
	return time.Duration(n * float64(time.Second)), nil
}

// bytesOf views the bytes of a string without copying them; read only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
