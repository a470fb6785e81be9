package text

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"lunawire/bindings"
)

func mustLookup(t testing.TB, name string) *Codec {
	t.Helper()
	c, err := Lookup(name)
	if err != nil {
		t.Fatalf("Lookup(%q): %v", name, err)
	}
	return c
}

func TestNamesAreFoundInEverySpelling(t *testing.T) {
	for name, want := range map[string]string{
		"GBK": "gbk", "cp936": "gbk", "GB2312": "gb2312", "euc-cn": "gb2312", "EUC_CN": "gb2312",
		"gb18030": "gb18030", "Big5": "big5", "HZ-GB-2312": "hz", "utf8": "utf-8", "UTF 8": "utf-8", "utf_8": "utf-8",
		"UTF-8-SIG": "utf-8-sig", "utf-16le": "utf-16-le", "UTF-16BE": "utf-16-be", "utf32": "utf-32",
		"us-ascii": "ascii", "Latin1": "latin-1", "ISO-8859-1": "latin-1", "windows-1252": "cp1252",
		"sjis": "shift_jis", "Shift-JIS": "shift_jis", "ms932": "cp932", "eucjp": "euc_jp", "EUC-KR": "euc_kr",
		"uhc": "cp949", "koi8_r": "koi8-r", "latin9": "iso8859-15", "macintosh": "mac-roman",
	} {
		c, err := Lookup(name)
		if err != nil || c.Name() != want {
			t.Errorf("Lookup(%q) = %v, %v, want %s", name, c, err, want)
		}
	}
}

func TestAnUnknownNameIsAnsweredWithNearOnes(t *testing.T) {
	for name, want := range map[string]string{
		"gbx":            `unknown encoding "gbx"; near: gbk`,
		"uft-8":          `unknown encoding "uft-8"; near: utf-8`,
		"":               `unknown encoding ""; text.encodings() lists those there are`,
		"klingon-script": `unknown encoding "klingon-script"; text.encodings() lists those there are`,
	} {
		if _, err := Lookup(name); err == nil || err.Error() != want {
			t.Errorf("Lookup(%q): got %v, want %s", name, err, want)
		}
	}
}

func TestNoNameBelongsToTwoCodecs(t *testing.T) {
	owner := map[string]string{}
	for _, c := range All() {
		for _, name := range append(c.Aliases(), normalize(c.Name())) {
			if owner[name] != "" {
				t.Errorf("%s is a name of %s and of %s", name, owner[name], c.Name())
			}
			owner[name] = c.Name()
		}
	}
}

func TestStrictEncodingSaysWhatWhereAndWhy(t *testing.T) {
	for _, test := range []struct{ encoding, text, want string }{
		{"gb2312", "汉語", `'語' (U+8A9E) at position 4, character 2: gb2312 has no such character`},
		{"ascii", "naïve", `'ï' (U+00EF) at position 3, character 3: ascii has no such character`},
		{"gbk", "a\U0001F600", `'😀' (U+1F600) at position 2, character 2: gbk has no such character`},
		{"utf-8", "a\xffb", `byte ff at position 2 of the text: not UTF-8, invalid start byte`},
		{"gbk", "你\xe4\xbd", `bytes e4 bd at position 4 of the text: not UTF-8, unexpected end of data`},
	} {
		data, err := mustLookup(t, test.encoding).Encode(test.text, Strict)
		if err == nil || err.Error() != test.want || data != "" {
			t.Errorf("%s.Encode(%q) = %q, %v, want %s", test.encoding, test.text, data, err, test.want)
		}
	}
}

func TestStrictDecodingSaysWhatWhereAndWhy(t *testing.T) {
	for _, test := range []struct{ encoding, data, want string }{
		{"gbk", "ab\xff\x41", "byte ff at position 3: illegal multibyte sequence"},
		{"gbk", "\xc4\xe3\xba", "byte ba at position 3: incomplete multibyte sequence"},
		{"utf-8", "\xe4\xbd", "bytes e4 bd at position 1: unexpected end of data"},
		{"ascii", "a\x80", "byte 80 at position 2: ordinal not in range(128)"},
		{"cp1252", "\x81", "byte 81 at position 1: character maps to <undefined>"},
		{"utf-16-le", "a\x00\x00\xd8a\x00", "bytes 00 d8 at position 3: illegal UTF-16 surrogate"},
	} {
		text, err := mustLookup(t, test.encoding).Decode(test.data, Strict)
		if err == nil || err.Error() != test.want || text != "" {
			t.Errorf("%s.Decode(%q) = %q, %v, want %s", test.encoding, test.data, text, err, test.want)
		}
	}
}

