package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Errors is what is done with what cannot be encoded or decoded. The words are
// Python's.
type Errors string

// The ways to handle errors.
const (
	Strict            Errors = "strict"            // fails
	Replace           Errors = "replace"           // "?" in bytes, U+FFFD in text
	Ignore            Errors = "ignore"            // leaves it out
	BackslashReplace  Errors = "backslashreplace"  // \xNN for a byte, \xNN \uNNNN \UNNNNNNNN for a character
	XMLCharRefReplace Errors = "xmlcharrefreplace" // &#NNNN; for a character, when encoding
)

var (
	encodeErrors = []Errors{Strict, Replace, Ignore, BackslashReplace, XMLCharRefReplace}
	decodeErrors = []Errors{Strict, Replace, Ignore, BackslashReplace}
)

// check complains of a word that is not among those that apply.
func (e Errors) check(allowed []Errors) error {
	if slices.Contains(allowed, e) {
		return nil
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	return fmt.Errorf("no error handling %q here; there is %s", string(e), strings.Join(words, ", "))
}

// An Error is a character or a stretch of bytes that strict handling refused.
type Error struct {
	Encoding string // the name of the codec
	Decoding bool
	Offset   int    // of the first refused byte in the input, from 0
	Index    int    // the same in characters when encoding
	Bytes    string // what was refused; the character, in UTF-8, when encoding
	Reason   string
}

// Error tells what was refused, where and why. Places count from 1, as Lua's
// string functions do.
func (e *Error) Error() string {
	switch {
	case e.Decoding:
		return fmt.Sprintf("%s at position %d: %s", hexWords(e.Bytes), e.Offset+1, e.Reason)
	case e.stray():
		return fmt.Sprintf("%s at position %d of the text: not UTF-8, %s", hexWords(e.Bytes), e.Offset+1, e.Reason)
	}
	r := []rune(e.Bytes)[0]
	return fmt.Sprintf("%q (%U) at position %d, character %d: %s", r, r, e.Offset+1, e.Index+1, e.Reason)
}

// stray tells that the text that should have been encoded is no text.
func (e *Error) stray() bool {
	_, _, why := utf8Scheme{}.read(e.Bytes, nil)
	return !e.Decoding && why != fine
}

// hexWords names bytes: "byte 81", "bytes 81 41".
func hexWords(b string) string {
	if len(b) == 1 {
		return fmt.Sprintf("byte %02x", b)
	}
	return fmt.Sprintf("bytes % x", b)
}

var errRefused = errors.New("refused")

// repairBytes appends what stands in a text for bytes that are no character.
func (e Errors) repairBytes(dst []byte, bad string) ([]byte, error) {
	switch e {
	case Replace:
		return append(dst, "\uFFFD"...), nil
	case Ignore:
		return dst, nil
	case BackslashReplace:
		return append(dst, backslashBytes(bad)...), nil
	}
	return dst, errRefused
}

// substitute is what is encoded in place of the character r, or of bad bytes
// that are no character of a text; false means that nothing may be.
func (e Errors) substitute(bad string, r rune, isRune bool) (string, bool) {
	switch {
	case e == Replace:
		return "?", true
	case e == Ignore:
		return "", true
	case e == BackslashReplace && isRune:
		return backslashRune(r), true
	case e == BackslashReplace:
		return backslashBytes(bad), true
	case e == XMLCharRefReplace && isRune:
		return fmt.Sprintf("&#%d;", r), true
	}
	return "", false
}

func backslashBytes(b string) string {
	var out strings.Builder
	for i := range len(b) {
		fmt.Fprintf(&out, `\x%02x`, b[i])
	}
	return out.String()
}

func backslashRune(r rune) string {
	switch {
	case r <= 0xFF:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// A reason says why bytes are no character, in Python's words.
type reason string

const (
	fine               reason = ""
	illegalSequence    reason = "illegal multibyte sequence"
	incompleteSequence reason = "incomplete multibyte sequence"
	undefinedByte      reason = "character maps to <undefined>"
	notASCII           reason = "ordinal not in range(128)"
	badStart           reason = "invalid start byte"
	badContinuation    reason = "invalid continuation byte"
	endOfData          reason = "unexpected end of data"
	truncated          reason = "truncated data"
	illegalEncoding    reason = "illegal encoding"
	illegalSurrogate   reason = "illegal UTF-16 surrogate"
	beyondUnicode      reason = "code point not in range(0x110000)"
	surrogatePoint     reason = "code point in surrogate code point range(0xd800, 0xe000)"
)

// incomplete tells that more bytes may make a character of these.
func (r reason) incomplete() bool {
	return r == incompleteSequence || r == endOfData || r == truncated
}
