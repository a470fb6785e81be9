package repl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxShown is how many bytes of a string are shown.
const maxShown = 4096

// quote writes a string as Lua source that reads well: text as it is, bytes that are no text as \xHH.
func quote(s string) string {
	cut := ""
	if len(s) > maxShown {
		cut = fmt.Sprintf("… (%d bytes)", len(s))
		s = wholeRunes(s[:maxShown])
	}
	_, _, encoded := looksLike(s)
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if encoded && r >= utf8.RuneSelf { // two bytes that happen to be UTF-8
			r, n = utf8.RuneError, 1
		}
		b.WriteString(quoteRune(r, s[i:i+n]))
		i += n
	}
	b.WriteByte('"')
	return b.String() + cut
}

// wholeRunes leaves out the beginning of a character at the end of s.
func wholeRunes(s string) string {
	for i := len(s) - 1; i > len(s)-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) && !utf8.FullRuneInString(s[i:]) {
			return s[:i]
		}
	}
	return s
}

var shortEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\a': `\a`, '\b': `\b`, '\f': `\f`, '\v': `\v`,
}

// quoteRune writes a character that was read from bytes.
func quoteRune(r rune, bytes string) string {
	if short, found := shortEscapes[r]; found {
		return short
	}
	switch {
	case r == utf8.RuneError && len(bytes) == 1, r < ' ', r == 0x7f:
		return fmt.Sprintf(`\x%02x`, bytes[0])
	case !unicode.IsPrint(r) && !unicode.In(r, unicode.Mn, unicode.Me):
		return fmt.Sprintf(`\u{%X}`, r)
	}
	return bytes
}

// looksLike guesses what encoding bytes that are not UTF-8 may have, and reads them so. Only Chinese is guessed:
// GBK, if most of the characters are among the common ones, the first level of GB 2312. A wrong guess would teach
// something wrong, so there must be two of them.
func looksLike(s string) (encoding, text string, ok bool) {
	if len(s) > maxShown || utf8.ValidString(s) {
		return "", "", false
	}
	text, err := simplifiedchinese.GBK.NewDecoder().String(s)
	if err != nil || strings.ContainsRune(text, utf8.RuneError) || strings.ContainsFunc(text, oddInText) {
		return "", "", false
	}
	all, common := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] < 0x80 {
			continue
		}
		all++
		if s[i] >= 0xb0 && s[i] <= 0xd7 && s[i+1] >= 0xa1 {
			common++
		}
		i++
	}
	return "gbk", text, all >= 2 && 2*common > all
}

func oddInText(r rune) bool { return isControl(r) && r != '\n' && r != '\r' && r != '\t' }
