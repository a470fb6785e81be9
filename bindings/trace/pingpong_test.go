package trace_test

import (
	"context"
	"io"
	"strconv"
	"strings"
	"testing"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/bindings/socket"
)

// pingPong is a round trip between two tasks, four calls, as often as arg[1]
// says. prepare makes the sockets ready.
const pingPong = `
local n = tonumber(arg[1])
local one, other = udp.socket(), udp.socket()
one:bind("127.0.0.1", 0)
other:bind("127.0.0.1", 0)
prepare(one, other)
task.spawn(function()
  for i = 1, n do
    local data, from = other:recvfrom(2048)
    other:sendto(data, from)
  end
end)
local data, to = ("x"):rep(64), other:getsockname()
for i = 1, n do
  one:sendto(data, to)
  one:recvfrom(2048)
end`

type module bindings.Module

func (m module) Module(*bindings.Runtime) bindings.Module { return bindings.Module(m) }

// unrecorded is what a program without a timeline would do: nobody is told of
// the calls of a socket.
var unrecorded = module{Doc: "Switches recording off.", Funcs: []bindings.Func{{
	Name: "unrecorded", Params: "sockets...", Doc: "Leaves the calls of sockets off the timeline.",
	Go: func(sockets ...*socket.Socket) {
		for _, s := range sockets {
			s.Raw().Observe(nil)
		}
	},
}}}

// BenchmarkPingPong compares the product as it is with the same without a
// timeline, and with somebody who looks at every call.
func BenchmarkPingPong(b *testing.B) {
	for _, c := range []struct{ name, prepare string }{
		{"not recorded", "prepare = unrecorded"},
		{"recorded", "function prepare() end"},
		{"traced", "function prepare() trace.on() end"},
		{"ladder", "function prepare() trace.ladder{live=true} end"},
	} {
		b.Run(c.name, func(b *testing.B) {
			rt, err := bindings.New(bindings.Config{
				Plugins: append(all.Plugins(), unrecorded), Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
			})
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			b.ReportAllocs()
			b.ResetTimer()
			if err := rt.Run(context.Background(), "pingpong", c.prepare+pingPong, strconv.Itoa(b.N)); err != nil {
				b.Fatal(rt.Describe(err).Text())
			}
		})
	}
}
