package vm_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

func TestCoroutinesYieldFromAnywhere(t *testing.T) {
	check(t, []printing{
		{`local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1); return a + b end); print(co(1), co(10))`, "2\t11"},
		{`local co = coroutine.wrap(function() return coroutine.yield(1) end); print(co(), co(2, 3))`, "1\t2\t3"},
		{`local co = coroutine.wrap(function() print(pcall(function() return coroutine.yield(1) + 1 end)); return "end" end); print(co()); print(co(41))`, "1\ntrue\t42\nend"},
		{`local co = coroutine.wrap(function() print(pcall(function() coroutine.yield(); error("x", 0) end)) end); co(); co()`, "false\tx"},
		{`local mt = {__add = function(a, b) return coroutine.yield(b) end, __index = function(_, k) return coroutine.yield(k) end}
		  local co = coroutine.wrap(function() local t = setmetatable({}, mt); return (t + 5) .. t.field end)
		  print(co(), co("sum "), co("value"))`, "5\tfield\tsum value"},
		{`local co = coroutine.wrap(function() local n = 0; for i in function(_, i) return coroutine.yield(i) end do n = n + i end return n end)
		  co(); co(1); co(2); print(co(nil))`, "3"},
		{`local co = coroutine.wrap(function() local t = {3, 1, 2}; table.sort(t, function(a, b) coroutine.yield(); return a < b end); return table.concat(t, " ") end)
		  local r repeat r = co() until r; print(r)`, "1 2 3"},
		{`local co = coroutine.wrap(function() return (("abc"):gsub(".", function(c) return coroutine.yield(c) end)) end)
		  print(co(), co("1"), co("2"), co("3"))`, "a\tb\tc\t123"},
	})
}

func TestCoroutineStatusAndErrors(t *testing.T) {
	check(t, []printing{
		{`local co; co = coroutine.create(function() print(coroutine.status(co), coroutine.running() == co) end)
		  print(type(co), coroutine.status(co)); coroutine.resume(co); print(coroutine.status(co)); print(coroutine.resume(co))`,
			"thread\tsuspended\nrunning\ttrue\ndead\nfalse\ttest.lua:2: cannot resume dead coroutine"},
		{`local outer; outer = coroutine.create(function() coroutine.wrap(function() print(coroutine.status(outer)); print(coroutine.resume(outer)) end)() end)
		  coroutine.resume(outer)`, "normal\nfalse\ttest.lua:1: cannot resume normal coroutine"},
		{`local function f() return coroutine.wrap(f)() end; print((select(2, pcall(f)):gsub("^.*: ", "")))`, "stack overflow (too many nested coroutines)"},
		{`print(pcall(coroutine.yield))`, "false\ttest.lua:1: attempt to yield from outside a coroutine"},
		{`local e = {}; local co = coroutine.create(function() error(e) end); print(select(2, coroutine.resume(co)) == e)`, "true"},
		{`print(pcall(coroutine.wrap(function() error("x") end)))`, "false\ttest.lua:1: x"},
		{`print(coroutine.running(), coroutine.isyieldable()); coroutine.wrap(function() print(coroutine.isyieldable()) end)()`, "nil\tfalse\ntrue"},
		{`local co = coroutine.create(function() coroutine.yield() end); coroutine.resume(co); print(coroutine.close(co), coroutine.status(co))`, "true\tdead"},
		{`local x = 1; local co = coroutine.wrap(function() x = 2; coroutine.yield(); x = 3 end); co(); print(x); co(); print(x)`, "2\n3"},
		{`print(pcall(coroutine.resume, 1))`, "false\ttest.lua:1: bad argument #1 to 'resume' (coroutine expected, got number)"},
	})
}

func TestACoroutineMadeInOneThreadRunsInAnother(t *testing.T) {
	m := newMachine(t, vm.Options{})
	if _, err := m.run(`co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end); print(co())`); err != nil {
		t.Fatal(err)
	}
	if _, err := m.runOn(m.NewThread(nil), `print(co())`); err != nil {
		t.Fatal(err)
	}
	if _, err := m.run(`print(co())`); err != nil {
		t.Fatal(err)
	}
	if got, want := m.out.String(), "1\n2\n3\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDroppedCoroutinesLeaveNoGoroutine(t *testing.T) {
	m := newMachine(t, vm.Options{})
	before := runtime.NumGoroutine()
	_, err := m.run(`for i = 1, 3000 do
		coroutine.wrap(function() pcall(function() coroutine.yield() end) end)()
		coroutine.resume(coroutine.create(coroutine.yield))
	end`)
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.GC()
		runtime.Gosched()
	}
	if got := runtime.NumGoroutine(); got > before {
		t.Errorf("got %d goroutines, want %d as before", got, before)
	}
}

func TestACoroutineDroppedInsideAWaitingCallTakesAndGivesTheLock(t *testing.T) {
	m := newMachine(t, vm.Options{})
	left := make(chan struct{}, 1)
	m.Globals().RawSetString("waiting", m.NewFunction("waiting", func(L *lua.LState) int {
		thread := vm.Running(L)
		thread.Unlock()
		defer func() {
			thread.Lock()
			left <- struct{}{}
		}()
		func() { // a callback within the wait
			thread.Lock()
			defer thread.Unlock()
			_, _ = thread.Call(L.Get(1))
		}()
		return 0
	}))
	if _, err := m.run(`coroutine.wrap(function() waiting(coroutine.yield) end)()`); err != nil {
		t.Fatal(err)
	}
	for ended := false; !ended; {
		runtime.GC()
		if _, err := m.run(`for i = 1, 1000 do tostring(i) end`); err != nil {
			t.Fatal(err)
		}
		select {
		case <-left:
			ended = true
		default:
		}
	}
	if _, err := m.run(`return 1`); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsCoroutinesThatHoldThemselves(t *testing.T) {
	before := runtime.NumGoroutine()
	m := vm.New(vm.Options{})
	fn, err := m.Load("test.lua", `for i = 1, 100 do
		local co; co = coroutine.create(function() coroutine.yield(co) end)
		coroutine.resume(co)
	end`)
	if err != nil {
		t.Fatal(err)
	}
	m.Main().Lock()
	_, err = m.Main().Call(fn)
	m.Main().Unlock()
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("got %d goroutines, want %d as before", runtime.NumGoroutine(), before)
}

func TestATracebackShowsTheCallsInsideACoroutine(t *testing.T) {
	m := newMachine(t, vm.Options{})
	_, err := m.run("local function deep() error('x') end\nlocal co = coroutine.wrap(function() deep() end)\nco()")
	got := fmt.Sprintf("%v\n%s", err, err.(*vm.Error).Traceback)
	for _, want := range []string{"test.lua:1: x", "test.lua:1: in function 'deep'", "test.lua:2: in function", "test.lua:3: in main chunk"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant %q in it", got, want)
		}
	}
}
