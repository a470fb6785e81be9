package all_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/all"
)

// A dice makes decisions out of the bytes of a fuzzer; at their end all of
// them are 0.
type dice struct{ data []byte }

func (d *dice) next() int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b)
}

func (d *dice) below(n int) int { return d.next() % n }

// text is a string of the input. A separator of folders is not among its
// bytes, so that no name leads out of the folder of the test.
func (d *dice) text() string {
	n := min(d.next()%40, len(d.data))
	s := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' {
			return '_'
		}
		return r
	}, latin1(d.data[:n]))
	d.data = d.data[n:]
	return s
}

// latin1 makes a character of each byte, so that Map sees bytes.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// quoted writes such a string as Lua reads it, each character a byte.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		fmt.Fprintf(&b, `\%03d`, r)
	}
	b.WriteByte('"')
	return b.String()
}

// plainValues are arguments of every Lua type, with what their makers get
// wrong most easily.
var plainValues = []string{
	"nil", "true", "false", "0", "1", "-1", "2", "7", "1024", "0.5", "-0.0", "65535", "65536", "2^31", "-2^31", "2^32", "2^40", "2^53", "2^63", "-2^63", "1e308",
	"math.huge", "-math.huge", "0/0", `""`, `"a"`, `"1"`, `"0x10"`, `"-1"`, `"nan"`, `"127.0.0.1"`, `"127.0.0.1:0"`, `"::1"`, `"[::1]:0"`, `"*"`, `"<broadcast>"`, `"localhost"`,
	`"no.such.host.invalid"`, `"%s%d%q"`, `("x"):rep(70000)`, `"\0\255\254"`, `"你好"`, `"gbk"`, `"utf-8"`, `"utf-16"`, `"strict"`, `"replace"`, `"ignore"`, `"r"`, `"w"`, `"a+"`, `"file"`, `"new"`, `"folder"`,
	`"."`, `".."`, `"write"`, `"both"`, `"inet6"`, `"unix"`, `"SOL_SOCKET"`, `"SO_RCVBUF"`, `"all"`, `"out.svg"`, `"out.html"`, `"out.json"`, `"> i8 z s4"`, `"!16 c9 Xi16"`,
	"socket.AF_INET", "socket.AF_INET6", "socket.AF_UNIX", "socket.SOCK_STREAM", "socket.SOCK_DGRAM", "socket.SOL_SOCKET", "socket.SO_LINGER", "socket.SO_RCVBUF",
	"socket.SO_RCVTIMEO", "socket.IPPROTO_TCP", "socket.IPPROTO_IP", "socket.TCP_NODELAY", "socket.MSG_PEEK", "socket.MSG_OOB", "socket.MSG_DONTWAIT", "socket.MSG_TRUNC",
	"{}", "{1, 2, 3}", `{"127.0.0.1", 0}`, "{timeout=0}", "{timeout=0.001}", "{timeout=-1}", "{timeout=0/0}", "{timeout=math.huge}", "{1, nil, 3}", "{[0]=0, [-1]=1, [2^53]=2}",
	`{flags=2^40}`, `{source="127.0.0.1:0"}`, "{1, 0}", "{sockets={1}}", "{width=1}", "_G", "cyclic", "deep", "strange", "print", "error", "coroutine.yield", "recursive",
	"function(...) return ... end", "function() error({}) end", "function() while true do end end", "coroutine.create(print)", "io.stdout",
}

// liveValues are values of ours, fresh for each program; the names are those
// of the prelude.
var liveValues = strings.Fields("u l c conn a b unix closed server addr decoder dir file shut ended waiting queue full bar failure")

// value writes an expression.
func (d *dice) value(depth int) string {
	switch kind := d.below(16); {
	case kind < 6:
		return plainValues[d.below(len(plainValues))]
	case kind < 10:
		return "v." + liveValues[d.below(len(liveValues))]
	case kind < 12:
		return "r[" + strconv.Itoa(d.below(12)) + "]"
	case kind == 12:
		return quoted(d.text())
	case kind == 13:
		bits := uint64(0)
		for range 8 {
			bits = bits<<8 | uint64(d.next())
		}
		f := math.Float64frombits(bits)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return "0/0"
		}
		return "(" + strconv.FormatFloat(f, 'g', -1, 64) + ")"
	case depth > 3:
		return "{}"
	case kind == 14:
		return "{" + d.values(4, depth+1) + "}"
	}
	return "{" + quoted(d.text()) + ", timeout=" + d.value(depth+1) + ", [" + quoted(d.text()) + "]=" + d.value(depth+1) + "}"
}

