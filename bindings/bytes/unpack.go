package bytes

import (
	"fmt"
	"math"
	"strings"

	"lunawire/bindings"
)

// unpack reads values; an integer that a number can't hold is an error.
func unpack(layout, data string, from bindings.Opt[int]) (bindings.Values, error) {
	return unpackWith(layout, data, from, func(o option, n integer) (any, error) {
		if !n.exact() {
			return nil, inexact(o, n)
		}
		return n.number(), nil
	})
}

// unpackDecimal reads values; integers that a number can't hold come as digits.
func unpackDecimal(layout, data string, from bindings.Opt[int]) (bindings.Values, error) {
	return unpackWith(layout, data, from, func(_ option, n integer) (any, error) {
		if !n.exact() {
			return n.String(), nil
		}
		return n.number(), nil
	})
}

func inexact(o option, n integer) error {
	return &bindings.Error{
		Op: "unpack", Code: "Inexact",
		Message: fmt.Sprintf("option %q holds %s, beyond 2^53, where numbers are rounded", o.text, n),
		Hint:    fmt.Sprintf("bytes.unpackdecimal gives it as the string %q; c%d gives the bytes themselves", n, o.size),
	}
}

func unpackWith(layout, data string, from bindings.Opt[int], integer func(option, integer) (any, error)) (bindings.Values, error) {
	at := from.Or(1)
	if at < 0 {
		at += len(data) + 1
	}
	if at < 1 || at > len(data)+1 {
		return nil, bindings.BadArgument("from", "%d lies outside of the %d bytes", from.Value, len(data))
	}
	u := unpacker{format: newFormat(layout), data: data, at: at - 1, integer: integer}
	for u.format.more() {
		o, err := u.format.next(u.at)
		if err != nil {
			return nil, err
		}
		if err := u.take(o); err != nil {
			return nil, err
		}
	}
	return append(u.values, float64(u.at+1)), nil
}

// An unpacker reads values by a format.
type unpacker struct {
	format  *format
	data    string
	at      int
	integer func(option, integer) (any, error) // what an integer becomes
	values  bindings.Values
}

// bytes are the next n bytes.
func (u *unpacker) bytes(o option, n int) (string, error) {
	if n > len(u.data)-u.at {
		return "", u.short(o, fmt.Sprintf("needs %d more", n))
	}
	b := u.data[u.at : u.at+n]
	u.at += n
	return b, nil
}

func (u *unpacker) short(o option, need string) error {
	return &bindings.Error{
		Op: "unpack", Code: "TooShort",
		Message: fmt.Sprintf("option %q at byte %d %s, the data has %d", o.text, u.at+1, need, len(u.data)-u.at),
		Details: map[string]any{"position": float64(u.at + 1)},
	}
}

// take reads one option.
func (u *unpacker) take(o option) error {
	if _, err := u.bytes(o, o.pad); err != nil {
		return err
	}
	if o.kind == zeroEnded {
		return u.zeroEnded(o)
	}
	field, err := u.bytes(o, o.size)
	if err != nil || !o.takesValue() {
		return err
	}
	switch o.kind {
	case fixed:
		u.values = append(u.values, field)
		return nil
	case counted:
		return u.counted(o, field)
	case float:
		u.values = append(u.values, readFloat(field, u.format.bigEndian))
		return nil
	}
	n, ok := readInteger(field, o.kind, u.format.bigEndian)
	if !ok {
		return &bindings.Error{Op: "unpack", Code: "Inexact", Message: fmt.Sprintf("option %q holds an integer of more than 64 bits", o.text)}
	}
	v, err := u.integer(o, n)
	u.values = append(u.values, v)
	return err
}

func (u *unpacker) zeroEnded(o option) error {
	n := strings.IndexByte(u.data[u.at:], 0)
	if n < 0 {
		return u.short(o, "needs a zero byte at the end")
	}
	u.values = append(u.values, u.data[u.at:u.at+n])
	u.at += n + 1
	return nil
}

// counted reads the string whose length the field holds.
func (u *unpacker) counted(o option, field string) error {
	n, ok := readInteger(field, unsigned, u.format.bigEndian)
	if !ok || n.magnitude > uint64(len(u.data)-u.at) {
		return u.short(o, "says that "+n.String()+" follow")
	}
	end := u.at + int(n.magnitude)
	u.values = append(u.values, u.data[u.at:end])
	u.at = end
	return nil
}

func readFloat(field string, bigEndian bool) float64 {
	n, _ := readInteger(field, unsigned, bigEndian)
	if len(field) == floatSize {
		return float64(math.Float32frombits(uint32(n.magnitude)))
	}
	return math.Float64frombits(n.magnitude)
}
