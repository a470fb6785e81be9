package bytes

import (
	"errors"
	"fmt"

	"lunawire/bindings"
)

// The sizes of C's types on the machines of today (LP64), and the largest
// integer that a format may ask for. Fixed, so that a script packs the same
// bytes everywhere.
const (
	shortSize   = 2
	intSize     = 4
	longSize    = 8
	floatSize   = 4
	doubleSize  = 8
	nativeAlign = 8
	wordSize    = 8  // of the largest integer that fits into a Lua value
	maxIntSize  = 16 // of i[n] and the like
)

// maxPacked bounds what one format stands for, so that a mistyped count can't
// take all memory.
const maxPacked = 1 << 28

type kind int

const (
	signed kind = iota
	unsigned
	float
	fixed     // c[n]
	counted   // s[n]
	zeroEnded // z
	padding   // x
	aligning  // X
	setting   // one of < > = ! and the space
)

// An option is one letter of a format with its number.
type option struct {
	kind kind
	size int
	text string // as it stands in the format
	pad  int    // bytes before it, for the alignment
}

// takesValue tells whether the option stands for a value.
func (o option) takesValue() bool { return o.kind < padding }

// A format reads the options of a format string one after the other.
type format struct {
	text      string
	at        int
	bigEndian bool
	align     int // the largest alignment there is
}

func newFormat(text string) *format { return &format{text: text, align: 1} }

func (f *format) more() bool { return f.at < len(f.text) }

// maxFormat is how long a format may be: more is no format, but data in its place.
const maxFormat = 1 << 20

// next reads an option that begins total bytes after the start.
func (f *format) next(total int) (option, error) {
	if len(f.text) > maxFormat {
		return option{}, badFormat("a format has at most %d bytes, not %d", maxFormat, len(f.text))
	}
	o, err := f.read()
	if err != nil {
		return o, err
	}
	align := o.size
	if o.kind == aligning {
		if align, err = f.alignment(); err != nil {
			return o, err
		}
		o.size = 0
	}
	if align <= 1 || o.kind == fixed {
		return o, nil
	}
	align = min(align, f.align)
	if align&(align-1) != 0 {
		return o, badFormat("option %q: its alignment would be %d, which is not a power of 2", o.text, align)
	}
	o.pad = (align - total&(align-1)) & (align - 1)
	return o, nil
}

// alignment reads the option after an X, which says how to align.
func (f *format) alignment() (int, error) {
	if f.more() {
		if o, err := f.read(); err != nil {
			return 0, err
		} else if o.kind != fixed && o.size > 0 {
			return o.size, nil
		}
	}
	return 0, badFormat("option \"X\": an option with a size must follow")
}

func (f *format) read() (option, error) {
	start := f.at
	letter := f.text[f.at]
	f.at++
	o, err := f.letter(letter)
	o.text = f.text[start:f.at]
	if err != nil {
		return o, badFormat("option %q: %v", o.text, err)
	}
	return o, nil
}

func (f *format) letter(letter byte) (option, error) {
	switch letter {
	case 'b':
		return option{kind: signed, size: 1}, nil
	case 'B':
		return option{kind: unsigned, size: 1}, nil
	case 'h':
		return option{kind: signed, size: shortSize}, nil
	case 'H':
		return option{kind: unsigned, size: shortSize}, nil
	case 'l', 'j':
		return option{kind: signed, size: longSize}, nil
	case 'L', 'J', 'T':
		return option{kind: unsigned, size: longSize}, nil
	case 'i':
		return f.sized(signed, intSize)
	case 'I':
		return f.sized(unsigned, intSize)
	case 's':
		return f.sized(counted, longSize)
	case 'f':
		return option{kind: float, size: floatSize}, nil
	case 'd', 'n':
		return option{kind: float, size: doubleSize}, nil
	case 'z':
		return option{kind: zeroEnded}, nil
	case 'c':
		n, ok := f.number(-1)
		if !ok || n < 0 {
			return option{}, fmt.Errorf("a size from 0 to %d must follow", maxPacked)
		}
		return option{kind: fixed, size: n}, nil
	case 'x':
		return option{kind: padding, size: 1}, nil
	case 'X':
		return option{kind: aligning}, nil
	}
	return f.setting(letter)
}

// setting obeys a letter that is about the letters after it.
func (f *format) setting(letter byte) (option, error) {
	switch letter {
	case ' ':
	case '<', '=':
		f.bigEndian = false
	case '>':
		f.bigEndian = true
	case '!':
		o, err := f.sized(setting, nativeAlign)
		f.align = o.size
		return option{kind: setting}, err
	default:
		return option{}, errors.New("there is no such option")
	}
	return option{kind: setting}, nil
}

// sized reads the number of an option, from 1 to 16.
func (f *format) sized(k kind, def int) (option, error) {
	n, ok := f.number(def)
	if !ok || n < 1 || n > maxIntSize {
		return option{}, fmt.Errorf("its size is not from 1 to %d", maxIntSize)
	}
	return option{kind: k, size: n}, nil
}

// number reads digits; without any it is def. false means that there are too many.
func (f *format) number(def int) (n int, ok bool) {
	start := f.at
	for ; f.more() && f.text[f.at] >= '0' && f.text[f.at] <= '9'; f.at++ {
		n = min(n*10+int(f.text[f.at]-'0'), maxPacked+1)
	}
	if f.at == start {
		return def, true
	}
	return n, n <= maxPacked
}

func badFormat(text string, args ...any) error {
	return bindings.BadArgument("fmt", text, args...)
}