func TestBytesThatAreNoTextAreNotEncodedSilently(t *testing.T) {
	for errs, want := range map[Errors]string{
		Replace: "a?b", Ignore: "ab", BackslashReplace: `a\xffb`,
	} {
		for _, name := range []string{"utf-8", "gbk", "latin-1"} {
			if got, err := mustLookup(t, name).Encode("a\xffb", errs); got != want || err != nil {
				t.Errorf("%s.Encode(a\\xffb, %s) = %q, %v, want %q", name, errs, got, err, want)
			}
		}
	}
	if got, err := mustLookup(t, "utf-8").Encode("a\xffb", XMLCharRefReplace); err == nil {
		t.Errorf("a byte that is no character got the reference %q", got)
	}
}

func TestTextThatIsTheSameInBothIsNotCopied(t *testing.T) {
	for name, s := range map[string]string{"gbk": "GET / HTTP/1.1", "ascii": "hello", "latin-1": "hello", "utf-8": "你好"} {
		c := mustLookup(t, name)
		encoded, err := c.Encode(s, Strict)
		if err != nil || unsafe.StringData(encoded) != unsafe.StringData(s) {
			t.Errorf("%s.Encode(%q) made a copy (%v)", name, s, err)
		}
		decoded, err := c.Decode(s, Strict)
		if err != nil || unsafe.StringData(decoded) != unsafe.StringData(s) {
			t.Errorf("%s.Decode(%q) made a copy (%v)", name, s, err)
		}
	}
}

func TestErrorsCarryAHint(t *testing.T) {
	for _, test := range []struct {
		encoding, input, want string
		decode                bool
	}{
		{"utf-8", "\xc4\xe3\xba\xc3", "the bytes are valid gbk", true},
		{"gbk", "你好吗", "the bytes are valid utf-8", true},
		{"gb2312", "\xd5\x5f", "the bytes are valid gbk, which extends gb2312", true},
		{"utf-8", "\xff\xfea\x00", "the bytes begin with the mark of utf-16", true},
		{"gbk", "\xc4\xe3\xba", `the data ends inside a character; text.decoder("gbk") keeps the beginning for the next piece`, true},
		{"gb2312", "語", "gbk, which extends gb2312, has it", false},
		{"gbk", "😀", `gb18030 and utf-8 have every character; errors "replace" writes ? instead`, false},
		{"gbk", "\xc4\xe3", "these bytes are no UTF-8 text; they may have been encoded already", false},
	} {
		c := mustLookup(t, test.encoding)
		_, err := c.Encode(test.input, Strict)
		code := "UnicodeEncodeError"
		if test.decode {
			_, err = c.Decode(test.input, Strict)
			code = "UnicodeDecodeError"
		}
		var e *bindings.Error
		if !errors.As(failure(err, test.input), &e) || e.Hint != test.want || e.Code != code {
			t.Errorf("%s of %q: got %#v, want %s with the hint %q", test.encoding, test.input, e, code, test.want)
		}
	}
}

func TestAnErrorHandlingThatDoesNotApplyIsRefused(t *testing.T) {
	for _, word := range []Errors{"xmlcharrefreplace", "Strict", "surrogateescape"} {
		_, _, err := choose(bindings.Opt[string]{}, bindings.Some(word), decodeErrors)
		want := `errors: no error handling "` + string(word) + `" here; there is strict, replace, ignore, backslashreplace`
		if err == nil || err.Error() != want {
			t.Errorf("to decode with %q: got %v, want %s", word, err, want)
		}
	}
}

func BenchmarkCodecs(b *testing.B) {
	text := strings.Repeat("网络编程：你好，世界。socket\n", 1000)
	for _, name := range []string{"gbk", "gb18030", "utf-16", "utf-8"} {
		c := mustLookup(b, name)
		data, err := c.Encode(text, Strict)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/encode", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = c.Encode(text, Strict)
			}
		})
		b.Run(name+"/decode", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				_, _ = c.Decode(data, Strict)
			}
		})
	}
}

func BenchmarkTables(b *testing.B) {
	for _, name := range []string{"gbk", "gb18030", "euc_jp"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				newCharset(bases[name], overlays[name])
			}
		})
	}
}

// TestALongConversionReports fails if a long conversion, which nothing else can
// end, goes on for more than a stride without a report.
func TestALongConversionReports(t *testing.T) {
	for _, name := range []string{"gbk", "utf-16", "utf-32", "hz", "latin-1"} {
		c, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{strings.Repeat("x", 10*stride), strings.Repeat("é", 5*stride)} {
			var made []int
			report := func(n int) { made = append(made, n) }
			data, err := c.encode(text, "ignore", report)
			if err != nil || c.same == nil && len(made) < len(text)/stride-1 || !slices.IsSorted(made) {
				t.Errorf("encode %s: got %v, %v, want a report for each %d of %d bytes", name, made, err, stride, len(text))
			}
			made = nil
			var m mode
			_, _, err = c.decode(data, &m, "ignore", true, report)
			if err != nil || c.same == nil && len(made) < len(data)/stride-1 || !slices.IsSorted(made) {
				t.Errorf("decode %s: got %v, %v, want a report for each %d of %d bytes", name, made, err, stride, len(data))
			}
		}
	}
}
