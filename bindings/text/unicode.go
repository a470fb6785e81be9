package text

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// unicodeCodecs are the encodings that have every character.
func unicodeCodecs() []*Codec {
	constant := func(s scheme) func() scheme { return func() scheme { return s } }
	le, be := binary.LittleEndian, binary.BigEndian
	return []*Codec{
		{name: "utf-8", scheme: constant(utf8Scheme{}), same: utf8.ValidString, ascii: true},
		{name: "utf-8-sig", scheme: constant(signedScheme{}), bom: utf8Signature},
		{name: "utf-16", scheme: constant(markedScheme{utf16Scheme{le}, utf16Scheme{be}, 2}), bom: "\xFF\xFE"},
		{name: "utf-16-le", scheme: constant(utf16Scheme{le})},
		{name: "utf-16-be", scheme: constant(utf16Scheme{be})},
		{name: "utf-32", scheme: constant(markedScheme{utf32Scheme{le}, utf32Scheme{be}, 4}), bom: "\xFF\xFE\x00\x00"},
		{name: "utf-32-le", scheme: constant(utf32Scheme{le})},
		{name: "utf-32-be", scheme: constant(utf32Scheme{be})},
	}
}

// utf8Scheme reads UTF-8. An error covers the longest stretch that could have
// begun a character (Unicode 3.9, "maximal subpart").
type utf8Scheme struct{}

func (utf8Scheme) read(b string, _ *mode) (rune, int, reason) {
	if r, n := utf8.DecodeRuneInString(b); r != utf8.RuneError || n > 1 {
		return r, n, fine
	}
	need := 0
	switch first := b[0]; {
	case first >= 0xC2 && first <= 0xDF:
		need = 1
	case first >= 0xE0 && first <= 0xEF:
		need = 2
	case first >= 0xF0 && first <= 0xF4:
		need = 3
	default:
		return 0, 1, badStart
	}
	for n := 1; n <= need; n++ {
		if n == len(b) {
			return 0, n, endOfData
		}
		if low, high := continuation(b[0], n); b[n] < low || b[n] > high {
			return 0, n, badContinuation
		}
	}
	panic("text: a sound UTF-8 sequence was refused")
}

// continuation is the range of the n-th byte after first, which keeps out
// overlong forms, surrogates and what lies beyond U+10FFFF.
func continuation(first byte, n int) (low, high byte) {
	switch {
	case n == 1 && first == 0xE0:
		return 0xA0, 0xBF
	case n == 1 && first == 0xED:
		return 0x80, 0x9F
	case n == 1 && first == 0xF0:
		return 0x90, 0xBF
	case n == 1 && first == 0xF4:
		return 0x80, 0x8F
	}
	return 0x80, 0xBF
}

func (utf8Scheme) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	return utf8.AppendRune(dst, r), true
}

const utf8Signature = "\xEF\xBB\xBF"

// begun is the mode of a text whose first bytes have been looked at.
const begun mode = 1

// signedScheme is UTF-8 that may begin with a signature.
type signedScheme struct{ utf8Scheme }

func (s signedScheme) read(b string, m *mode) (rune, int, reason) {
	if *m == begun {
		return s.utf8Scheme.read(b, m)
	}
	if len(b) < len(utf8Signature) && strings.HasPrefix(utf8Signature, b) {
		return 0, len(b), endOfData
	}
	*m = begun
	if strings.HasPrefix(b, utf8Signature) {
		return noRune, len(utf8Signature), fine
	}
	return s.utf8Scheme.read(b, m)
}

// utf16Scheme reads UTF-16 in one byte order.
type utf16Scheme struct{ order binary.AppendByteOrder }

func unit16(order binary.AppendByteOrder, b string) rune {
	if order == binary.AppendByteOrder(binary.BigEndian) {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}

func (s utf16Scheme) read(b string, _ *mode) (rune, int, reason) {
	if len(b) < 2 {
		return 0, 1, truncated
	}
	first := unit16(s.order, b)
	switch {
	case first < 0xD800 || first > 0xDFFF:
		return first, 2, fine
	case first >= 0xDC00:
		return 0, 2, illegalEncoding
	case len(b) < 4:
		return 0, len(b), endOfData
	}
	second := unit16(s.order, b[2:])
	if second < 0xDC00 || second > 0xDFFF {
		return 0, 2, illegalSurrogate
	}
	return 0x10000 + (first-0xD800)<<10 + (second - 0xDC00), 4, fine
}

func (s utf16Scheme) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	if r <= 0xFFFF {
		return s.order.AppendUint16(dst, uint16(r)), true
	}
	r -= 0x10000
	dst = s.order.AppendUint16(dst, uint16(0xD800+r>>10))
	return s.order.AppendUint16(dst, uint16(0xDC00+r&0x3FF)), true
}

// utf32Scheme reads UTF-32 in one byte order.
type utf32Scheme struct{ order binary.AppendByteOrder }

func (s utf32Scheme) read(b string, _ *mode) (rune, int, reason) {
	if len(b) < 4 {
		return 0, len(b), truncated
	}
	high, low := unit16(s.order, b), unit16(s.order, b[2:])
	if s.order == binary.AppendByteOrder(binary.LittleEndian) {
		high, low = low, high
	}
	switch {
	case high > 0x10:
		return 0, 4, beyondUnicode
	case high == 0 && low >= 0xD800 && low <= 0xDFFF:
		return 0, 4, surrogatePoint
	}
	return high<<16 | low, 4, fine
}

func (s utf32Scheme) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	return s.order.AppendUint32(dst, uint32(r)), true
}

// markedScheme finds the byte order by the mark at the beginning; without one
// it is little endian.
type markedScheme struct {
	little, big scheme
	size        int // of the mark
}

const (
	littleEndian mode = iota + 1
	bigEndian
)

func (s markedScheme) read(b string, m *mode) (rune, int, reason) {
	switch *m {
	case littleEndian:
		return s.little.read(b, m)
	case bigEndian:
		return s.big.read(b, m)
	}
	if len(b) < s.size {
		return 0, len(b), truncated
	}
	if r, n, why := s.big.read(b, m); why == fine && r == '\uFEFF' {
		*m = bigEndian
		return noRune, n, fine
	}
	*m = littleEndian
	if r, n, _ := s.little.read(b, m); r == '\uFEFF' {
		return noRune, n, fine
	}
	return s.little.read(b, m)
}

func (s markedScheme) write(dst []byte, r rune, m *mode) ([]byte, bool) {
	return s.little.write(dst, r, m)
}
