package record

import (
	"math"
	"strconv"
)

// MaxArgs is the number of arguments that an event has room for.
const MaxArgs = 4

// Args are the arguments of a call in order; the first zero Value ends them.
type Args [MaxArgs]Value

// Len returns the number of arguments.
func (a *Args) Len() int {
	for i := range a {
		if a[i].kind == noValue {
			return i
		}
	}
	return MaxArgs
}

type valueKind uint8

const (
	noValue valueKind = iota
	intValue
	floatValue
	boolValue
	wordValue
	textValue
	dataValue
	addrValue
)

// Value is one argument or result of a call, kept without an allocation. The
// zero Value is none.
type Value struct {
	kind valueKind
	bits uint64
	text string
}

// Data stands where the event's Data stands among the arguments or results.
var Data = Value{kind: dataValue}

// Address stands where the event's Addr stands among the arguments or results.
var Address = Value{kind: addrValue}

// Int is a whole number.
func Int(n int64) Value { return Value{kind: intValue, bits: uint64(n)} }

// Float is a number, such as seconds.
func Float(f float64) Value { return Value{kind: floatValue, bits: math.Float64bits(f)} }

// Bool is true or false.
func Bool(b bool) Value {
	if b {
		return Value{kind: boolValue, bits: 1}
	}
	return Value{kind: boolValue}
}

// Word is a name that is written bare, such as SOCK_STREAM.
func Word(name string) Value { return Value{kind: wordValue, text: name} }

// Text is a string that is written quoted.
func Text(s string) Value { return Value{kind: textValue, text: s} }

// IsZero reports whether v is no value at all.
func (v Value) IsZero() bool { return v.kind == noValue }

// Any returns the value as a Go value: nil, int64, float64, bool or string.
// For Data and Address, whose contents the event holds, it returns nil.
func (v Value) Any() any {
	switch v.kind {
	case intValue:
		return int64(v.bits)
	case floatValue:
		return math.Float64frombits(v.bits)
	case boolValue:
		return v.bits != 0
	case wordValue, textValue:
		return v.text
	}
	return nil
}

// scalar writes a value that needs nothing of its event, in Lua notation.
func (v Value) scalar() string {
	switch v.kind {
	case intValue:
		return strconv.FormatInt(int64(v.bits), 10)
	case floatValue:
		return strconv.FormatFloat(math.Float64frombits(v.bits), 'g', -1, 64)
	case boolValue:
		return strconv.FormatBool(v.bits != 0)
	case wordValue:
		return v.text
	}
	return ""
}
