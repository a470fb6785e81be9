package vm_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

func TestStringsAreBytes(t *testing.T) {
	check(t, []printing{
		{`print(("\228\xc4 aZ"):upper():byte(1, -1))`, "228\t196\t32\t65\t90"},
		{`print(("aZ\228"):lower():byte(1, -1))`, "97\t122\t228"},
		{`print(#("x"):rep(3, ", "), ("x"):rep(3, ", "), ("x"):rep(0), ("x"):rep(-1, "y"))`, "7\tx, x, x\t\t"},
		{`print(select("#", ("x"):rep(50000):byte(1, -1)))`, "50000"},
		{`print(("hello"):sub(2, -2), ("hello"):sub(-100, 2), ("hello"):sub(4, 2), ("hello"):reverse())`, "ell\the\t\tolleh"},
		{`print((pcall(string.rep, "x", 1e10)), (pcall(string.rep, "x", 2^62)), (pcall(string.rep, "", 1e10)))`, "false\tfalse\ttrue"},
		{`print(("x"):rep("3"), ("%d"):format("10"), #("a"):rep(3.7))`, "xxx\t10\t3"},
	})
}

func TestEscapesOfLaterLuaVersions(t *testing.T) {
	check(t, []printing{
		{`print("\x41\x7a\u{4f60}\u{7FFFFFFF}" == "Az\228\189\160\253\191\191\191\191\191")`, "true"},
		{"print('a\\z\n   b', debug ~= nil)\nerror('here')", "ab\ttrue\nerror: test.lua:3: here"},
		{`print([[\x41]], '\'\x41') --[==[ "\xzz" ]==]`, "\\x41\t'A"},
		{`print("\xg1")`, `error: test.lua:1: hexadecimal digit expected near '\xg1'`},
		{`print(010 + 0, 0010, "010" + 0, 0xff, 0xffffffffffffffff, 0x.8p1, 1e400, 3 .. "")`, "10\t10\t10\t255\t1.844674407371e+19\t1\tinf\t3"},
		{`print(3x)`, "error: test.lua:1: malformed number near '3x'"},
		{"--[=== header\nprint(1)", "1"},
		{"print(1)\nprint(7 // 2)", "error: test.lua:2: there is no operator //; use math.floor(a / b)"},
		{"if 1 != 2 then end", "error: test.lua:1: there is no operator !=; use ~="},
		{"n += 1", "error: test.lua:1: there is no operator +=; use n = n + m"},
		{"print(~5)", "error: test.lua:1: there is no operator ~; use bit32.bxor(a, b) or bit32.bnot(a)"},
		{"print(1 ~= 2, '// && |', 1 <= 2, - -1) -- != &&", "true\t// && |\ttrue\t1"},
		{"#!/usr/bin/lunawire\nprint(debug.getinfo(1, 'l').currentline)", "2"},
	})
}

func TestPatterns(t *testing.T) {
	check(t, []printing{
		{`print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))`, "key\tvalue"},
		{`print(("THE (quick) fox"):find("%((%a+)%)"))`, "5\t11\tquick"},
		{`print(("f(a(b)c)d"):match("%b()"))`, "(a(b)c)"},
		{`print(("THE (quick) fox"):gsub("%f[%a]%a+", "w"))`, "w (w) w\t3"},
		{`print(("abc"):gsub("%w*", "x"))`, "xx\t2"},
		{`print(("abc"):gsub("", "-"))`, "-a-b-c-\t4"},
		{`print(("hello world"):gsub("o", {o = "0"}), ("abc"):gsub("(a)(b)", "%2%1%%"))`, "hell0 w0rld\tba%c\t1"},
		{`for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do print(k, v) end`, "a\t1\nb\t2"},
		{`print(("x"):find(""), ("x"):find("", 10), ("a.b"):find(".", 1, true), ("a+b"):find("+", 1, true))`, "1\t2\t2\t2\t2"},
		{`print(pcall(string.find, "a", "[a"))`, "false\ttest.lua:1: malformed pattern (missing ']')"},
		{`print(pcall(string.find, "a", "%"))`, "false\ttest.lua:1: malformed pattern (ends with '%')"},
		{`print(pcall(string.gsub, "a", "a", function() return {} end))`, "false\ttest.lua:1: invalid replacement value (a table)"},
		{`print(pcall(string.rep))`, "false\ttest.lua:1: bad argument #1 to 'rep' (string expected, got no value)"},
	})
}

func TestFormatIsThatOfC(t *testing.T) {
	check(t, []printing{
		{`print(("%5.2f|%-5d|%05d|%+d|% d"):format(3.14159, 42, 42, 42, 42))`, " 3.14|42   |00042|+42| 42"},
		{`print(("%g %g %g %g"):format(0.1, 1e20, 100000, 1000000))`, "0.1 1e+20 100000 1e+06"},
		{`print(("%x %X %#x %o %u %i %c%c"):format(255, 255, 255, 8, 7, -7, 72, 105))`, "ff FF 0xff 10 7 -7 Hi"},
		{`print(("%a %e %E"):format(1, 12345.678, 0.00012))`, "0x1p+0 1.234568e+04 1.200000E-04"},
		{`print(("%s %10s|%-10s|%.2s"):format(nil, "right", "left", "cut"))`, "nil      right|left      |cu"},
		{`print(("%s"):format(setmetatable({}, {__tostring = function() return "mine" end})))`, "mine"},
		{`print(("%q"):format('a"b\\\n\r\0\1é'))`, "\"a\\\"b\\\\\\\n\\r\\000\\001é\""},
		{`local s = "" for i = 0, 255 do s = s .. string.char(i) end print(loadstring("return " .. ("%q"):format(s))() == s)`, "true"},
		{`print(pcall(string.format, "%d"))`, "false\ttest.lua:1: bad argument #2 to 'format' (number expected, got no value)"},
		{`print(pcall(string.format, "%y", 1))`, "false\ttest.lua:1: invalid option '%y' to 'format'"},
		{`print(("%d %.0f %5.1f%%"):format(2^53, 2^63, 99.5))`, "9007199254740992 9223372036854775808  99.5%"},
		{`print(("%.3d|%5.3d|%.14g|%f"):format(7, 7, 1/3, 1/0))`, "007|  007|0.33333333333333|inf"},
	})
}

func TestLongStringCallsAreLinear(t *testing.T) {
	size := 1000000
	if raced {
		size /= 10
	}
	start := time.Now()
	got := output(t, fmt.Sprintf(`
		local s = ("x"):rep(%d)
		local hex, n = s:gsub(".", function(c) return ("%%02x"):format(c:byte()) end)
		print(#hex, n)`, size))
	if want := fmt.Sprintf("%d\t%d", 2*size, size); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	t.Logf("took %v", time.Since(start))
}

func TestAPatternThatWouldTakeForEverCanBeInterrupted(t *testing.T) {
	for _, call := range []string{
		`("a"):rep(40):find("a*a*a*a*a*a*a*a*a*a*a*a*b")`,
		`("a"):rep(900000):find(".-b")`,
		`("("):rep(200000):gsub("%b()", "")`,
	} {
		m := newMachine(t, vm.Options{})
		started := make(chan struct{})
		m.Globals().RawSetString("started", m.NewFunction("started", func(*lua.LState) int {
			close(started)
			return 0
		}))
		why := errors.New("enough")
		go func() {
			<-started
			m.Main().Cancel(why)
		}()
		if _, err := m.run("started() while true do " + call + " end"); !errors.Is(err, why) {
			t.Errorf("got %v, want the cause of the cancel, from %s", err, call)
		}
	}
}
