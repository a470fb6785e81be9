package socket_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"lunawire/bindings"
	"lunawire/bindings/record"
	"lunawire/bindings/socket"
	"lunawire/bindings/task"
	"lunawire/bindings/tcp"
	"lunawire/bindings/udp"
)

// run runs a script and returns what it printed; its error, if any, follows.
func run(t *testing.T, source string) string {
	t.Helper()
	var out bytes.Buffer
	sockets := socket.New()
	rt, err := bindings.New(bindings.Config{
		Plugins: []bindings.Plugin{sockets, sockets.Globals(), udp.New(sockets), tcp.New(sockets), task.Plugin{}},
		Stdin:   strings.NewReader(""), Stdout: &out, Stderr: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Run(context.Background(), "test.lua", source); err != nil {
		out.WriteString(rt.Describe(err).Text())
	}
	return out.String()
}

// A lesson is a script and what it prints.
type lesson struct{ name, code, want string }

func teach(t *testing.T, lessons []lesson) {
	t.Helper()
	for _, l := range lessons {
		t.Run(l.name, func(t *testing.T) {
			if got := run(t, l.code); got != l.want {
				t.Errorf("got  %q\nwant %q\nfor  %s", got, l.want, l.code)
			}
		})
	}
}

func TestAddressesGoInEveryForm(t *testing.T) {
	teach(t, []lesson{
		{"all forms reach the same place", `
local s = udp.socket() s:bind("127.0.0.1", 0)
local a = s:getsockname()
local c = udp.socket()
c:sendto("1", "127.0.0.1", a.port)
c:sendto("2", {"127.0.0.1", a.port})
c:sendto("3", "127.0.0.1:" .. a.port)
c:sendto("4", a)
c:sendto("5", "127.0.0.1", tostring(a.port))
c:sendto("6", "localhost", a.port)
c:sendto("7", a, {timeout=1})
local got = ""
for i = 1, 7 do got = got .. s:recv(10) end
print(got)`, "1234567\n"},
		{"an address is one value", `
local s = udp.socket() s:bind("127.0.0.1", 0)
local seen = {[s:getsockname()] = "here"}
s:sendto("x", s:getsockname())
local _, from = s:recvfrom(1)
collectgarbage()
print(seen[from], from == s:getsockname(), from.host, from[1], from[2] == from.port, from.family == socket.AF_INET)`,
			"here\ttrue\t127.0.0.1\t127.0.0.1\ttrue\ttrue\n"},
		{"ipv6", `
local l = tcp.listen("[::1]:0")
local c = tcp.connect({"::1", l:getsockname().port})
print(c:getpeername() == l:getsockname(), c:getpeername().host)`, "true\t::1\n"},
		{"wildcards", `
local s = udp.socket() s:bind("", 0) print(s:getsockname().host)
s = udp.socket() s:bind("*", 0) print(s:getsockname().host)
s = udp.socket("inet6") s:bind("", 0) print(s:getsockname().host)`, "0.0.0.0\n0.0.0.0\n::\n"},
	})
}

func TestMistakesInAddressesAreTold(t *testing.T) {
	for code, want := range map[string]string{
		`s:bind("127.0.0.1")`:                                     "port: missing",
		`s:bind("127.0.0.1", 70000)`:                              "port: a whole number from 0 to 65535 expected, got 70000",
		`s:bind("127.0.0.1", -1)`:                                 "port: a whole number",
		`s:bind("127.0.0.1", 1.5)`:                                "port: a whole number",
		`s:bind("127.0.0.1", {})`:                                 "usage: s:bind(host, port?) (",
		`s:bind(nil)`:                                             "host: a string, an address or a table {host, port} expected, got nil",
		`s:bind({})`:                                              "host: an address expected",
		`s:bind("127.0.0.1", "nosuchservice")`:                    "EAI_SERVICE",
		`s:bind("::1", 0)`:                                        "EAFNOSUPPORT",
		`s:bind("192.0.2.1", 0)`:                                  "EADDRNOTAVAIL",
		`udp.socket("inte6")`:                                     "family: \"inet\", \"inet6\" or \"unix\" expected",
		`socket.socket(99)`:                                       "family: socket.AF_INET, AF_INET6 or AF_UNIX expected, got 99",
		`socket.socket(socket.AF_INET, 77)`:                       "type: socket.SOCK_STREAM or SOCK_DGRAM expected, got 77",
		`s:setsockopt("SO_REUSEADR", 1)`:                          "did you mean SO_REUSEADDR",
		`s:setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, true)`: "SO_LINGER takes {onoff, seconds}",
		`s:shutdown("sideways")`:                                  "how: \"read\", \"write\", \"both\"",
	} {
		if got := run(t, "local s = udp.socket()\n"+code); !strings.Contains(got, want) {
			t.Errorf("got  %q\nwant %q\nfor  %s", got, want, code)
		}
	}
}

func TestFailuresSayWhatAndWhatToDo(t *testing.T) {
	for _, c := range []struct{ code, message, hint string }{
		{`local s = udp.socket() s:bind("127.0.0.1", 0) tcp.connect(s:getsockname())`, "(ECONNREFUSED)", "nothing listens"},
		{`local l = tcp.listen("127.0.0.1", 0) local s = tcp.socket() s:bind(l:getsockname())`, "(EADDRINUSE)", "a socket of this program"},
		{`local s = tcp.socket() s:send("x")`, "send: ", ""},
		{`local s = udp.socket() s:send("x")`, "(EDESTADDRREQ)", "use sendto"},
		{`local s = udp.socket() s:getpeername()`, "(ENOTCONN)", "connect the socket first"},
		{`local s = udp.socket() s:sendto("x", "255.255.255.255", 9)`, "(EACCES)", "SO_BROADCAST"},
		{`local s = udp.socket() s:sendto(("x"):rep(65508), "127.0.0.1", 9)`, "(EMSGSIZE)", "65507"},
		{`local s = udp.socket() s:listen(1)`, "(EOPNOTSUPP)", "SOCK_STREAM"},
		{`local s = tcp.socket() s:accept()`, "(EINVAL)", "listen first"},
		{`local s = tcp.socket() s:close() s:recv(1)`, "(EBADF)", "closed"},
		{`tcp.connect("host.invalid", 80)`, "(EAI_", ""},
		{`local s = udp.socket() s:bind("127.0.0.1", 0) s:recvexact(1)`, "recvexact is for streams", ""},
		{`local l = tcp.listen("127.0.0.1", 0, {backlog=0}) for i = 1, 9 do tcp.connect(l:getsockname(), {timeout=0.05}) end`, "(ETIMEDOUT)", "nobody answered"},
	} {
		got := run(t, c.code)
		if !strings.Contains(got, c.message) || !strings.Contains(got, c.hint) {
			t.Errorf("got  %q\nwant %q, %q\nfor  %s", got, c.message, c.hint, c.code)
		}
	}
}

func TestStreamsAreReadInPartsWithoutLoss(t *testing.T) {
	teach(t, []lesson{
		{"lines", `local a, b = socket.socketpair() a:send("one\r\ntwo\nrest") a:close()
print(b:recvline(), b:recvline(), b:recvline(), (b:recvline()))`, "one\ttwo\trest\tnil\n"},
		{"a timeout in the middle", `local a, b = socket.socketpair() a:send("hel")
print(b:recvexact(5, {timeout=0.01})) a:send("lo") print(b:recvexact(5))`, "nil\ttimeout\nhello\n"},
		{"a cancel in the middle", `local a, b = socket.socketpair() a:send("hel")
local t = task.spawn(function() b:recvuntil("!") end)
while t:state() ~= "waiting in s:recvuntil" do task.sleep(0) end
t:cancel() pcall(t.join, t) a:send("lo!") print(b:recvuntil("!"))`, "hello!\n"},
		{"the end before n", `local a, b = socket.socketpair() a:send("abc") a:close()
print(b:recvexact(5)) print(b:recv(2), b:recvall())`, "nil\tclosed\nab\tc\n"},
		{"too long", `local a, b = socket.socketpair() a:send(("x"):rep(100))
local ok, err = pcall(b.recvline, b, 50) print(ok, err.code, #b:recv(1000))`, "false\tEMSGSIZE\t100\n"},
		{"peek at what is pending", `local a, b = socket.socketpair() a:send("1\n2\n")
b:recvline() print(b:recv(1, socket.MSG_PEEK), b:recv(1))`, "2\t2\n"},
		{"select sees what is pending", `local a, b = socket.socketpair() a:send("1\n2\n") b:recvline()
print(#socket.select({b}, nil, 0))`, "1\n"},
		{"huge sizes", `local a, b = socket.socketpair() a:send("x") print(b:recv(2^40))
print(pcall(b.recv, b, -1))`, "x\nfalse\tusage: s:recv(n, flags?, opts?) (n: 0 or more expected, got -1)\n"},
	})
}

func TestOutcomesAreReturnedAndFailuresRaised(t *testing.T) {
	teach(t, []lesson{
		{"timeouts of reading calls", `local s = udp.socket() s:bind("127.0.0.1", 0) s:settimeout(0)
print(s:recvfrom(1)) print(s:recv(1, {timeout=0.001}))
local l = tcp.listen("127.0.0.1", 0) print(l:accept({timeout=0}))
local r, w, why = socket.select({s}, nil, 0) print(#r, #w, why)`, "nil\ttimeout\nnil\ttimeout\nnil\ttimeout\n0\t0\ttimeout\n"},
		{"a reset is no end", `local l = tcp.listen("127.0.0.1", 0) local c = tcp.connect(l:getsockname()) local s = l:accept()
s:setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, {1, 0}) s:close()
print(select(2, pcall(c.recv, c, 1)).code) print(c:recv(1))`, "ECONNRESET\nnil\tclosed\n"},
		{"a full buffer under settimeout(0)", `local a, b = socket.socketpair() a:settimeout(0)
local sent = 0
while true do
  local ok, n = pcall(a.send, a, ("x"):rep(100000))
  if not ok then print(n.code, n.sent) break end
  sent = sent + n
end
b:settimeout(0) local got = 0
while true do local data = b:recv(1000000) if not data then break end got = got + #data end
print(got == sent)`, "EAGAIN\t0\ntrue\n"},
		{"an empty datagram", `local s = udp.socket() s:bind("127.0.0.1", 0) s:sendto("", s:getsockname()) print(#s:recvfrom(10))`, "0\n"},
		{"truncation", `local s = udp.socket() s:bind("127.0.0.1", 0) s:sendto("12345", s:getsockname())
local data, _, cut = s:recvfrom(2) print(data, cut)`, "12\ttruncated\n"},
	})
}

func TestSocketsBelongToTheirTask(t *testing.T) {
	teach(t, []lesson{
		{"a failed task's sockets are closed", `local s
local t = task.spawn(function() s = udp.socket() error("no") end) pcall(t.join, t)
print(s, #sockets())`, "<udp closed>\t0\n"},
		{"a normal end keeps them", `local t = task.spawn(function() return udp.socket() end)
local s = t:join() print(#sockets(), sockets()[1] == s)`, "1\ttrue\n"},
		{"serve closes a connection after its handler", `
local server = tcp.serve("127.0.0.1:0", function(conn, addr) conn:send("hello " .. addr) end)
local c = tcp.connect(server:getsockname())
print(c:recvall() == "hello " .. c:getsockname()) server:close()`, "true\n"},
		{"with closes on every exit", `
local ok = pcall(with, udp.socket(), function() error("x") end)
print(ok, #sockets(), with(udp.socket(), function() return 1, nil, 3 end))
print(#sockets())`, "false\t0\t1\tnil\t3\n0\n"},
	})
}

func TestServeOutlivesAHandlerThatFails(t *testing.T) {
	got := run(t, `
local first = true
local server = tcp.serve("127.0.0.1:0", function(conn)
  if first then first = false error("broken") end
  conn:send("ok")
end)
tcp.connect(server:getsockname()):recvall()
print(tcp.connect(server:getsockname()):recvall())
server:close()`)
	if !strings.Contains(got, "broken") || !strings.Contains(got, "ok\n") {
		t.Errorf("got %q", got)
	}
}

func TestTheTimelineHasEverySystemCall(t *testing.T) {
	var out bytes.Buffer
	sockets := socket.New()
	rt, err := bindings.New(bindings.Config{Plugins: []bindings.Plugin{sockets, udp.New(sockets), tcp.New(sockets), task.Plugin{}},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	err = rt.Run(context.Background(), "test.lua", `
local l = tcp.socket() l:bind("127.0.0.1", 0) l:listen(10)
local c = tcp.socket() c:connect(l:getsockname())
local s = l:accept()
c:send("one\n") s:recvline() c:close() s:recv(1) s:close()`)
	if err != nil {
		t.Fatal(rt.Describe(err).Text())
	}
	var calls []string
	events, missed := rt.Timeline().Since(0)
	for _, e := range events {
		if e.Kind == record.CallMade {
			calls = append(calls, e.Name)
		}
	}
	want := "bind listen getsockname connect accept send recv close recv close"
	if got := strings.Join(calls, " "); got != want || missed != 0 {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAServerDoesNotOutliveARunThatIsStopped(t *testing.T) {
	for range 20 {
		var out bytes.Buffer
		sockets := socket.New()
		rt, err := bindings.New(bindings.Config{Plugins: []bindings.Plugin{sockets, tcp.New(sockets), task.Plugin{}},
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out})
		if err != nil {
			t.Fatal(err)
		}
		// Connections come in all the time, also while the script fails.
		err = rt.Run(context.Background(), "test.lua", `
local server = tcp.serve("127.0.0.1:0", function(conn) conn:recv(1) end)
task.spawn(function() while true do tcp.connect(server:getsockname()) end end)
task.sleep(0.002)
error("the end", 0)`)
		rt.Close()
		if err == nil {
			t.Fatal("got no error")
		}
	}
}
