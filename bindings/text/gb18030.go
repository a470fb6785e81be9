package text

// gb18030 has every character of Unicode. Those of the BMP that its two-byte
// table lacks have four bytes: their numbers follow the order of Unicode, and
// so do those beyond the BMP (GB 18030-2000).
type gb18030 struct {
	two   *charset
	chars []uint16 // of the BMP, by number
	index []uint16 // numbers, by character
}

// beyondBMP is the number of U+10000.
const beyondBMP = (0x90 - 0x81) * 10 * 126 * 10

func newGB18030(two *charset) *gb18030 {
	s := &gb18030{two: two, index: make([]uint16, 0x10000)}
	for r := rune(0x80); r <= 0xFFFF; r++ {
		if isSurrogate := r >= 0xD800 && r <= 0xDFFF; isSurrogate || two.unit(r) != 0 {
			continue
		}
		s.index[r] = uint16(len(s.chars))
		s.chars = append(s.chars, uint16(r))
	}
	return s
}

func (s *gb18030) read(b string, m *mode) (rune, int, reason) {
	if len(b) < 2 || b[0] < 0x80 || b[1] < '0' || b[1] > '9' {
		return s.two.read(b, m)
	}
	if len(b) < 4 {
		return 0, len(b), incompleteSequence
	}
	if b[0] < 0x81 || b[0] > 0xFE || b[2] < 0x81 || b[2] > 0xFE || b[3] < '0' || b[3] > '9' {
		return 0, 1, illegalSequence
	}
	n := ((int(b[0]-0x81)*10+int(b[1]-'0'))*126+int(b[2]-0x81))*10 + int(b[3]-'0')
	switch {
	case n < len(s.chars):
		return rune(s.chars[n]), 4, fine
	case n >= beyondBMP && n <= beyondBMP+0xFFFFF:
		return rune(0x10000 + n - beyondBMP), 4, fine
	}
	return 0, 1, illegalSequence
}

func (s *gb18030) write(dst []byte, r rune, m *mode) ([]byte, bool) {
	if dst, ok := s.two.write(dst, r, m); ok {
		return dst, true
	}
	n := beyondBMP + int(r) - 0x10000
	if r <= 0xFFFF {
		n = int(s.index[r])
	}
	return append(dst, byte(0x81+n/12600), byte('0'+n/1260%10), byte(0x81+n/10%126), byte('0'+n%10)), true
}
