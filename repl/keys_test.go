//go:build unix

package repl

import (
	"math/rand"
	"slices"
	"testing"
)

func TestKeysAreDecoded(t *testing.T) {
	for _, test := range []struct {
		typed  string
		action keyAction
		length int
		bytes  string
	}{
		{"abc\r", keyGiven, 3, "abc"},
		{"中文\x1b[A", keyGiven, 6, "中文"},
		{"\rabc", keyLast, 1, "\r"},
		{"\x03", keyLast, 1, "\x03"},
		{"\x1a", keySuspend, 1, ""},
		{"\x1b", keyUnfinished, 0, ""},
		{"\x1b[1;", keyUnfinished, 0, ""},
		{"\x1bO", keyUnfinished, 0, ""},
		{"\x1b\xe4\xb8", keyUnfinished, 0, ""},
		{"\x1b[A", keyGiven, 3, "\x1b[A"},
		{"\x1b[1;2A", keyGiven, 6, "\x1b[A"},
		{"\x1b[1;5C", keyGiven, 6, "\x1b[1;5C"},
		{"\x1b[1;3D", keyGiven, 6, "\x1b[1;5D"},
		{"\x1b[1;2D", keyGiven, 6, "\x1b[D"},
		{"\x1b[3~", keyGiven, 4, "\x1b[3~"},
		{"\x1b[3;5~", keyGiven, 6, "\x1bd"},
		{"\x1b[25~", keyGiven, 5, ""},
		{"\x1b[I", keyGiven, 3, ""},
		{"\x1bOA", keyGiven, 3, "\x1b[A"},
		{"\x1bOM", keyLast, 3, "\r"},
		{"\x1bb", keyGiven, 2, "\x1bb"},
		{"\x1bq", keyGiven, 2, ""},
		{"\x1b中", keyGiven, 4, ""},
		{"\x1b\x1b[A", keyGiven, 1, ""},
		{"\x1b[\r", keyGiven, 2, ""},
		{"\x1b[200~text", keyUnfinished, 6, ""},
		{"\x1b[200~a\nb\x1b[201~c", keyPaste, 15, "a\nb"},
	} {
		k := decodeKey([]byte(test.typed))
		if k.action != test.action || k.length != test.length || string(k.bytes) != test.bytes {
			t.Errorf("got action %d, length %d, %q; want %d, %d, %q; for %q",
				k.action, k.length, k.bytes, test.action, test.length, test.bytes, test.typed)
		}
	}
}

func TestAnyInputIsDecodedToItsEnd(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	alphabet := []byte("\x1b\x1b[[O0123;~ABCDa\r\n\x03\x1a\xe4\xb8\xad\xff")
	for range 20000 {
		typed := make([]byte, 1+rnd.Intn(12))
		for i := range typed {
			typed[i] = alphabet[rnd.Intn(len(alphabet))]
		}
		for rest := typed; len(rest) > 0; {
			k := decodeKey(rest)
			if k.action == keyUnfinished {
				break
			}
			if k.length < 1 || k.length > len(rest) {
				t.Fatalf("got length %d for %q of %q", k.length, rest, typed)
			}
			rest = rest[k.length:]
		}
	}
}

func TestPastesAreTakenApart(t *testing.T) {
	for _, test := range []struct {
		pasted string
		lines  []string
		rest   string
	}{
		{"one", nil, "one"},
		{"one\n", []string{"one"}, ""},
		{"one\r\ntwo\rthree\nfour", []string{"one", "two", "three"}, "four"},
		{"\ta\x1b[31mb\x00\n\n", []string{"    a[31mb", ""}, ""},
	} {
		lines, rest := pastedLines(test.pasted)
		if !slices.Equal(lines, test.lines) || rest != test.rest {
			t.Errorf("got %q and %q, want %q and %q, for %q", lines, rest, test.lines, test.rest, test.pasted)
		}
	}
}
