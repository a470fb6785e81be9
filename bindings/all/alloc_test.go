package all_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"lunawire/bindings"
)

// The calls that move data, and how often each allocates when it succeeds: what
// is received is a string, its bytes and its header. A loop of n runs the call
// n times, and what it needs around it, which allocates nothing more than it.
var dataCalls = []struct {
	name, loop string
	allocs     float64
}{
	{"send", `for _ = 1, n do a:send("ping") end drain(b, n)`, 0},
	{"recv", `fill(a, n) for _ = 1, n do b:recv(4) end`, 2},
	{"sendto", `for _ = 1, n do c:sendto("ping", to) d:recv(0) end`, 0},
	{"sendto host, port", `for _ = 1, n do c:sendto("ping", "127.0.0.1", port) d:recv(0) end`, 0},
	{"recvfrom", `for _ = 1, n do c:sendto("ping", to) d:recvfrom(10) end`, 2},
	{"send, with an option", `local o = {timeout=1} for _ = 1, n do a:send("ping", o) end drain(b, n)`, 0},
}

const dataCallsSetup = `
local l = tcp.listen("127.0.0.1", 0)
local a = tcp.connect(l:getsockname())
local b = l:accept()
local c, d = udp.socket(), udp.socket()
d:bind("127.0.0.1", 0)
local to = d:getsockname()
local port = to.port
local function drain(s, n) s:recvexact(4 * n) end
local function fill(s, n) s:send(("ping"):rep(n)) end
return function(n) %s end`

// allocations runs a loop of dataCalls n times and returns how often it allocated.
func allocations(tb testing.TB, loop string, n int) float64 {
	tb.Helper()
	out := &sink{}
	rt := newRuntime(tb, out, bindings.Config{})
	defer rt.Close()
	prompt := rt.NewPrompt()
	eval := func(source string) {
		if _, err := prompt.Eval(context.Background(), source); err != nil {
			tb.Fatal(err)
		}
	}
	eval("run = (function() " + fmt.Sprintf(dataCallsSetup, loop) + " end)()")
	counted := func(n int) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		eval(fmt.Sprintf("run(%d)", n))
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs)
	}
	for range 10 { // the timeline is full then
		counted(n)
	}
	around := counted(1) // the entry, and drain or fill
	return (counted(n) - around) / float64(n-1)
}

// TestCallsThatMoveDataAllocateNoMore fails when a call allocates more often
// than it did. Half an allocation is left to what else goes on in the program.
func TestCallsThatMoveDataAllocateNoMore(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates too")
	}
	for _, call := range dataCalls {
		t.Run(call.name, func(t *testing.T) {
			if got := allocations(t, call.loop, 1000); got > call.allocs+0.5 {
				t.Errorf("%.2f allocations a call, want %v", got, call.allocs)
			}
		})
	}
}

// BenchmarkAllocations tells how often the calls that move data allocate.
func BenchmarkAllocations(b *testing.B) {
	for _, call := range dataCalls {
		b.Run(call.name, func(b *testing.B) {
			b.ReportMetric(allocations(b, call.loop, 1000), "allocs/call")
			b.ReportMetric(0, "ns/op")
		})
	}
}
