package vm_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// A workload may cost so many times what it costs on plain gopher-lua without
// a context, which can neither be interrupted nor share the state.
type workload struct {
	name, source string
	limit        float64
}

var workloads = []workload{
	{"fib(30)", `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(30)`, 1.22},
	{"loop of 5e6", `local x = 0; for i = 1, 5e6 do x = (x + i) % 7 end`, 1.05},
	{"table ops", `
		for _ = 1, 20 do
			local t = {}
			for i = 1, 20000 do t[i] = i end
			local named = {}
			for i = 1, 2000 do named["k" .. i] = i end
			local sum = 0
			for _, v in ipairs(t) do sum = sum + v end
			for _, v in pairs(named) do sum = sum + v end
			for i = 1, 20000 do t[i] = t[i] + 1 end
			while #t > 10000 do table.remove(t) end
		end`, 1.10},
	{"fields and methods", `
		local point = {}
		point.__index = point
		function point.add(self, n) self.x = self.x + n; return self end
		local p = setmetatable({x = 0}, point)
		for i = 1, 1e6 do p:add(i) end`, 1.22},
}

// BenchmarkCost runs each workload here and on plain gopher-lua in turn and
// compares the best of each, for the machine is shared.
func BenchmarkCost(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			here, done := w.here(b)
			defer done()
			plain, close := w.plain(b)
			defer close()
			bestHere, bestPlain := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				bestHere = min(bestHere, timed(here))
				bestPlain = min(bestPlain, timed(plain))
			}
			b.ReportMetric(float64(bestHere.Milliseconds()), "ms-here")
			b.ReportMetric(float64(bestPlain.Milliseconds()), "ms-plain")
			b.ReportMetric(float64(bestHere)/float64(bestPlain), "x-plain")
			b.ReportMetric(w.limit, "x-allowed")
		})
	}
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func (w workload) here(b *testing.B) (run, done func()) {
	m := vm.New(vm.Options{})
	fn, err := m.Load("bench", w.source)
	if err != nil {
		b.Fatal(err)
	}
	m.Main().Lock()
	run = func() {
		if _, err := m.Main().Call(fn); err != nil {
			b.Fatal(err)
		}
	}
	return run, func() {
		m.Main().Unlock()
		m.Close()
	}
}

func (w workload) plain(b *testing.B) (run, done func()) {
	L := lua.NewState()
	fn, err := L.LoadString(w.source)
	if err != nil {
		b.Fatal(err)
	}
	run = func() {
		L.Push(fn)
		L.Call(0, 0)
	}
	return run, L.Close
}

// BenchmarkOperations are what programs do often, in ns each.
func BenchmarkOperations(b *testing.B) {
	for _, c := range []struct{ name, source string }{
		{"coroutine switch and back", `local co = coroutine.wrap(function() while true do coroutine.yield() end end); return co`},
		{"coroutine, made and run", `local function f() end; return function() coroutine.wrap(f)() end`},
		{"pcall", `local function f() end; return function() pcall(f) end`},
		{"pcall of an error", `return function() pcall(error) end`},
		{"string.format", `return function() return ("%d %s"):format(42, "text") end`},
		{"match", `return function() return ("key = value"):match("^(%w+)%s*=%s*(%w+)$") end`},
	} {
		b.Run(c.name, func(b *testing.B) { benchmarkLoop(b, c.source) })
	}
}

// benchmarkLoop calls the function that source returns.
func benchmarkLoop(b *testing.B, source string) {
	m := vm.New(vm.Options{})
	defer m.Close()
	fn, err := m.Load("bench", fmt.Sprintf("local f = (function() %s end)(); return function(n) for _ = 1, n do f() end end", source))
	if err != nil {
		b.Fatal(err)
	}
	m.Main().Lock()
	loop, err := m.Main().Call(fn)
	if err != nil {
		b.Fatal(err)
	}
	const calls = 1000
	for b.Loop() {
		if _, err := m.Main().Call(loop[0], lua.LNumber(calls)); err != nil {
			b.Fatal(err)
		}
	}
	m.Main().Unlock()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/calls, "ns/call")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkNewThread(b *testing.B) {
	m := vm.New(vm.Options{})
	defer m.Close()
	b.ReportAllocs()
	for b.Loop() {
		m.NewThread(nil)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		vm.New(vm.Options{}).Close()
	}
}
