package text_test

import (
	"strings"
	"testing"

	"lunawire/bindings"
	"lunawire/bindings/text"
)

// expect runs a script and compares what it prints.
func expect(t *testing.T, script, want string) {
	t.Helper()
	var out strings.Builder
	rt, err := bindings.New(bindings.Config{Plugins: []bindings.Plugin{text.Plugin}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
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

func TestStringsEncodeAndDecodeThemselves(t *testing.T) {
	expect(t, `
print(#("你好"):encode("gb2312"), ("你好"):encode("GB2312"):decode("euc-cn"), #("你好"):encode())
print(("\255\254a\0"):decode("utf-16"), ("é"):encode("ascii", "xmlcharrefreplace"))
`, "4\t你好\t6\na\t&#233;\n")
}

func TestAFailureIsAnErrorValue(t *testing.T) {
	expect(t, `
local ok, err = pcall(text.encode, "a语言é中語", "gb2312")
print(ok, err.op, err.code, err.position, err.message)
print(err.hint)
ok, err = pcall(text.decode, "ab\255", "utf-8")
print(ok, err.op, err.code, err.position, err.message)
ok, err = pcall(text.decode, "a", "gbx")
print(err)
ok, err = pcall(text.decode, "a", "gbk", "loud")
print(err)
`, `false	encode gb2312	UnicodeEncodeError	13	'語' (U+8A9E) at position 13, character 6: gb2312 has no such character
gbk, which extends gb2312, has it
false	decode utf-8	UnicodeDecodeError	3	byte ff at position 3: invalid start byte
usage: text.decode(bytes, encoding?, errors?) (encoding: unknown encoding "gbx"; near: gbk)
usage: text.decode(bytes, encoding?, errors?) (errors: no error handling "loud" here; there is strict, replace, ignore, backslashreplace)
`)
}

func TestADecoderIsAnObjectInLua(t *testing.T) {
	expect(t, `
local d = text.decoder("gbk")
local got = {}
for c in ("\196\227\186\195abc"):gmatch(".") do got[#got + 1] = d:decode(c) end
print(d, table.concat(got), #d:pending())
d:decode("\196")
print(#d:pending(), select(2, pcall(d.decode, d, "", true)))
print(select(2, pcall(d.decode, d, "", true)).hint)
d:reset()
print(#d:pending(), d:decode("ok", true))
`, `<decoder gbk>	你好abc	0
1	decode gbk: byte c4 at position 1: incomplete multibyte sequence (UnicodeDecodeError)
the data ends inside a character; text.decoder("gbk") keeps the beginning for the next piece
0	ok
`)
}
