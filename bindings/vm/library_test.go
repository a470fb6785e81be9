package vm_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lunawire/bindings/vm"
)

func TestNumbersReadAndPrintAsInLua(t *testing.T) {
	check(t, []printing{
		{`print(tonumber("1e2"), tonumber("0x10"), tonumber("  12  "), tonumber("12a"), tonumber(""), tonumber("inf"), tonumber("nan"), tonumber("0x"), tonumber("1e"))`,
			"100\t16\t12\tnil\tnil\tnil\tnil\tnil\tnil"},
		{`print(tonumber("ff", 16), tonumber("-zz", 36), tonumber("8", 8), tonumber("1010", 2), tonumber(nil))`, "255\t-1295\tnil\t10\tnil"},
		{`print(1/3, 100, 1e100, -0.5, 1e15, 123456789012, 2^53, 3.0)`, "0.33333333333333\t100\t1e+100\t-0.5\t1e+15\t123456789012\t9.007199254741e+15\t3"},
		{`print(1/0, -1/0, math.huge, (0/0) ~= (0/0), math.huge == 1/0)`, "inf\t-inf\tinf\ttrue\ttrue"},
		{`print(math.floor(-3.5), math.max(1, "5"), math.fmod(7, 3), math.modf(3.25))`, "-4\t5\t1\t3\t0.25"},
	})
}

func TestTablesAreThoseOfLaterLuaVersions(t *testing.T) {
	check(t, []printing{
		{`local t = {} for i = 1, 200000 do t[i] = i % 10 end print(#table.concat(t), #table.concat(t, ", ", 1, 3))`, "200000\t7"},
		{`local t = {} for i = 1, 100000 do t[i] = i end print(select("#", unpack(t)), (select(100000, unpack(t))))`, "100000\t100000"},
		{`local t = table.pack(1, nil, 3); print(t.n, table.unpack(t, 1, 3))`, "3\t1\tnil\t3"},
		{`print(unpack(table.move({1, 2, 3}, 1, 3, 2)))`, "1\t1\t2\t3"},
		{`local t = {5, 2, 8}; table.sort(t, function(a, b) return a > b end); print(unpack(t))`, "8\t5\t2"},
		{`print(pcall(table.sort, {1, "x", 2}))`, "false\ttest.lua:1: attempt to compare string with number"},
		{`local t = {1, 2, 3}; table.insert(t, 2, "x"); print(table.remove(t), table.remove(t, 1), unpack(t))`, "3\t1\tx\t2"},
		{`print(table.remove({}), #table.concat({}))`, "nil\t0"},
		{`for k, v in pairs(setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, "one" end end, nil, nil end})) do print(k, v) end`, "1\tone"},
		{`for i, v in ipairs(setmetatable({}, {__index = function(_, i) if i < 3 then return i * i end end})) do print(i, v) end`, "1\t1\n2\t4"},
		{`print(select(-1, 1, 2, 3), pcall(select, 0))`, "3\tfalse\ttest.lua:1: bad argument #1 to 'select' (index out of range)"},
		{`print(next({}, nil), pcall(next, {}, "no"))`, "nil\tfalse\ttest.lua:1: invalid key to 'next'"},
		{`print(rawequal("a", "a"), rawlen({1, 2}), rawget({x = 1}, "x"))`, "true\t2\t1"},
	})
}

func TestAChunkThatIsTooDeepIsRefused(t *testing.T) {
	if raced {
		t.Skip("takes long")
	}
	m := newMachine(t, vm.Options{})
	for _, c := range []struct{ begin, repeated, end string }{
		{"return ", "1+", "1"}, {"return ", "- ", "1"}, {"return ", "not ", "1"}, {"return ", "a.", "b"},
		{"return a", "()", ""}, {"return ", "a..", "b"}, {"return ", "(", "1"}, {"return ", "f(1, 2) + ", "1"},
		{"return ", "a and ", "b"}, {"return a", ":b()", ""}, {"return ", "{", ""}, {"return ", "1 < ", "2"},
	} {
		_, err := m.Load("deep", c.begin+strings.Repeat(c.repeated, 100000)+c.end)
		if err == nil || !strings.Contains(err.Error(), "too many syntax levels") {
			t.Errorf("got %.100v for 100,000 of %q", err, c.repeated)
		}
	}
	for _, repeated := range []string{
		"a.b(1 + 2, 'x')\n", "x = x + 1 ", "f{1 + 1, 2 * 2}; ", "if a == 1 then b = -2 end ", "local function g(a) return a.b end ", "t[#t + 1] = a .. b ",
	} {
		if _, err := m.Load("long", strings.Repeat(repeated, 20000)); err != nil && strings.Contains(err.Error(), "levels") {
			t.Errorf("got %.100v for a long chunk of %q", err, repeated)
		}
	}
	if _, err := m.Load("data", "return {"+strings.Repeat("{a = 1 + 1, -2, 'x' .. 'y'},\n", 60000)+"}"); err != nil && strings.Contains(err.Error(), "levels") {
		t.Errorf("got %.100v for a long table", err)
	}
}

func TestTablesGoOnBehindTheArrayPart(t *testing.T) {
	if raced {
		t.Skip("takes long")
	}
	check(t, []printing{{`
		local t = {} for i = 1, 4300000 do t[i] = i end
		t[#t + 1] = "x"; table.insert(t, "y"); print(#t, t[#t], table.remove(t), table.remove(t), #t)
		local n = 0 for i, v in ipairs(t) do n = n + 1 end print(n)
		n = 0 for k, v in pairs(t) do n = n + 1 end print(n)
		while #t > 4194000 do t[#t] = nil end print(#t)
		t[#t + 1] = 1 print(#t, table.maxn(t), select("#", unpack(t, 4194000 - 10)))`,
		"4300002\ty\ty\tx\t4300000\n4300000\n4300000\n4194000\n4194001\t4194001\t12"}})
}

