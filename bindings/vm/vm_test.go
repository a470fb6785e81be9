package vm_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// A machine runs chunks for a test and keeps what they print.
type machine struct {
	*vm.VM
	t   *testing.T
	out *bytes.Buffer
}

func newMachine(t *testing.T, options vm.Options) *machine {
	t.Helper()
	m := &machine{t: t, out: &bytes.Buffer{}}
	if options.Stdout == nil {
		options.Stdout = m.out
	}
	m.VM = vm.New(options)
	t.Cleanup(m.Close)
	return m
}

// run runs source on the main thread.
func (m *machine) run(source string) ([]lua.LValue, error) { return m.runOn(m.Main(), source) }

func (m *machine) runOn(t *vm.Thread, source string) ([]lua.LValue, error) {
	fn, err := m.Load("test.lua", source)
	if err != nil {
		return nil, err
	}
	t.Lock()
	defer t.Unlock()
	return t.Call(fn)
}

// output gives what source prints, or its error.
func output(t *testing.T, source string) string {
	t.Helper()
	m := newMachine(t, vm.Options{})
	if _, err := m.run(source); err != nil {
		m.out.WriteString("error: " + err.Error() + "\n")
	}
	return strings.TrimSuffix(m.out.String(), "\n")
}

// A printing is a chunk and what it must print.
type printing struct{ source, want string }

func check(t *testing.T, cases []printing) {
	t.Helper()
	for _, c := range cases {
		if got := output(t, c.source); got != c.want {
			t.Errorf("got  %s\nwant %s\nfrom %s", got, c.want, c.source)
		}
	}
}

