package all_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"lunawire/bindings"
	"lunawire/bindings/all"
)

// benchmark runs a script that does its work arg[1] times.
func benchmark(b *testing.B, source string) {
	out := &sink{}
	rt, err := bindings.New(bindings.Config{Plugins: all.Plugins(), Stdin: strings.NewReader(""), Stdout: out, Stderr: out})
	if err != nil {
		b.Fatal(err)
	}
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
