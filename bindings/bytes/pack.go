package bytes

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"lunawire/bindings"
)

func pack(layout string, values ...any) (string, error) {
	p := packer{format: newFormat(layout), values: values}
	for p.format.more() {
		o, err := p.format.next(len(p.out))
		if err != nil {
			return "", err
		}
		if err := p.put(o); err != nil {
			return "", err
		}
	}
	return string(p.out), nil
}

// A packer writes values by a format.
type packer struct {
	format *format
	values []any
	taken  int
	out    []byte
}

// put writes one option, its padding first.
func (p *packer) put(o option) error {
	if err := p.room(o.pad + o.size); err != nil {
		return err
	}
	p.zeros(o.pad)
	if !o.takesValue() {
		p.zeros(o.size)
		return nil
	}
	if p.taken == len(p.values) {
		return bindings.BadArgument("values", "no value for option %q, the %s", o.text, ordinal(p.taken+1))
	}
	v := p.values[p.taken]
	p.taken++
	if err := p.value(o, v); err != nil {
		return bindings.BadArgument("values", "the %s, for option %q: %v", ordinal(p.taken), o.text, err)
	}
	return nil
}

// room refuses to grow beyond all reason.
func (p *packer) room(n int) error {
	if len(p.out)+n > maxPacked {
		return bindings.BadArgument("fmt", "the result would have more than %d bytes", maxPacked)
	}
	return nil
}

func (p *packer) zeros(n int) { p.out = append(p.out, make([]byte, n)...) }

func (p *packer) value(o option, v any) error {
	switch o.kind {
	case signed, unsigned:
		n, err := integerOf(v)
		if err != nil {
			return err
		}
		return p.integer(o, n)
	case float:
		n, ok := numberOf(v)
		if !ok {
			return fmt.Errorf("number expected, got %s", kindOf(v))
		}
		p.float(n, o.size)
		return nil
	}
	s, err := stringOf(v)
	if err != nil {
		return err
	}
	return p.string(o, s)
}

func (p *packer) integer(o option, n integer) error {
	if err := n.fits(o.kind, o.size); err != nil {
		return err
	}
	fill := byte(0)
	if o.kind == signed && n.word() >= 1<<63 {
		fill = 0xFF
	}
	p.out = appendWord(p.out, n.word(), o.size, fill, p.format.bigEndian)
	return nil
}

func (p *packer) float(n float64, size int) {
	bits := math.Float64bits(n)
	if size == floatSize {
		bits = uint64(math.Float32bits(float32(n)))
	}
	p.out = appendWord(p.out, bits, size, 0, p.format.bigEndian)
}

func (p *packer) string(o option, s string) error {
	if err := p.room(len(s)); err != nil {
		return err
	}
	switch o.kind {
	case fixed:
		if len(s) > o.size {
			return fmt.Errorf("a string of %d bytes is longer than %d", len(s), o.size)
		}
		p.out = append(p.out, s...)
		p.zeros(o.size - len(s))
	case counted:
		if o.size < wordSize && uint64(len(s)) >= 1<<(8*o.size) {
			return fmt.Errorf("the length %d does not fit into %d bytes", len(s), o.size)
		}
		p.out = appendWord(p.out, uint64(len(s)), o.size, 0, p.format.bigEndian)
		p.out = append(p.out, s...)
	default:
		if strings.IndexByte(s, 0) >= 0 {
			return errors.New("a string that ends with a zero byte can't contain one")
		}
		p.out = append(append(p.out, s...), 0)
	}
	return nil
}

// stringOf reads a value as a string; a number counts as its digits.
func stringOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case float64:
		return formatNumber(v), nil
	}
	return "", fmt.Errorf("string expected, got %s", kindOf(v))
}

// ordinal is 1st, 2nd, 3rd ...
func ordinal(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return fmt.Sprintf("%dst value", n)
	case n%10 == 2 && n%100 != 12:
		return fmt.Sprintf("%dnd value", n)
	case n%10 == 3 && n%100 != 13:
		return fmt.Sprintf("%drd value", n)
	}
	return fmt.Sprintf("%dth value", n)
}

// packsize is the size of what pack gives, where the values have no say in it.
func packsize(layout string) (int, error) {
	total := 0
	for f := newFormat(layout); f.more(); {
		o, err := f.next(total)
		if err != nil {
			return 0, err
		}
		if o.kind == counted || o.kind == zeroEnded {
			return 0, badFormat("the size of option %q depends on the value", o.text)
		}
		total += o.pad + o.size
		if total > math.MaxInt32 {
			return 0, badFormat("the size is more than %d", math.MaxInt32)
		}
	}
	return total, nil
}