func TestThreeThreadsCountWithoutLosingACount(t *testing.T) {
	m := newMachine(t, vm.Options{})
	if _, err := m.run("n = 0"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		thread := m.NewThread(nil)
		wg.Go(func() {
			if _, err := m.runOn(thread, "for i = 1, 10000 do n = n + 1 end"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := m.Globals().RawGetString("n"); got != lua.LNumber(30000) {
		t.Errorf("got n = %v, want 30000", got)
	}
}

func TestCancelEndsALoopThatCatchesErrors(t *testing.T) {
	for _, source := range []string{
		"while true do end",
		"while true do pcall(error) end",
		"while true do pcall(function() while true do end end) end",
		"while true do xpcall(function() while true do end end, function() while true do end end) end",
	} {
		started := make(chan struct{})
		m := newMachine(t, vm.Options{})
		m.Globals().RawSetString("started", m.NewFunction("started", func(*lua.LState) int {
			close(started)
			return 0
		}))
		why := errors.New("enough")
		go func() {
			<-started
			m.Main().Cancel(why)
		}()
		if _, err := m.run("started() " + source); !errors.Is(err, why) {
			t.Errorf("got %v, want the cause of the cancel, from %s", err, source)
		}
		m.Main().Reset()
		if _, err := m.run("return 1"); err != nil {
			t.Errorf("after Reset: got %v, from %s", err, source)
		}
	}
}

func TestAnInterruptIsCaughtOnce(t *testing.T) {
	m := newMachine(t, vm.Options{})
	m.Globals().RawSetString("interrupt", m.NewFunction("interrupt", func(L *lua.LState) int {
		vm.Running(L).Interrupt()
		return 0
	}))
	_, err := m.run(`
		print(pcall(function() interrupt() while true do end end))
		for i = 1, 10000 do end
		print("on")`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.out.String(), "false\ttest.lua:2: interrupted\non\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAWaitIsWokenByAnInterrupt(t *testing.T) {
	m := newMachine(t, vm.Options{})
	thread := m.NewThread(nil)
	woken := make(chan struct{}, 1)
	wake := func() { woken <- struct{}{} }
	if err := thread.Arm(wake); err != nil {
		t.Fatalf("got %v from Arm before the interrupt", err)
	}
	done := thread.Done()
	thread.Interrupt()
	<-woken
	<-done
	thread.Disarm()
	if err := thread.Arm(wake); err != vm.ErrInterrupted {
		t.Errorf("got %v from Arm after the interrupt, want %v", err, vm.ErrInterrupted)
	}
	<-thread.Done()
	thread.Reset()
	if err := thread.Arm(wake); err != nil {
		t.Errorf("got %v from Arm after Reset", err)
	}
	select {
	case <-thread.Done():
		t.Error("Done is closed after Reset")
	case <-woken:
		t.Error("wake was called again")
	default:
	}
	if n := testing.AllocsPerRun(100, func() { _ = thread.Arm(wake); thread.Disarm() }); n != 0 {
		t.Errorf("Arm and Disarm allocate %v times", n)
	}
}

func TestClosuresShareAVariableAfterACaughtError(t *testing.T) {
	check(t, []printing{
		{`local x = 1; local function get() return x end; pcall(error); x = 2; print(get())`, "2"},
		{`local x = 1; local function get() return x end; xpcall(error, print); x = 2; print(get())`, "nil\n2"},
		{`local get
		  pcall(function() local y = "orig"; get = function() return y end; error("e") end)
		  local a, b, c, d = "A", "B", "C", "D"
		  print(get())`, "orig"},
	})
}

func TestErrorsCarryAnyValueAndTheRightPosition(t *testing.T) {
	check(t, []printing{
		{`print(pcall(error))`, "false\tnil"},
		{`print(select("#", pcall(error, nil)))`, "2"},
		{`local t = {}; print(select(2, pcall(error, t)) == t)`, "true"},
		{`local t = {}; print(select(2, pcall(assert, false, t)) == t)`, "true"},
		{`print(pcall(assert, nil))`, "false\tassertion failed!"},
		{`print(pcall(assert, false, "why"))`, "false\twhy"},
		{`print(assert(1, 2, 3))`, "1\t2\t3"},
		{"local function f()\n error('x', 2)\nend\nlocal function g()\n f()\nend\nprint(pcall(g))", "false\ttest.lua:5: x"},
		{`print(pcall(error, "plain", 0))`, "false\tplain"},
		{`print(xpcall(function(...) return ... end, print, 1, 2))`, "true\t1\t2"},
		{`print(xpcall(function() error("a", 0) end, function(m) return m .. "!" end))`, "false\ta!"},
		{`print(xpcall(function() error("a", 0) end, function(m) error("b", 0) end))`, "false\terror in error handling (b)"},
	})
}

func TestAPanicInAGoFunctionIsALuaError(t *testing.T) {
	m := newMachine(t, vm.Options{})
	m.Globals().RawSetString("recv", m.NewFunction("recv", func(*lua.LState) int { panic("boom") }))
	_, err := m.run(`local x = 1; local get = function() return x end
		print(pcall(recv)); x = 2; print(get())
		recv()`)
	want := "false\ttest.lua:2: 'recv': internal error: boom\n2\n"
	if m.out.String() != want {
		t.Errorf("got %q, want %q", m.out.String(), want)
	}
	var failure *vm.Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Traceback, "'recv'") || !strings.Contains(failure.Traceback, "test.lua:3: in main chunk") {
		t.Errorf("got %v with %#v, want a traceback that names recv and line 3", err, failure)
	}
}

func TestTheCallStackHoldsWhatWasAskedFor(t *testing.T) {
	m := newMachine(t, vm.Options{})
	const source = `
		local function f(n) if n > 0 then return 1 + f(n - 1) end return 0 end
		print(f(%d - 10))
		print(pcall(function() local function g() return 1 + g() end return g() end))
		print(xpcall(function() local function g() return 1 + g() end return g() end, function(m) return "handled: " .. m end))`
	for _, c := range []struct {
		thread *vm.Thread
		depth  string
	}{{m.Main(), "16000"}, {m.NewThread(nil), "2000"}} {
		m.out.Reset()
		if _, err := m.runOn(c.thread, strings.ReplaceAll(source, "%d", c.depth)); err != nil {
			t.Errorf("got %v at %s", err, c.depth)
		}
		want := "0\nfalse\ttest.lua:4: stack overflow\nfalse\thandled: test.lua:5: stack overflow\n"
		if again, err := m.runOn(c.thread, "local t = {} for i = 1, 100000 do t[i] = i end return select('#', unpack(t))"); err != nil || again[0] != lua.LNumber(100000) {
			t.Errorf("afterwards: got %v, %v", again, err)
		}
		if got := m.out.String(); !strings.HasSuffix(got, want[1:]) {
			t.Errorf("got %q at depth %s, want %q", got, c.depth, want)
		}
	}
}
