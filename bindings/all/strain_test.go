package all_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"lunawire/bindings"
)

// long asks for the loads in their full size; without it they are as heavy as
// a test that is run all the time may be.
var long = os.Getenv("LUNAWIRE_LONG") != ""

// limited makes a Runtime that may use little memory.
func limited(t *testing.T, out *sink) *bindings.Runtime {
	t.Helper()
	rt := newRuntime(t, out, bindings.Config{Memory: 64 << 20})
	t.Cleanup(rt.Close)
	return rt
}

// alive checks that the prompt still answers.
func alive(t *testing.T, rt *bindings.Runtime, after string) {
	t.Helper()
	values, err := rt.NewPrompt().Eval(context.Background(), `("x"):rep(3)`)
	if err != nil || len(values) != 1 {
		t.Errorf("got %v, %v at the prompt after %s", values, err, after)
	}
}

func TestWhatTakesTooMuchMemoryEndsInAnErrorAndThePromptLives(t *testing.T) {
	for _, c := range []struct{ bomb, want string }{
		{`return ("x"):rep(2^40)`, "not enough memory"},
		{`return ("x"):rep(1e6, ("y"):rep(1e6))`, "not enough memory"},
		{`local s = "x" while true do s = s .. s end`, "not enough memory"},
		{`local t = {} for i = 1, math.huge do t[i] = {i} end`, "not enough memory"},
		{`local t = {} while true do t = {t, ("x"):rep(1000)} end`, "not enough memory"},
		{`local t = {} for i = 1, 1e9 do t[i] = coroutine.create(function() end) coroutine.resume(t[i]) end`, "not enough memory"},
		{`local q = task.queue(2^40) for i = 1, 1e9 do q:put(("x"):rep(1000) .. i) end`, "not enough memory"},
		{`return (("x"):rep(1e5):gsub("", ("y"):rep(1e5)))`, "not enough memory"},
		{`local s = ("x"):rep(2e7) return table.concat({s, s, s, s})`, "not enough memory"},
		{`return text.encode(("x"):rep(2e7), "utf-32")`, "not enough memory"},
		{`return text.decode(("\xff"):rep(2e7), "latin-1")`, "not enough memory"},
		{`return text.decode("", ("x"):rep(2e7))`, "unknown encoding"},
		{`return string.pack("c2000000000", "")`, "a size from 0 to"},
		{`return string.packsize(("x"):rep(2e7))`, "a format has at most"},
		{`return unpack({}, 1, 1e8)`, "too many results"},
		{`return string.char(unpack({}, 1, 2^31))`, "too many results"},
		{`return table.concat({}, "x", 1, 2^53)`, "nil"},
		{`local function f() return 1 + f() end return f()`, "stack overflow"},
		{`local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]`, "stack overflow"},
		{`local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) return tostring(t)`, "stack overflow"},
		{`return load(("("):rep(1e5) .. "1" .. (")"):rep(1e5))()`, "nil"},
		{`local f = loadstring("return " .. ("{"):rep(1e5) .. ("}"):rep(1e5)) return f()`, "nil"},
		{`local function wrap() return coroutine.wrap(wrap)() end return wrap()`, "stack overflow"},
		{`return string.rep("(", 300):rep(10):find(("("):rep(300))`, "too many captures"},
		{`return ("x"):rep(3e5):find(("x?"):rep(3e5) .. "y")`, "too complex"},
		{`return string.format("%1000d", 1)`, "invalid"},
	} {
		t.Run(c.bomb, func(t *testing.T) {
			rt := limited(t, &sink{})
			start := time.Now()
			err := rt.Run(context.Background(), "bomb.lua", c.bomb)
			if err == nil || !strings.Contains(rt.Describe(err).Text(), c.want) {
				t.Errorf("got %v, want %q\nfrom %s", err, c.want, c.bomb)
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("took %v: %s", took, c.bomb)
			}
			alive(t, rt, c.bomb)
		})
	}
}

// TestManyValuesAreNotCopiedOverAndOver fails if the registers of a task or a
// coroutine, which are few at first, grow in small steps under many values: each
// step copies all that is there. It counts bytes, so no other work disturbs it.
func TestManyValuesAreNotCopiedOverAndOver(t *testing.T) {
	const n = 200_000
	for name, code := range map[string]string{
		"codepoint":           `return select("#", utf8.codepoint(("x"):rep(n), 1, -1))`,
		"string.unpack":       `return select("#", string.unpack(("B"):rep(n), ("x"):rep(n)))`,
		"coroutine arguments": `return coroutine.wrap(function(...) return select("#", ...) end)(unpack(list))`,
		"coroutine results":   `return select("#", coroutine.wrap(function() return unpack(list) end)())`,
		"coroutine yield":     `return select("#", coroutine.wrap(function() coroutine.yield(unpack(list)) end)())`,
		"task arguments":      `return task.spawn(function(...) return select("#", ...) end, unpack(list)):join()`,
		"task results":        `return select("#", task.spawn(function() return unpack(list) end):join())`,
	} {
		t.Run(name, func(t *testing.T) {
			out := &sink{}
			rt := newRuntime(t, out, bindings.Config{})
			defer rt.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := rt.Run(context.Background(), "many.lua", `
local n, list = tonumber(arg[1]), {}
for i = 1, n do list[i] = 1 end
local got = task.spawn(function() `+code+` end):join()
assert(got >= n, got)`, strconv.Itoa(n))
			if err != nil {
				t.Fatal(rt.Describe(err).Text())
			}
			runtime.ReadMemStats(&after)
			if made := (after.TotalAlloc - before.TotalAlloc) >> 20; made > 200 {
				t.Errorf("%d MiB were made for %d values of 16 bytes", made, n)
			}
		})
	}
}

