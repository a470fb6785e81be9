package text

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestAStreamInPiecesGivesTheSameTextAsTheWhole(t *testing.T) {
	const text = "a你好~é\n한글뙉日本語ｱ𠀀😀\uFFFD end"
	for _, c := range All() {
		data, err := c.Encode(text, Ignore)
		if err != nil {
			t.Fatalf("%s.Encode: %v", c.Name(), err)
		}
		want, err := c.Decode(data, Strict)
		if err != nil {
			t.Fatalf("%s.Decode(% x): %v", c.Name(), data, err)
		}
		for size := 1; size <= 5; size++ {
			if got, err := inPieces(c, data, size); got != want || err != nil {
				t.Errorf("%s in pieces of %d: got %q, %v, want %q", c.Name(), size, got, err, want)
			}
		}
	}
}

func inPieces(c *Codec, data string, size int) (string, error) {
	d := c.NewDecoder(Strict)
	var out strings.Builder
	for len(data) > 0 {
		n := min(size, len(data))
		text, err := d.Decode(data[:n], n == len(data))
		if err != nil {
			return out.String(), err
		}
		out.WriteString(text)
		data = data[n:]
	}
	return out.String(), nil
}

func TestADecoderKeepsACutCharacter(t *testing.T) {
	d := mustLookup(t, "gbk").NewDecoder(Strict)
	text, err := d.Decode("\xc4\xe3\xba", false)
	if text != "你" || err != nil || d.Pending() != "\xba" {
		t.Errorf("got %q, %v, pending %q, want 你 with ba pending", text, err, d.Pending())
	}
	text, err = d.Decode("\xc3", true)
	if text != "好" || err != nil || d.Pending() != "" {
		t.Errorf("got %q, %v, pending %q, want 好 and nothing pending", text, err, d.Pending())
	}
}

func TestACutCharacterInTheFinalPieceIsAnError(t *testing.T) {
	d := mustLookup(t, "utf-8").NewDecoder(Strict)
	if text, err := d.Decode("\xe4\xbd", true); err == nil {
		t.Errorf("got %q, want an error", text)
	}
	d = mustLookup(t, "utf-8").NewDecoder(Replace)
	if text, err := d.Decode("\xe4\xbd", true); text != "\uFFFD" || err != nil {
		t.Errorf("got %q, %v, want U+FFFD", text, err)
	}
}

func TestAfterAnErrorADecoderIsWhereItWas(t *testing.T) {
	d := mustLookup(t, "gbk").NewDecoder(Strict)
	if _, err := d.Decode("\xc4", false); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decode("\xe3\xff\xff", false); err == nil || d.Pending() != "\xc4" {
		t.Errorf("got %v, pending %q, want an error and c4 pending", err, d.Pending())
	}
	if text, err := d.Decode("\xe3", false); text != "你" || err != nil {
		t.Errorf("got %q, %v, want 你", text, err)
	}
}

func TestAFinalPieceBeginsAnotherStream(t *testing.T) {
	d := mustLookup(t, "utf-16").NewDecoder(Strict)
	for _, data := range []string{"\xfe\xff\x00a", "\xff\xfea\x00", "a\x00"} {
		if text, err := d.Decode(data, true); text != "a" || err != nil {
			t.Errorf("stream %q: got %q, %v, want a", data, text, err)
		}
	}
	if _, err := d.Decode("\xfe", false); err != nil {
		t.Fatal(err)
	}
	d.Reset()
	if d.Pending() != "" {
		t.Errorf("pending after Reset: %q", d.Pending())
	}
}

func TestArbitraryBytesInPiecesAreReadAsTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, c := range All() {
		for range 500 {
			b := make([]byte, 1+r.IntN(12))
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			data := string(b)
			want, err := c.Decode(data, Strict)
			got, pieceErr := inPieces(c, data, 1+r.IntN(3))
			if (err == nil) != (pieceErr == nil) || err == nil && got != want {
				t.Errorf("%s of %q: got %q, %v in pieces, %q, %v as a whole", c.Name(), data, got, pieceErr, want, err)
			}
		}
	}
}
