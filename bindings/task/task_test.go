package task_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"lunawire/bindings"
	"lunawire/bindings/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sink is an output that tasks share.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// run runs a script and returns what it printed and how it failed.
func run(t *testing.T, source string) string {
	t.Helper()
	out := &sink{}
	rt, err := bindings.New(bindings.Config{Plugins: []bindings.Plugin{task.Plugin{}}, Stdin: strings.NewReader(""), Stdout: out, Stderr: out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Run(context.Background(), "test.lua", source); err != nil {
		return out.b.String() + rt.Describe(err).Message
	}
	return out.b.String()
}

func TestTasks(t *testing.T) {
	for name, c := range map[string]struct{ code, want string }{
		"join returns what the function returned": {
			`print(task.spawn(function(...) return select("#", ...), ... end, 1, nil, 3):join())`, "3\t1\tnil\t3\n"},
		"join raises the very value that the function raised": {
			`local e = {} local t = task.spawn(function() error(e) end) local ok, got = pcall(t.join, t) print(ok, got == e)`, "false\ttrue\n"},
		"join gives up in time": {
			`local t = task.spawn(function() task.sleep(100) end) print(t:join{timeout=0.01}) t:cancel()`, "nil\ttimeout\n"},
		"a run waits for its tasks": {
			`task.spawn(function() task.sleep(0.01) print("task") end) print("main")`, "main\ntask\n"},
		"a failed script ends its tasks": {
			`task.spawn(function() task.sleep(100) end) error("main", 0)`, "main"},
		"a cancel passes every pcall": {
			`local t = task.spawn(function() while true do pcall(function() while true do end end) end end)
t:cancel() print(select(2, pcall(t.join, t)).code)`, "ECANCELED\n"},
		"a cancel reaches a coroutine": {
			`local t = task.spawn(function() coroutine.wrap(function() while true do end end)() end)
t:cancel() print(select(2, pcall(t.join, t)).code, t:state())`, "ECANCELED\tcancelled\n"},
		"no count is lost": {
			`n = 0 local list = {}
for i = 1, 3 do list[i] = task.spawn(function() for _ = 1, 20000 do n = n + 1 end end) end
for _, t in ipairs(list) do t:join() end print(n)`, "60000\n"},
		"those who compute share with those who talk": {
			`local hogs = {} for i = 1, 4 do hogs[i] = task.spawn(function() while true do end end) end
local a, b = task.queue(), task.queue()
task.spawn(function() for i = 1, 100 do b:put(a:get()) end end)
for i = 1, 100 do a:put(i) b:get() end
for _, t in ipairs(hogs) do t:cancel() end print("done")`, "done\n"},
		"variables are shared": {
			`local x = 1 local t = task.spawn(function() x = x + 1 pcall(error) x = x + 1 end) t:join() print(x)`, "3\n"},
		"a coroutine may move between tasks": {
			`local co = coroutine.create(function() for i = 1, 3 do coroutine.yield(i) end end)
print(coroutine.resume(co)) print(task.spawn(function() return coroutine.resume(co) end):join())`, "true\t1\ntrue\t2\n"},
		"list and current": {
			`print(task.current().id, #task.list()) local t = task.spawn(function() task.sleep(100) end)
print(task.list()[1] == t, t.id) t:cancel()`, "1\t0\ntrue\t2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, c.code); got != c.want {
				t.Errorf("got  %q\nwant %q\nfor  %s", got, c.want, c.code)
			}
		})
	}
}

func TestAnErrorThatNobodyJoinsIsTold(t *testing.T) {
	got := run(t, `task.spawn(function()
  local function deep() error("lost?") end
  deep()
end)`)
	for _, want := range []string{"task 2 (test.lua:1): test.lua:2: lost?", "stack traceback:", "test.lua:3"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}

func TestQueues(t *testing.T) {
	for name, c := range map[string]struct{ code, want string }{
		"first in, first out, tables stay themselves": {
			`local q, v = task.queue(), {} q:put(1) q:put(v) q:put(false) print(q:len(), q:get(), q:get() == v, q:get())`, "3\t1\ttrue\tfalse\n"},
		"put waits while it is full": {
			`local q = task.queue(1) local log = {}
local t = task.spawn(function() for i = 1, 3 do q:put(i) log[#log + 1] = "put" .. i end end)
task.sleep(0.01) print(#log, q:get(), q:get(), q:get()) t:join() print(#log)`, "1\t1\t2\t3\n3\n"},
		"closed": {
			`local q = task.queue() q:put("last") q:close() print(q:get()) print(q:get()) print(select(2, pcall(q.put, q, 1)).code)`, "last\nnil\tclosed\nEPIPE\n"},
		"timeouts": {
			`local q = task.queue(1) print(q:get{timeout=0}) print(q:get{timeout=0.01}) q:put(1)
print(select(2, pcall(q.put, q, 2, {timeout=0.01})).code)`, "nil\ttimeout\nnil\ttimeout\nETIMEDOUT\n"},
		"a waiting get is cancelled and takes nothing": {
			`local q = task.queue() local t = task.spawn(function() q:get() end)
while t:state() ~= "waiting in q:get" do task.sleep(0) end
t:cancel() pcall(t.join, t) q:put("kept") print(q:get())`, "kept\n"},
		"nil is no value": {
			`print(pcall(task.queue().put, task.queue(), nil))`, "false\tusage: q:put(value, opts?) (value: anything but nil expected)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, c.code); got != c.want {
				t.Errorf("got  %q\nwant %q\nfor  %s", got, c.want, c.code)
			}
		})
	}
}
