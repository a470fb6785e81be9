package all_test

import (
	"context"
	"strconv"
	"testing"

	"lunawire/bindings"
)

// benchmark runs a script that does its work arg[1] times. What is timed lies
// between its calls of timer.started and timer.stopped, or is all of it.
func benchmark(b *testing.B, source string) {
	out := &sink{}
	timer := bindings.Module{Name: "timer", Doc: "The clock of the benchmark.", Funcs: []bindings.Func{
		{Name: "started", Doc: "Starts the clock.", Go: b.ResetTimer},
		{Name: "stopped", Doc: "Stops the clock.", Go: b.StopTimer},
	}}
	rt := newRuntime(b, out, bindings.Config{Plugins: []bindings.Plugin{timer}})
	defer rt.Close()
	b.ReportAllocs()
	b.ResetTimer()
	if err := rt.Run(context.Background(), "bench.lua", "local n = tonumber(arg[1])\n"+source, strconv.Itoa(b.N)); err != nil {
		b.Fatal(rt.Describe(err).Text())
	}
}

func BenchmarkUDPOneTask(b *testing.B) {
	benchmark(b, `
local s = udp.socket() s:bind("127.0.0.1", 0)
local msg, to = ("x"):rep(64), s:getsockname()
for i = 1, n do s:sendto(msg, to) s:recvfrom(2048) end`)
}

func BenchmarkUDPTwoTasks(b *testing.B) {
	benchmark(b, `
local one, two = udp.socket(), udp.socket() one:bind("127.0.0.1", 0) two:bind("127.0.0.1", 0)
task.spawn(function() for i = 1, n do local data, from = two:recvfrom(2048) two:sendto(data, from) end end)
local msg, to = ("x"):rep(64), two:getsockname()
for i = 1, n do one:sendto(msg, to) one:recvfrom(2048) end`)
}

func BenchmarkTCPTwoTasks(b *testing.B) {
	benchmark(b, `
local l = tcp.listen("127.0.0.1", 0)
task.spawn(function() local c = l:accept() for i = 1, n do c:send(c:recv(64)) end end)
local c, msg = tcp.connect(l:getsockname()), ("x"):rep(64)
for i = 1, n do c:send(msg) c:recv(64) end`)
}

func BenchmarkConnectAcceptClose(b *testing.B) {
	benchmark(b, `
local l = tcp.listen("127.0.0.1", 0)
for i = 1, n do
  local c = tcp.socket() c:connect(l:getsockname())
  local s = l:accept() s:close() c:close()
end`)
}

// BenchmarkOpenSockets shows whether a call costs more when many sockets are
// open, or many tasks wait: a task sends to itself beside them.
func BenchmarkOpenSockets(b *testing.B) {
	most := many(b)
	for _, n := range []int{1, 100, most} {
		b.Run("open "+strconv.Itoa(n), func(b *testing.B) {
			beside(b, n, `for i = 1, others do idle[i] = udp.socket() end`)
		})
		b.Run("waiting "+strconv.Itoa(n), func(b *testing.B) {
			beside(b, n, `
for i = 1, others do
  idle[i] = udp.socket()
  idle[i]:bind("127.0.0.1", 0)
  task.spawn(function() idle[i]:recv(10) end)
end
task.sleep(0.1)`)
		})
	}
}

func beside(b *testing.B, others int, open string) {
	benchmark(b, "local idle, others = {}, "+strconv.Itoa(others)+"\n"+open+`
local s = udp.socket() s:bind("127.0.0.1", 0)
local message, to = ("x"):rep(64), s:getsockname()
timer.started()
for i = 1, n do s:sendto(message, to) s:recvfrom(2048) end
timer.stopped()
for _, t in ipairs(task.list()) do t:cancel() end`)
}
