package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// chosen is a codec by a number, in the order of the names.
func chosen(n uint8) *Codec {
	list := All()
	return list[int(n)%len(list)]
}

// FuzzStream decodes bytes as a whole and as a stream that is cut anywhere:
// both must come to the same.
func FuzzStream(f *testing.F) {
	for n := range All() {
		for _, data := range []string{"", "plain", "\xc4\xe3\xba\xc3\xff\xc4", "\xe4\xbd\xa0\xe5\xa5", "\xff\xfe`O}Y", "~{<:Ky2;~}~~\n~", "+T2BZfQ-", "\x81\x30\x81\x30\x84\x31", "\x1b$B\x1b(B", "\x00\xd8\x00\xdc"} {
			f.Add(uint8(n), uint8(n+len(data)), uint8(3), data)
		}
	}
	f.Fuzz(func(t *testing.T, codec, handling, step uint8, data string) {
		c, errs := chosen(codec), decodeErrors[int(handling)%len(decodeErrors)]
		whole, wholeErr := c.Decode(data, errs)
		stream, streamErr := stepwise(c, errs, data, 1+int(step)%7)
		switch {
		case (wholeErr == nil) != (streamErr == nil):
			t.Errorf("got %v in pieces, %v as a whole\nfrom %q of %s, %s", streamErr, wholeErr, data, c.Name(), errs)
		case stream != whole:
			t.Errorf("got %q in pieces, %q as a whole\nfrom %q of %s, %s", stream, whole, data, c.Name(), errs)
		case !utf8.ValidString(whole):
			t.Errorf("got %q, which is no text\nfrom %q of %s, %s", whole, data, c.Name(), errs)
		case wholeErr != nil && errs != Strict:
			t.Errorf("got %v from %q of %s, %s", wholeErr, data, c.Name(), errs)
		}
	})
}

// stepwise decodes data some bytes at a time.
func stepwise(c *Codec, errs Errors, data string, step int) (string, error) {
	d := c.NewDecoder(errs)
	var text strings.Builder
	for piece := range slices.Chunk([]byte(data), step) {
		part, err := d.Decode(string(piece), false)
		if err != nil {
			return "", err
		}
		text.WriteString(part)
	}
	rest, err := d.Decode("", true)
	if err != nil {
		return "", err
	}
	return text.String() + rest, nil
}

// FuzzEncode encodes any text: what an encoding takes comes back the same.
func FuzzEncode(f *testing.F) {
	for n := range All() {
		for _, text := range []string{"", "plain ~ +-\\", "你好，世界", "naïve €", "語한かな", "😀\u2028\ufeff", "\xff stray", "\x1b$B\x0e\x0f"} {
			f.Add(uint8(n), uint8(n+len(text)), text)
		}
	}
	f.Fuzz(func(t *testing.T, codec, handling uint8, text string) {
		c, errs := chosen(codec), encodeErrors[int(handling)%len(encodeErrors)]
		data, err := c.Encode(text, errs)
		if err != nil {
			if errs != Strict && utf8.ValidString(text) && errs != Replace {
				t.Errorf("got %v from %q in %s, %s", err, text, c.Name(), errs)
			}
			return
		}
		again, err := c.Decode(data, Strict)
		if err != nil {
			t.Fatalf("got %v from %q, which is %q in %s, %s", err, data, text, c.Name(), errs)
		}
		if errs == Strict && again != text {
			t.Errorf("got %q, want %q\nfrom %q of %s", again, text, data, c.Name())
		}
	})
}
