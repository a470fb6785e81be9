package text

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testdata/digests.txt holds the sums of what Python gives for every one- and
// two-byte string, every code point and some thousand longer strings, in every
// way to handle errors. testdata/compare.py makes it.
const digestsFile = "testdata/digests.txt"

func TestDigestsAreWhatPythonSays(t *testing.T) {
	t.Parallel()
	cmd := python(t, "testdata/compare.py")
	var names strings.Builder
	for _, c := range All() {
		fmt.Fprintln(&names, c.Name())
	}
	cmd.Stdin, cmd.Stderr = strings.NewReader(names.String()), os.Stderr
	want, err := cmd.Output()
	if err != nil {
		t.Fatalf("compare.py: %v", err)
	}
	if *update {
		if err := os.WriteFile(digestsFile, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(digestsFile)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what this python3 gives (%v)", digestsFile, err)
	}
}

// enough are the codecs that are compared where that is slow: one of each scheme.
var enough = strings.Fields("gbk gb2312 gb18030 euc_kr hz utf-8 utf-16 utf-32-be ascii cp1252")

func TestEveryCodecAgreesWithPython(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(digestsFile)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(file)) {
		f := strings.Fields(line)
		codec, section, want := f[0], f[1], f[2]
		seen[codec] = true
		if raceDetector && !slices.Contains(enough, codec) {
			continue
		}
		sum := sha256.New()
		writeSection(t, sum, codec, section)
		if got := hex.EncodeToString(sum.Sum(nil)); got != want {
			t.Errorf("%s %s is not what Python gives", codec, section)
			showDifference(t, codec, section)
		}
	}
	for _, c := range All() {
		if !seen[c.Name()] {
			t.Errorf("%s does not know %s", digestsFile, c.Name())
		}
	}
}

// showDifference asks Python for the lines behind a sum.
func showDifference(t *testing.T, codec, section string) {
	t.Helper()
	out, err := python(t, "testdata/compare.py", codec, section).Output()
	if err != nil {
		t.Fatalf("compare.py %s %s: %v", codec, section, err)
	}
	var here bytes.Buffer
	writeSection(t, &here, codec, section)
	got := strings.Split(here.String(), "\n")
	shown := 0
	for i, want := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		if i < len(got) && got[i] == want {
			continue
		}
		for len(want) > 200 && want[:100] == got[i][:100] {
			want, got[i] = want[100:], got[i][100:]
		}
		t.Logf("line %d: got %.200q, want %.200q", i, got[i], want)
		if shown++; shown == 5 {
			return
		}
	}
}

var byRule = strings.Fields("hz ascii latin-1 utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be")

// writeSection writes what this package gives for the inputs of a section, a
// line for each.
func writeSection(t *testing.T, to io.Writer, name, section string) {
	t.Helper()
	c, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(to, 1<<16)
	defer w.Flush()
	wide := bases[name] != nil || slices.Contains(byRule, name)
	kind, word, _ := strings.Cut(section, "-")
	errs := Errors(word)
	first := true
	line := func(text string) {
		if !first {
			_ = w.WriteByte('\n')
		}
		first = false
		_, _ = w.WriteString(text)
	}
	switch {
	case kind == "decode":
		eachString(errs, wide, func(s string) { line(decodedLine(c, s, errs)) })
	case errs == Strict:
		eachPoint(errs, wide, func(r rune) { line(encodedLine(c, "ab"+string(r))) })
	default:
		got, err := c.Encode(joinedPoints(errs, wide), errs)
		if err != nil {
			t.Errorf("%s.Encode with %s: %v", name, errs, err)
		}
		_, _ = hex.NewEncoder(w).Write([]byte(got))
	}
}

// joinedPoints is a text of the characters that compare.py encodes, a line each.
func joinedPoints(errs Errors, wide bool) string {
	var text strings.Builder
	eachPoint(errs, wide, func(r rune) {
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteRune(r)
	})
	return text.String()
}

const pool = "09~{}~{}\n!0Aa\xff\xfe\x00\x00\xd8\xdc\xa4\xd4\xa4\x8f\x84\x31\xa4\x37"

// eachString calls f for the strings that compare.py makes.
func eachString(errs Errors, wide bool, f func(string)) {
	for a := range 256 {
		f(string([]byte{byte(a)}))
	}
	if !wide {
		return
	}
	step := 11
	if errs == Strict {
		step = 1
	}
	for i := 0; i < 1<<16; i += step {
		f(string([]byte{byte(i >> 8), byte(i)}))
	}
	x := uint64(1)
	for i := range 4000 {
		s := make([]byte, 3+i%9)
		for j := range s {
			x = (x*1103515245 + 12345) % (1 << 31)
			if k := int(x>>16) % (0x80 + len(pool)); k < 0x80 {
				s[j] = byte(0x80 + k)
			} else {
				s[j] = pool[k-0x80]
			}
		}
		f(string(s))
	}
}

// eachPoint calls f for the characters that compare.py encodes.
func eachPoint(errs Errors, wide bool, f func(rune)) {
	last, step := rune(0xFFFF), rune(29)
	if errs == Replace || wide && errs == Strict {
		step = 1
	}
	if wide && errs == Replace {
		last = 0x10FFFF
	}
	for r := rune(0); r <= last; r += step {
		if r < 0xD800 || r > 0xDFFF {
			f(r)
		}
	}
	f('\U0001F600')
}

func decodedLine(c *Codec, s string, errs Errors) string {
	text, err := c.Decode(s, errs)
	var e *Error
	if errors.As(err, &e) {
		return "!" + strconv.Itoa(e.Offset) + "," + strconv.Itoa(e.Offset+len(e.Bytes)) + "," + e.Reason
	}
	return hex.EncodeToString([]byte(text))
}

func encodedLine(c *Codec, s string) string {
	data, err := c.Encode(s, Strict)
	var e *Error
	if errors.As(err, &e) {
		return fmt.Sprintf("!%d", e.Index)
	}
	return hex.EncodeToString([]byte(data))
}
