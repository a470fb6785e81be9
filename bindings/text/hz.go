package text

// hz is GB 2312 in seven bits (RFC 1843): "~{" and "~}" stand around characters
// whose two bytes have lost their high bit, "~~" is a tilde.
type hz struct{ gb2312 *charset }

// shifted is the mode between "~{" and "~}".
const shifted mode = 1

func (s hz) read(b string, m *mode) (rune, int, reason) {
	switch {
	case b[0] == '~':
		return s.escape(b, m)
	case b[0] >= 0x80:
		return 0, 1, illegalSequence
	case *m != shifted:
		return rune(b[0]), 1, fine
	case len(b) < 2:
		return 0, 1, incompleteSequence
	}
	if r := s.gb2312.char(uint32(b[0]|0x80)<<8 | uint32(b[1]|0x80)); r != 0 && b[1] < 0x80 {
		return r, 2, fine
	}
	return 0, 1, illegalSequence
}

// escape reads what begins with a tilde.
func (s hz) escape(b string, m *mode) (rune, int, reason) {
	if len(b) < 2 {
		return 0, 1, incompleteSequence
	}
	switch {
	case b[1] == '}' && *m == shifted:
		*m = 0
	case *m == shifted:
		return 0, 1, illegalSequence
	case b[1] == '~':
		return '~', 2, fine
	case b[1] == '{':
		*m = shifted
	case b[1] != '\n':
		return 0, 1, illegalSequence
	}
	return noRune, 2, fine
}

func (s hz) write(dst []byte, r rune, m *mode) ([]byte, bool) {
	if r < 0x80 {
		dst = append(s.close(dst, m), byte(r))
		if r == '~' {
			dst = append(dst, '~')
		}
		return dst, true
	}
	unit := s.gb2312.unit(r)
	if unit == 0 {
		return dst, false
	}
	if *m != shifted {
		dst = append(dst, "~{"...)
		*m = shifted
	}
	return append(dst, byte(unit>>8&0x7F), byte(unit&0x7F)), true
}

// close leaves the shifted mode.
func (s hz) close(dst []byte, m *mode) []byte {
	if *m == shifted {
		*m = 0
		dst = append(dst, "~}"...)
	}
	return dst
}