func (d *dice) values(most, depth int) string {
	list := make([]string, d.below(most+1))
	for i := range list {
		list[i] = d.value(depth)
	}
	return strings.Join(list, ", ")
}

// A callable is a Lua expression of a function, and the live value whose
// method it is, if it is one.
type callable struct{ name, receiver string }

// receivers are the live values of each type.
var receivers = map[string][]string{
	"socket": {"u", "l", "c", "conn", "a", "b", "unix", "closed"}, "address": {"addr"}, "server": {"server"}, "decoder": {"decoder"},
	"dir": {"dir"}, "file": {"file", "shut"}, "task": {"ended", "waiting"}, "queue": {"queue", "full"}, "progress": {"bar"},
}

// libraries are the functions of Lua that take any argument without harm.
// Those that start programs are not among them.
const libraries = `assert collectgarbage dofile error getmetatable ipairs load loadfile loadstring next pairs pcall print rawequal
rawget rawlen rawset require select setmetatable tonumber tostring type unpack xpcall
string.byte string.char string.dump string.find string.format string.gmatch string.gsub string.len string.lower string.match
string.rep string.reverse string.sub string.upper table.concat table.insert table.maxn table.move table.pack table.remove
table.sort table.unpack math.abs math.floor math.fmod math.ldexp math.random math.randomseed math.max math.tointeger
os.clock os.date os.difftime os.exit os.getenv os.remove os.rename os.setlocale os.time os.tmpname
io.close io.input io.lines io.open io.output io.read io.tmpfile io.type io.write
coroutine.create coroutine.isyieldable coroutine.resume coroutine.running coroutine.status coroutine.wrap coroutine.yield
debug.getinfo debug.getlocal debug.getmetatable debug.getupvalue debug.sethook debug.setmetatable debug.traceback
utf8.char utf8.codepoint utf8.codes utf8.len utf8.offset`

// callables is everything that may be called, in the order of a hash of the
// name: a new function does not change what the cases of the corpus mean.
var callables = sync.OnceValue(func() []callable {
	var list []callable
	for _, name := range strings.Fields(libraries) {
		list = append(list, callable{name: name})
	}
	rt, err := bindings.New(bindings.Config{Stdin: strings.NewReader(""), Stdout: &sink{}, Stderr: &sink{}})
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	for _, p := range all.Plugins() {
		m := p.Module(rt)
		prefix := m.Name + "."
		if m.Name == "" {
			prefix = ""
		}
		for _, f := range m.Funcs {
			list = append(list, callable{name: prefix + f.Name})
		}
		for _, row := range m.Types {
			for _, f := range row.Methods {
				for _, receiver := range receivers[row.Name] {
					list = append(list, callable{name: "v." + receiver + "." + f.Name, receiver: "v." + receiver})
				}
			}
		}
	}
	list = append(list, callable{name: "help"}, callable{name: "with"}, callable{name: "input"})
	slices.SortFunc(list, func(a, b callable) int { return int(place(a)) - int(place(b)) })
	return list
})

func place(c callable) uint16 {
	h := fnv.New32a()
	h.Write([]byte(c.name))
	return uint16(h.Sum32() >> 16)
}

// callable chooses one.
func (d *dice) callable() callable {
	list := callables()
	key := uint16(d.next()<<8 | d.next())
	i, _ := slices.BinarySearchFunc(list, key, func(c callable, key uint16) int { return int(place(c)) - int(key) })
	return list[i%len(list)]
}

// program writes the calls that the bytes stand for.
func program(data []byte) string {
	d := &dice{data: data}
	var b strings.Builder
	b.WriteString(prelude)
	for i := 0; i < 12 && len(d.data) > 0; i++ {
		f := d.callable()
		args := d.values(4, 0)
		if f.receiver != "" && d.below(16) > 0 {
			args = strings.TrimSuffix(f.receiver+", "+args, ", ")
		}
		fmt.Fprintf(&b, "r[%d] = call(function() return %s end, function() return %s end)\n", i, f.name, args)
	}
	b.WriteString("finish()\n")
	return b.String()
}