func TestLoadTakesAnEnvironment(t *testing.T) {
	check(t, []printing{
		{`print(load("return x", "chunk", "t", {x = 42})())`, "42"},
		{`print(load("return ="))`, "nil\t[string \"return =\"]:1: syntax error near '='"},
		{`print(type(load(function() end)))`, "function"},
		{`local parts = {"return ", "1", "+1"}; local i = 0; print(load(function() i = i + 1; return parts[i] end)())`, "2"},
		{`print(load("x", "=name"))`, "nil\tname:1: syntax error near <eof>"},
		{`print(load("\27Lua"))`, "nil\t[string \"\x1bLua\"]: binary chunks cannot be loaded"},
		{`print((load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300))))`, "nil"},
	})
}

func TestUTF8IsThatOfLua53(t *testing.T) {
	check(t, []printing{
		{`print(utf8.char(72, 228, 20320, 128512), utf8.len("你好"), utf8.len("\xff"))`, "Hä你😀\t2\tnil\t1"},
		{`print(utf8.codepoint("你好", 1, -1))`, "20320\t22909"},
		{`for p, c in utf8.codes("aé你") do print(p, c) end`, "1\t97\n2\t233\n4\t20320"},
		{`print(utf8.offset("aé你b", 3), utf8.offset("aé你b", -1), utf8.offset("aé", 5), utf8.offset("aé", 0, 3))`, "4\t7\tnil\t2"},
		{`for c in ("你好x"):gmatch(utf8.charpattern) do print(#c) end`, "3\n3\n1"},
	})
}

func TestDatesAreThoseOfC(t *testing.T) {
	t.Setenv("TZ", "UTC")
	check(t, []printing{
		{`print(os.date("!%Y-%m-%d %H:%M:%S %j %a %%", 86400))`, "1970-01-02 00:00:00 002 Fri %"},
		{`local d = os.date("!*t", 3600); print(d.year, d.month, d.day, d.hour, d.yday, d.wday, d.isdst)`, "1970\t1\t1\t1\t1\t5\tfalse"},
		{`print(os.date("!%c", 0), os.date("!%x %X %p", 0))`, "Thu Jan  1 00:00:00 1970\t01/01/70 00:00:00 AM"},
		{`print(os.time{year = 2000, month = 1, day = 1, hour = 0} - os.time{year = 1999, month = 13, day = 1, hour = 0})`, "0"},
		{`print(pcall(os.time, {year = 2000}))`, "false\ttest.lua:1: field 'month' missing in date table"},
		{`local c = os.clock(); for i = 1, 1e6 do end; print(os.clock() > c, os.getenv("NO_SUCH_VARIABLE"), os.setlocale("C"))`, "true\tnil\tC"},
	})
}

func TestRequireFindsModulesBesideTheScript(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"greet.lua":     `local name = ...; return {hello = function() return "hello from " .. name end}`,
		"pkg/init.lua":  `return "package"`,
		"pkg/part.lua":  `return "part"`,
		"broken.lua":    `return =`,
		"failing.lua":   `error("no luck")`,
		"circular.lua":  `return require("circular")`,
		"classic.lua":   "module('classic', package.seeall)\nfunction f() return print ~= nil end",
		"returning.lua": ``,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m := newMachine(t, vm.Options{SearchPath: dir})
	_, err := m.run(`
		print(require("greet").hello(), require("greet") == require("greet"))
		print(require("pkg"), require("pkg.part"), require("returning"))
		require("classic"); print(classic.f())
		for _, name in ipairs{"broken", "failing", "circular", "missing"} do
			print((select(2, pcall(require, name)):gsub("\n.*", "")))
		end`)
	if err != nil {
		t.Fatal(err)
	}
	want := "hello from greet\ttrue\npackage\tpart\ttrue\ntrue\n" +
		"error loading module 'broken' from file '" + filepath.Join(dir, "broken.lua") + "':\n" +
		filepath.Join(dir, "failing.lua") + ":1: no luck\n" +
		filepath.Join(dir, "circular.lua") + ":1: loop or previous error loading module 'circular'\n" +
		"test.lua:6: module 'missing' not found:\n"
	if got := m.out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDebugLooksIntoCalls(t *testing.T) {
	check(t, []printing{
		{"local function f()\n return debug.traceback('msg')\nend\nprint((f()))", "msg\nstack traceback:\n\ttest.lua:2: in function 'f'\n\ttest.lua:4: in main chunk"},
		{`local co = coroutine.create(function() local x = 5; coroutine.yield() end); coroutine.resume(co); print(debug.traceback(co))`,
			"stack traceback:\n\t[Go]: in function 'coroutine.yield'\n\ttest.lua:1: in function <test.lua:1>"},
		{`local co = coroutine.create(function() local x = 5; coroutine.yield() end); coroutine.resume(co); print(debug.getlocal(co, 1, 1))`, "x\t5"},
		{`local x, y = 1, 2; print(debug.getlocal(1, 2)); print(debug.getinfo(1, "l").currentline, debug.getinfo(print).what)`, "y\t2\n1\tC"},
		{`local up = 1; local function f() return up end; print(debug.getupvalue(f, 1)); debug.setupvalue(f, 1, 7); print(up, debug.getupvalue(print, 1))`, "up\t1\n7"},
		{`setfenv(1, {print = print}); print(tostring)`, "nil"},
	})
}
