package text

import "sync"

// singleByteCodecs are the encodings of one byte a character.
func singleByteCodecs() []*Codec {
	codecs := []*Codec{
		{name: "ascii", scheme: prefixScheme(0x80).self, same: isASCII, ascii: true},
		{name: "latin-1", scheme: prefixScheme(0x100).self, same: isASCII, ascii: true},
	}
	for name, chars := range singleBytes {
		c := &Codec{name: name, scheme: sync.OnceValue(func() scheme { return newByteScheme(chars) })}
		if len([]rune(chars)) == 128 {
			c.same, c.ascii = isASCII, true
		}
		codecs = append(codecs, c)
	}
	return codecs
}

// prefixScheme is the first characters of Unicode, one byte each.
type prefixScheme rune

func (s prefixScheme) self() scheme { return s }

func (s prefixScheme) read(b string, _ *mode) (rune, int, reason) {
	if r := rune(b[0]); r < rune(s) {
		return r, 1, fine
	}
	return 0, 1, notASCII
}

func (s prefixScheme) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	if r >= rune(s) {
		return dst, false
	}
	return append(dst, byte(r)), true
}

// byteScheme is a table of 256 characters.
type byteScheme struct {
	chars [256]rune // U+FFFD where a byte has none
	bytes map[rune]byte
}

// newByteScheme takes the characters of all bytes, or of those from 0x80 on
// where the others are ASCII.
func newByteScheme(chars string) *byteScheme {
	s := &byteScheme{bytes: make(map[rune]byte, 256)}
	list := []rune(chars)
	for b := range 256 {
		s.chars[b] = rune(b)
		if i := b - 256 + len(list); i >= 0 {
			s.chars[b] = list[i]
		}
		if s.chars[b] != '\uFFFD' {
			s.bytes[s.chars[b]] = byte(b)
		}
	}
	return s
}

func (s *byteScheme) read(b string, _ *mode) (rune, int, reason) {
	if r := s.chars[b[0]]; r != '\uFFFD' {
		return r, 1, fine
	}
	return 0, 1, undefinedByte
}

func (s *byteScheme) write(dst []byte, r rune, _ *mode) ([]byte, bool) {
	b, ok := s.bytes[r]
	if !ok {
		return dst, false
	}
	return append(dst, b), true
}
