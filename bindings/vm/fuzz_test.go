package vm_test

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// harmful are the functions of Lua that reach outside of the machine.
var harmful = map[string][]string{
	"":   {"dofile", "loadfile", "require"},
	"os": {"execute", "remove", "rename", "tmpname", "getenv"},
	"io": {"open", "popen", "lines", "input", "output", "tmpfile"},
}

// disarm takes them away.
func disarm(m *vm.VM) {
	for library, names := range harmful {
		table := m.Globals()
		if library != "" {
			table = m.Globals().RawGetString(library).(*lua.LTable)
		}
		for _, name := range names {
			table.RawSetString(name, lua.LNil)
		}
	}
	m.Globals().RawSetString("package", lua.LNil)
}

// FuzzLua runs anything that may be Lua. Whatever it is ends, by itself or by
// an interrupt, as a result or an error, and the machine lives on.
func FuzzLua(f *testing.F) {
	agree, err := os.ReadFile("testdata/agree.lua")
	if err != nil {
		f.Fatal(err)
	}
	for chunk := range strings.SplitSeq(string(agree), "\n") {
		f.Add(chunk)
	}
	for _, source := range []string{
		"local a <const> = 1; return a", "goto out; do local x end ::out::", "for i = 1, 3 do print(i) end return ...",
		"local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x",
		"return pcall(string.rep, 'x', -1)", "return #('x'):rep(1e9)", "return ('x'):rep(1e5):find(('.-'):rep(50) .. 'y')",
		"local function f() return f() end return f()", "local function f() return 1 + f() end return f()",
		"local co = coroutine.wrap(function(...) for i = 1, 9 do coroutine.yield(i, ...) end end) return co(1), co(2)",
		"coroutine.wrap(function() coroutine.wrap(function() error({}) end)() end)()",
		"return table.sort({3, 1, 2}, function() return true end)", "table.concat({1, {}, 3})", "return string.format('%q %5.2f %s', '\\0', 0/0, {})",
		"return ('%d'):format(2^63), 1 // 0, 7 % -3, 2^-1, 'a' .. 1, -'2', not nil", "local a, b = ... ; a.b.c = b", "return load('return 1')(), load(function() end)",
		"x = 0x7fffffffffffffff y = 1e400 z = [==[\n]]]==] --[[ ]] return x", "return \"\\u{4f60}\\x41\\065\\z  a\"", "return xpcall(error, debug.traceback, 'e', 2)",
		"debug.sethook(function() error() end, 'l') for i = 1, 10 do end", "return utf8.codepoint('你好', 1, -1)", "return string.gsub('abc', '%w', {a = 1, b = false})",
		"return string.gsub('hello', '(l)(l)', function(...) return nil end)", "local t = {n = 1, [2] = 3, 'x'; 'y'} return unpack(t, -1, 5), select(-1, 1, 2)",
		"return os.date('*t', 0), os.date('%c', -1e18), os.time({year = 1e9, month = -5, day = 0/0})", "repeat local x = 1 until x", "while true do break end", "return ((((((1))))))",
		"error(setmetatable({}, {__tostring = function() error('x') end}))", "return next({}, 1)", "return tostring(setmetatable({}, {__tostring = 1}))", "os.exit(3)",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		out := &limited{}
		m := vm.New(vm.Options{Stdout: out, Stderr: out, Memory: 256 << 20})
		disarm(m)
		done := make(chan struct{})
		go interruptUntil(m.Main(), source, done)
		run := &machine{VM: m, t: t}
		if _, err := run.run(source); err != nil && strings.Contains(err.Error(), "internal error") {
			t.Errorf("got %v\nfrom %q", err, source)
		}
		close(done)
		m.Main().Reset()
		if values, err := run.run("return 1"); err != nil || len(values) != 1 || values[0] != lua.LNumber(1) {
			t.Errorf("got %v, %v afterwards\nfrom %q", values, err, source)
		}
		m.Close()
	})
}

// interruptUntil cancels what takes too long, and ends the process with all
// its stacks where that has no effect.
func interruptUntil(thread *vm.Thread, source string, done chan struct{}) {
	select {
	case <-done:
		return
	case <-time.After(20 * time.Millisecond):
		thread.Cancel(errors.New("enough"))
	}
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		stacks := make([]byte, 1<<20)
		panic("it cannot be interrupted: " + source + "\n" + string(stacks[:runtime.Stack(stacks, true)]))
	}
}

// limited is an output that forgets what is too much.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len() < 1<<20 {
		return l.Buffer.Write(p)
	}
	return len(p), nil
}
