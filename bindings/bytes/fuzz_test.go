package bytes

import (
	"math"
	"regexp"
	"testing"

	"lunawire/bindings"
)

// manyDigits is a count for which memory would be the only limit.
var manyDigits = regexp.MustCompile(`[0-9]{6}`)

// FuzzPack takes data apart by any format: what comes out goes back in, and is
// the same when it comes out again.
func FuzzPack(f *testing.F) {
	for _, layout := range []string{"", "b", ">I2 I4 s1", "<i16", "!4 b Xi4 z", "c5 x d f n", "=!16 I3 s2 Xd", "j J l L T h H B", "i17", "Xz", "!3 i3", " c0", "s16", "c99999"} {
		f.Add(layout, "\x01\x02\x03\x04\x05\x06\x07\x08\x00\xff\xfe\xfd\x80\x7f\x00\x00\x00\x00")
	}
	f.Fuzz(func(t *testing.T, layout, data string) {
		if manyDigits.MatchString(layout) {
			t.Skip("it asks for megabytes")
		}
		size, sizeErr := packsize(layout)
		values, err := unpackDecimal(layout, data, bindings.Opt[int]{})
		if err != nil {
			return
		}
		end := values[len(values)-1].(float64)
		if end < 1 || end > float64(len(data)+1) {
			t.Errorf("got the place %v in %d bytes\nfrom %q of %q", end, len(data), layout, data)
		}
		packed, err := pack(layout, values[:len(values)-1]...)
		if err != nil {
			t.Fatalf("got %v for the values %#v\nfrom %q of %q", err, values, layout, data)
		}
		if sizeErr == nil && size != len(packed) {
			t.Errorf("got a size of %d, want %d\nfrom %q", size, len(packed), layout)
		}
		again, err := unpackDecimal(layout, packed, bindings.Opt[int]{})
		if err != nil {
			t.Fatalf("got %v the second time\nfrom %q of %q", err, layout, packed)
		}
		if len(again) != len(values) {
			t.Fatalf("got %#v, want %#v\nfrom %q of %q", again, values, layout, data)
		}
		for i := range values {
			if !same(again[i], values[i]) {
				t.Errorf("got %#v, want %#v\nfrom %q of %q", again, values, layout, data)
			}
		}
	})
}

// same compares values; all that are not a number are one.
func same(a, b any) bool {
	x, isNumber := a.(float64)
	y, isNumberToo := b.(float64)
	return a == b || isNumber && isNumberToo && math.IsNaN(x) && math.IsNaN(y)
}

// FuzzUnhex reads anything as digits: what is taken is written back the same.
func FuzzUnhex(f *testing.F) {
	for _, digits := range []string{"", "0", "00", "c4:e3-BA c3", "g0", "0 0", "00:", "\n7f\t"} {
		f.Add(digits, 0)
	}
	f.Add("\x00\xff\x80 and text that is longer than a line", 1<<31)
	f.Fuzz(func(t *testing.T, digits string, from int) {
		if data, err := unhex(digits); err == nil {
			written, err := hexDigits(data, bindings.Opt[string]{})
			if err != nil {
				t.Fatalf("got %v\nfrom %q", err, digits)
			}
			if again, err := unhex(written); err != nil || again != data {
				t.Errorf("got %q, %v, want %q\nfrom %q", again, err, data, digits)
			}
		}
		if dump, err := hexdump(digits, bindings.Opt[int]{Value: from, Set: true}); err == nil && (dump == "") != (digits == "") {
			t.Errorf("got %q\nfrom %q at %d", dump, digits, from)
		}
	})
}
