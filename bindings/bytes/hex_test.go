package bytes

import (
	"os/exec"
	"strings"
	"testing"

	"lunawire/bindings"
)

func allBytes() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

func TestHexDigitsComeBackAsTheSameBytes(t *testing.T) {
	data := allBytes()
	for _, separator := range []string{"", " ", ":", "-", "\n"} {
		text, err := hexDigits(data, bindings.Some(separator))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unhex(strings.ToUpper(text)); got != data || err != nil {
			t.Errorf("unhex of the digits with %q between: got %q, %v", separator, got, err)
		}
	}
}

func TestUnhexSaysWhereTheTextIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"48 6":     `unhex: "6" at position 4 is half a byte (BadHex)`,
		"4 8":      `unhex: "4" at position 1 is half a byte (BadHex)`,
		"48 6g":    `unhex: "g" at position 5 is no hexadecimal digit (BadHex)`,
		"0x48":     `unhex: "x" at position 2 is no hexadecimal digit (BadHex)`,
		"48, 49":   `unhex: "," at position 3 is no hexadecimal digit (BadHex)`,
		"\xc4\xe3": `unhex: "\xc4" at position 1 is no hexadecimal digit (BadHex)`,
	} {
		if got, err := unhex(text); err == nil || err.Error() != want {
			t.Errorf("unhex(%q) = %q, %v, want %s", text, got, err, want)
		}
	}
}

func TestADumpLooksLikeThatOfHexdump(t *testing.T) {
	want := "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n" +
		"00000010  0d 0a                                             |..|"
	if got, err := hexdump("GET / HTTP/1.1\r\n\r\n", bindings.Opt[int]{}); got != want || err != nil {
		t.Errorf("got\n%s\n%v, want\n%s", got, err, want)
	}
	path, err := exec.LookPath("hexdump")
	if err != nil {
		t.Skip("no hexdump to compare with")
	}
	data := allBytes() + "and a line that is not full"
	cmd := exec.Command(path, "-C", "-v")
	cmd.Stdin = strings.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	want = strings.Join(lines[:len(lines)-1], "\n") // the last is the offset of the end
	if got, err := hexdump(data, bindings.Opt[int]{}); got != want || err != nil {
		t.Errorf("got\n%s\n%v, want\n%s", got, err, want)
	}
}

func TestADumpCanBeginAtAnyOffset(t *testing.T) {
	want := "00001000  61                                                |a|"
	if got, err := hexdump("a", bindings.Some(0x1000)); got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if got, err := hexdump("", bindings.Opt[int]{}); got != "" || err != nil {
		t.Errorf("dump of nothing: got %q, %v", got, err)
	}
}