// prelude makes the live values. What it uses later is local: a program may
// break the globals.
const prelude = `
local pcall, select, tostring, find, print, pairs, setmetatable = pcall, select, tostring, string.find, print, pairs, setmetatable
local r, v = {}, {}
v.u = udp.socket() v.u:bind("127.0.0.1", 0)
v.l = tcp.listen("127.0.0.1", 0)
v.c = tcp.connect(v.l:getsockname()) v.conn = v.l:accept()
v.a, v.b = socket.socketpair() v.a:send("some\nlines of data")
v.unix = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
v.closed = tcp.socket() v.closed:close()
v.server = tcp.serve("127.0.0.1:0", function(conn) conn:settimeout(0.001) conn:recv(1) end)
v.addr = v.u:getsockname()
for _, s in pairs{v.u, v.l, v.c, v.conn, v.a, v.b, v.unix} do s:settimeout(0.001) end
v.decoder = text.decoder("gbk")
v.dir = fs.dir(".") v.dir:write("file", "one\ntwo\n") v.file = v.dir:open("file", "a+") v.shut = v.dir:open("file") v.shut:close()
v.ended = task.spawn(function() return 1 end) v.ended:join()
v.waiting = task.spawn(function() task.sleep(0.002) end)
v.queue, v.full = task.queue(), task.queue(1) v.full:put(1)
v.bar = term.progress("bar", 10)
v.failure = select(2, pcall(v.closed.send, v.closed, "x"))
cyclic = {1, timeout=1} cyclic.self = cyclic cyclic[2] = cyclic setmetatable(cyclic, {__index=cyclic})
deep = {} for i = 1, 2000 do deep = {deep} end
strange = setmetatable({}, {__index=error, __tostring=function() return {} end, __len=error, __call=error, __concat=error, __eq=error, __lt=error, __gc=error})
recursive = function(...) return 1 + recursive(...) end
local function outcome(ok, first, ...)
  if not ok then
    local fine, said = pcall(tostring, first)
    if fine and find(said, "internal error", 1, true) then print("BROKEN: " .. said) end
  end
  return first
end
local function call(fn, args)
  local function go() return fn()(args()) end
  return outcome(pcall(go))
end
local server, close = v.server, v.server.close
local function finish() close(server) end
`

// patience is how long what was interrupted may take to end.
const patience = 10 * time.Second

// FuzzBindings calls everything with anything. Nothing may take the program
// with it, go on for ever, or be an error that only its author understands.
func FuzzBindings(f *testing.F) {
	if !inOwnNetwork(f) {
		f.Fuzz(func(*testing.T, []byte) {}) // the cases went the other way
		return
	}
	for i := range 40 { // a few calls of each function, with values in a row
		var seed []byte
		for j := range 12 {
			n := i*12 + j
			seed = append(seed, byte(n*131), byte(n*29), 3, byte(n), byte(n*7), byte(n*3), byte(n*11), byte(n*5), byte(n*13), 1)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		t.Chdir(t.TempDir())
		t.Setenv("TMPDIR", ".")
		source := program(data)
		out := &sink{}
		rt, err := bindings.New(bindings.Config{Plugins: all.Plugins(), Stdin: strings.NewReader("typed\n"), Stdout: out, Stderr: out, Memory: 512 << 20})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		defer cancel()
		inTime(t, source, "the run", func() { err = rt.Run(ctx, "fuzz.lua", source) })
		if err != nil {
			fmt.Fprintln(out, rt.Describe(err).Text())
		}
		if strings.Contains(out.String(), "internal error") {
			t.Errorf("got\n%s\nfrom%s", out, source)
		}
		inTime(t, source, "the prompt", func() {
			if _, err := rt.NewPrompt().Eval(context.Background(), "1 + 1"); err != nil {
				t.Errorf("got %v at the prompt\nafter%s", err, source)
			}
		})
		inTime(t, source, "Close", rt.Close)
	})
}

// inTime ends the process where do does not end: with all its stacks.
func inTime(t *testing.T, source, what string, do func()) {
	stuck := time.AfterFunc(patience, func() {
		stacks := make([]byte, 1<<20)
		fmt.Fprintf(os.Stderr, "%s does not end\n%s\nfrom%s", what, stacks[:runtime.Stack(stacks, true)], source)
		panic(what + " does not end")
	})
	defer stuck.Stop()
	do()
}
