package bytes_test

import (
	"strings"
	"testing"

	"lunawire/bindings"
	"lunawire/bindings/bytes"
)

// expect runs a script and compares what it prints.
func expect(t *testing.T, script, want string) {
	t.Helper()
	var out strings.Builder
	rt, err := bindings.New(bindings.Config{
		Plugins: []bindings.Plugin{bytes.Plugin, bytes.Strings, bytes.Bit32},
		Stdin:   strings.NewReader(""), Stdout: &out, Stderr: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Run(t.Context(), "test.lua", script); err != nil {
		t.Fatalf("%s\nfrom %s", rt.Describe(err).Text(), script)
	}
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s\nfrom %s", out.String(), want, script)
	}
}

func TestStringsPackUnpackAndDumpThemselves(t *testing.T) {
	expect(t, `
local p = (">I2 s1 z"):pack(8080, "ok", "end")
print(p:hex(" "), (">I2 s1 z"):unpack(p))
print(p:hexdump())
print(string.packsize("!4 b i4"), ("<d"):unpack(("<d"):pack(1/3)) == 1/3)
print(bytes.unhex("1f:90"):hex(), bit32.band(-1, 0xff), bit32.bnot(0))
`, `1f 90 02 6f 6b 65 6e 64 00	8080	ok	end	10
00000000  1f 90 02 6f 6b 65 6e 64  00                       |...okend.|
8	true
1f90	255	4294967295
`)
}

func TestWhatGoesWrongIsAnErrorValue(t *testing.T) {
	expect(t, `
local ok, err = pcall(string.unpack, ">I2 I4", "\0\1\2")
print(err, err.code, err.position)
ok, err = pcall(string.unpack, ">I8", ("\255"):rep(8))
print(err.code, err.hint)
print(select(2, pcall(string.pack, "b", 300)))
print(select(2, pcall(string.pack, "i4", {})))
print(select(2, pcall(string.pack, "i4")))
print(select(2, pcall(string.unpack, "b", "abc", 9)))
print(select(2, pcall(bytes.unhex, "0x41")).hint)
print(select(2, pcall(bit32.extract, 1, 30, 3)))
print(select(2, pcall(bit32.band, 1, 1/0)))
`, `unpack: option "I4" at byte 3 needs 4 more, the data has 1 (TooShort)	TooShort	3
Inexact	bytes.unpackdecimal gives it as the string "18446744073709551615"; c8 gives the bytes themselves
usage: string.pack(fmt, values...) (values: the 1st value, for option "b": 300 is not from -128 to 127)
usage: string.pack(fmt, values...) (values: the 1st value, for option "i4": number expected, got table or thread)
usage: string.pack(fmt, values...) (values: no value for option "i4", the 1st value)
usage: string.unpack(fmt, bytes, from?) (from: 9 lies outside of the 3 bytes)
leave out the 0x
usage: bit32.extract(number, field, width?) (width: bit 32 is beyond bit 31)
usage: bit32.band(numbers...) (inf has no bits)
`)
}
