package text

import "strings"

// eucKR is KS X 1001 with the syllables that its table lacks spelled out in
// letters: a filler, then initial, vowel and final, each a letter of the row A4.
type eucKR struct{ *charset }

const (
	initials = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
	vowels   = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
	finals   = filler + "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
	filler   = "\u3164"

	firstLetter   = 'ㄱ'
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
	letterBytes   = 3 // of a letter in UTF-8
	letterRow     = 0xA4
	fillerByte    = 0xD4
	spelledOut    = 8 // bytes
)

// letter is the place in letters of the one that b begins with, or -1.
func letter(letters, b string) int {
	if b[0] != letterRow || b[1] < 0xA1 || b[1] > fillerByte {
		return -1
	}
	at := strings.Index(letters, string(firstLetter+rune(b[1]-0xA1)))
	if at < 0 {
		return -1
	}
	return at / letterBytes
}

func (s eucKR) read(b string, m *mode) (rune, int, reason) {
	if len(b) < 2 || b[0] != letterRow || b[1] != fillerByte {
		return s.charset.read(b, m)
	}
	if len(b) < spelledOut {
		return 0, len(b), incompleteSequence
	}
	initial, vowel, final := letter(initials, b[2:]), letter(vowels, b[4:]), letter(finals, b[6:])
	if initial < 0 || vowel < 0 || final < 0 {
		return 0, 1, illegalSequence
	}
	return firstSyllable + rune((initial*21+vowel)*28+final), spelledOut, fine
}

func (s eucKR) write(dst []byte, r rune, m *mode) ([]byte, bool) {
	if dst, ok := s.charset.write(dst, r, m); ok {
		return dst, true
	}
	if r < firstSyllable || r > lastSyllable {
		return dst, false
	}
	n := int(r - firstSyllable)
	dst = append(dst, letterRow, fillerByte)
	for _, l := range []string{nth(initials, n/(21*28)), nth(vowels, n/28%21), nth(finals, n%28)} {
		dst = append(dst, letterRow, byte([]rune(l)[0]-firstLetter+0xA1))
	}
	return dst, true
}

// nth is the letter at a place.
func nth(letters string, i int) string { return letters[i*letterBytes : (i+1)*letterBytes] }