func TestWhatTakesForEverIsInterruptedAndThePromptLives(t *testing.T) {
	for _, loop := range []string{
		`while true do end`,
		`while true do pcall(function() while true do end end) end`,
		`return ("x"):rep(1e5):find((".-"):rep(20) .. "y")`,
		`return ("a"):rep(60):match(("a*"):rep(30) .. "b")`,
		`return ("x"):rep(1e5):gsub("(x-)(x-)(x-)y", "")`,
		`local t = {} for i = 1, 3e5 do t[i] = i % 7 end table.sort(t, function() return math.random() < 0.5 end) while true do table.sort(t) end`,
		`while true do coroutine.wrap(function() coroutine.yield() end)() end`,
		`for line in ("x\n"):rep(100):gmatch("") do while true do end end`,
		`for i = 1, math.huge do local s = ("x"):rep(1000) .. i end`,
		`local t = setmetatable({}, {__index = function() while true do end end}) return t.x`,
		`local s = udp.socket() s:bind("127.0.0.1", 0) s:recv(2^40)`,
		`local a, b = socket.socketpair() a:recvexact(2^40)`,
		`local a, b = socket.socketpair() while true do a:send(("x"):rep(1e6)) end`,
		`local l = tcp.listen("127.0.0.1:0") while true do pcall(l.accept, l) end`,
		`socket.select({tcp.listen("127.0.0.1:0")})`,
		`task.spawn(function() task.sleep(math.huge) end):join()`,
		`task.spawn(function() while true do end end):join()`,
		`task.queue():get()`,
		`local function f() task.spawn(f) task.sleep(0) return f() end f()`,
		`return with({close = function() while true do end end}, function() end)`,
		`with(udp.socket(), function() while true do end end)`,
		`task.sleep(2^60)`,
	} {
		t.Run(loop, func(t *testing.T) {
			t.Parallel()
			rt := limited(t, &sink{})
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			start := time.Now()
			if err := rt.Run(ctx, "loop.lua", loop); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want an interrupt\nfrom %s", err, loop)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v to end\nafter %s", took, loop)
			}
			alive(t, rt, loop)
		})
	}
}

func TestARecvOfMoreThanThereIsTakesOnlyWhatThereIs(t *testing.T) {
	if got, want := run(t, "recv.lua", `
local a, b = socket.socketpair()
a:send("hello")
print(b:recv(2^40))
local u = udp.socket() u:bind("127.0.0.1", 0)
u:sendto("hello", u:getsockname())
print((u:recvfrom(2^40)))
print(b:recv(2^40, {timeout=0}))`), "hello\nhello\nnil\ttimeout\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// churn connects, says something and closes, arg[1] times.
const churn = `
local server = tcp.serve("127.0.0.1:0", function(conn) conn:send(conn:recv(100)) pcall(conn.recv, conn, 1) end)
local addr = server:getsockname()
for i = 1, tonumber(arg[1]) do
  local c = tcp.connect(addr)
  c:send("x") assert(c:recv(1) == "x")
  c:setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, {1, 0})   -- so that no port waits in TIME_WAIT
  c:close()
end
while #task.list() > 1 do task.sleep(0.001) end
server:close()
`

func TestConnectAndCloseOverAndOverLeavesNothingBehind(t *testing.T) {
	cycles := 1500
	if long {
		cycles = 200_000
	}
	out := &sink{}
	rt := newRuntime(t, out, bindings.Config{})
	defer rt.Close()
	// The first rounds fill what is kept on purpose: the timeline, the pools.
	lap := func(n int) (descriptors, goroutines int, heap uint64) {
		if err := rt.Run(context.Background(), "churn.lua", churn, strconv.Itoa(n)); err != nil {
			t.Fatal(rt.Describe(err).Text())
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return openDescriptors(t), runtime.NumGoroutine(), m.HeapAlloc
	}
	descriptors, goroutines, heap := lap(cycles)
	descriptors2, goroutines2, heap2 := lap(cycles)
	t.Logf("after %d and %d cycles: %d and %d descriptors, %d and %d goroutines, %d and %d kB", cycles, 2*cycles,
		descriptors, descriptors2, goroutines, goroutines2, heap>>10, heap2>>10)
	if descriptors2 > descriptors || goroutines2 > goroutines+2 {
		t.Errorf("got %d descriptors and %d goroutines, want %d and %d as before", descriptors2, goroutines2, descriptors, goroutines)
	}
	if perCycle := (float64(heap2) - float64(heap)) / float64(cycles); perCycle > 4096 && heap2 > heap+32<<20 {
		t.Errorf("got %.0f bytes more for each cycle, want none", perCycle)
	}
	if out.String() != "" {
		t.Errorf("got %q, want silence", out)
	}
}
