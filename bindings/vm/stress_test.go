package vm_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

func TestAHundredThreadsDoEverythingAtOnce(t *testing.T) {
	m := newMachine(t, vm.Options{})
	if _, err := m.run(`
		shared, count = {}, 0
		function everything(id)
			for round = 1, 5 do
				count = count + 1
				local key = id .. "/" .. round
				shared[key] = id
				local ok, why = pcall(error, {key})
				assert(not ok and why[1] == key)
				local gen = coroutine.wrap(function() for i = 1, 5 do pcall(coroutine.yield, i) end end)
				local sum = 0
				for i in gen do sum = sum + i end
				assert(sum == 15)
				local text = ("%s "):rep(20, ","):gsub("%%s", id)
				assert(#text == 19 + 20 * (#id + 1))
				local t = {}
				for i = 1, 200 do t[i] = (i * 7919) % 211 end
				table.sort(t, function(a, b) return a < b end)
				assert(#table.concat(t, " ") > 200)
				assert(load("return " .. round)() == round)
				shared[key] = nil
			end
		end`); err != nil {
		t.Fatal(err)
	}
	everything := m.Globals().RawGetString("everything")
	var wg sync.WaitGroup
	for i := range 100 {
		thread := m.NewThread(nil)
		wg.Go(func() {
			thread.Lock()
			defer thread.Unlock()
			if _, err := thread.Call(everything, lua.LString(fmt.Sprintf("t%02d", i))); err != nil {
				t.Errorf("%v\n%s", err, err.(*vm.Error).Traceback)
			}
		})
	}
	wg.Wait()
	if got := m.Globals().RawGetString("count"); got != lua.LNumber(500) {
		t.Errorf("got %v rounds, want 500", got)
	}
}

func TestABusyThreadLetsTheOthersIn(t *testing.T) {
	for _, busy := range []string{
		"while true do end",
		"local function f() return f() end f()",
		"for i = 1, math.huge do end",
		"while true do (('x'):rep(1e4)):find('.-y') end",
		"while true do table.sort({5, 3, 1, 4}) end",
		"while true do coroutine.wrap(function() end)() end",
	} {
		m := newMachine(t, vm.Options{})
		var wg sync.WaitGroup
		hog := m.NewThread(nil)
		wg.Go(func() {
			if _, err := m.runOn(hog, busy); !errors.Is(err, vm.ErrInterrupted) {
				t.Errorf("got %v, want the interrupt, from %s", err, busy)
			}
		})
		for range 20 {
			if _, err := m.run("return 1"); err != nil {
				t.Error(err)
			}
		}
		hog.Interrupt()
		wg.Wait()
	}
}

func TestTheWatchdogEndsTheThreadThatTakesTooMuch(t *testing.T) {
	m := newMachine(t, vm.Options{Memory: 96 << 20})
	_, err := m.runOn(m.NewThread(nil), `local t = {} for i = 1, 1e9 do t[i] = {i, ("x"):rep(100) .. i} end`)
	if !errors.Is(err, vm.ErrMemory) {
		t.Errorf("got %v, want %v", err, vm.ErrMemory)
	}
	if _, err := m.run("return 1"); err != nil {
		t.Errorf("got %v in another thread afterwards", err)
	}
	for _, call := range []string{
		`("x"):rep(2^31)`,
		`local s = ("x"):rep(2e7); return s .. s .. s`,
		`local s = ("x"):rep(2e7); return table.concat({s, s, s})`,
		`local s = ("x"):rep(2e7); return ("%s%s%s"):format(s, s, s)`,
		`return (("x"):rep(1000):gsub(".", ("y"):rep(1e6)))`,
	} {
		start := time.Now()
		if _, err := m.run(call); err == nil || !strings.Contains(err.Error(), "not enough memory") {
			t.Errorf("got %v, want a refusal, from %s", err, call)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %v: %s", took, call)
		}
		m.Main().Reset()
	}
}

func TestAWaitOfOneThreadDoesNotStopAnother(t *testing.T) {
	m := newMachine(t, vm.Options{})
	release, waiting := make(chan struct{}), make(chan struct{})
	m.Globals().RawSetString("wait", m.NewFunction("wait", func(L *lua.LState) int {
		thread := vm.Running(L)
		thread.Unlock()
		close(waiting)
		<-release
		thread.Lock()
		L.Push(lua.LString("result"))
		return 1
	}))
	var wg sync.WaitGroup
	wg.Go(func() {
		// The wait is inside a coroutine, a metamethod and pcall.
		_, err := m.run(`print(coroutine.wrap(function()
			return select(2, pcall(function() return setmetatable({}, {__index = wait}).x end))
		end)())`)
		if err != nil {
			t.Error(err)
		}
	})
	<-waiting
	if _, err := m.runOn(m.NewThread(nil), `print("other")`); err != nil {
		t.Error(err)
	}
	m.Main().Interrupt() // strikes after the result is there
	close(release)
	wg.Wait()
	if got, want := m.out.String(), "other\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin with %q", got, want)
	}
}

func TestACallBackRunsOnItsThread(t *testing.T) {
	m := newMachine(t, vm.Options{})
	m.Globals().RawSetString("with", m.NewFunction("with", func(L *lua.LState) int {
		results, err := vm.Running(L).Call(L.Get(1), lua.LNumber(41))
		if err != nil {
			vm.Raise(L, err.(*vm.Error).Value)
		}
		for _, r := range results {
			L.Push(r)
		}
		return len(results)
	}))
	_, err := m.run(`
		print(with(function(n) return n + 1, "x" end))
		print(pcall(with, function() error({}) end))
		print(coroutine.wrap(function() return with(function(n) return coroutine.yield(n) end) end)())`)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.out.String(); !strings.HasPrefix(got, "42\tx\nfalse\ttable: 0x") || !strings.HasSuffix(got, "\n41\n") {
		t.Errorf("got %q", got)
	}
}
