package scripts_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// long asks for the loads in their full size; without it they are as heavy as
// a test that is run all the time may be.
var long = os.Getenv("LUNAWIRE_LONG") != ""

// sized is how much of a load a run takes.
func sized(short, full int) int {
	if long {
		return full
	}
	return short
}

// echoServer is tcp.serve in a process of its own; it tells its port, and at a
// line of input how many connections it had open at once.
const echoServer = `
local open, most = 0, 0
local server = tcp.serve("127.0.0.1:0", function(conn)
  open = open + 1
  most = math.max(most, open)
  while true do
    local data = conn:recv(1024)
    if not data then break end
    conn:send(data)
  end
  open = open - 1
end, {backlog=4096})
print("port " .. server:getsockname().port .. ".")
input()
print("at once: " .. most .. ", open: " .. open)
server:close()
`

// crowd opens arg[2] connections, says something on each, then closes them.
const crowd = `
local n, list = tonumber(arg[2]), {}
for i = 1, n do list[i] = tcp.connect("127.0.0.1", tonumber(arg[1])) end
for i = 1, n do list[i]:send("number " .. i) end
for i = 1, n do
  local want = "number " .. i
  local got = list[i]:recvexact(#want)
  if got ~= want then error(("got %s, want %s"):format(got, want)) end
end
for i = 1, n do list[i]:shutdown("write") end
for i = 1, n do assert(list[i]:recv(1) == nil) list[i]:close() end
print("echoed " .. n)
`

// portIn waits for "port N." and returns N.
func portIn(p *process) string {
	p.t.Helper()
	p.expect("port ")
	return strings.TrimSuffix(p.expect("."), ".")
}

func TestServeHoldsThousandsOfConnectionsAtOnce(t *testing.T) {
	t.Parallel()
	n := sized(1000, 10_000)
	server := lunawire(t, "-e", echoServer)
	out := lunawire(t, "-e", crowd, portIn(server), strconv.Itoa(n)).succeeds()
	if want := fmt.Sprintf("echoed %d\n", n); out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	server.enter("")
	contains(t, server.succeeds(), fmt.Sprintf("at once: %d, open: 0\n", n))
}

func TestTwentyClientsGetTheSameFileAtOnce(t *testing.T) {
	t.Parallel()
	folder, size := t.TempDir(), int64(sized(4<<20, 52<<20)) // 20 of them are 80 MiB, or a GiB
	want := randomFile(t, filepath.Join(folder, "big"), size)
	server, port := fileServer(t, folder)
	var all sync.WaitGroup
	for range 20 {
		c := dial(t, port)
		all.Go(func() {
			h := sha256.New()
			_, askErr := io.WriteString(c, "big")
			n, err := io.Copy(h, c)
			if got := fmt.Sprintf("%x", h.Sum(nil)); got != want || errors.Join(askErr, err) != nil {
				t.Errorf("got %d bytes with checksum %s, %v; want %d with %s", n, got, errors.Join(askErr, err), size, want)
			}
		})
	}
	all.Wait()
	for range 20 {
		server.expect("下载完成\n")
	}
}

// flood sends arg[1] datagrams to a task that reads them when it can, and
// compares the lost ones with what the kernel says it dropped at that socket.
const flood = `
local n, got = tonumber(arg[1]), 0
local r = udp.socket() r:bind("127.0.0.1", 0)
local s = udp.socket() s:connect(r:getsockname())
local done = false
local reader = task.spawn(function()
  while true do
    local data = r:recv(100, {timeout = done and 0 or nil})
    if not data then return true end
    if data ~= "end" then got = got + 1 end
  end
end)
for i = 1, n do s:send("datagram " .. i) end
done = true
repeat s:send("end") until reader:join{timeout=0.01}   -- it may wait without a timeout, and "end" may be lost
local dropped
for line in io.lines("/proc/net/udp") do
  if line:find((":%04X 00000000:0000"):format(r:getsockname().port), 1, true) then dropped = tonumber(line:match("(%d+)%s*$")) end
end
print(("sent %d, got %d, lost %d, dropped %d"):format(n, got, n - got, dropped))
`

func TestAFloodOfDatagramsLosesJustWhatTheKernelDrops(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/net/udp"); err != nil {
		t.Skipf("nothing tells what was dropped: %v", err)
	}
	n := sized(30_000, 1_000_000)
	out := lunawire(t, "-e", flood, strconv.Itoa(n)).succeeds()
	var sent, got, lost, dropped int
	if _, err := fmt.Sscanf(out, "sent %d, got %d, lost %d, dropped %d\n", &sent, &got, &lost, &dropped); err != nil {
		t.Fatalf("got %q: %v", out, err)
	}
	t.Log(out)
	if sent != n || lost < 0 || lost > dropped {
		t.Errorf("got %q, want %d sent and no more lost than the kernel dropped", out, n)
	}
}

func TestAServerWithoutDescriptorsSaysSoAndGoesOnWhenSomeAreFreed(t *testing.T) {
	t.Parallel()
	server := start(t, "sh", "-c", `ulimit -n 40 && exec "$0" -e "$1"`, os.Getenv(programVariable), echoServer)
	port := portIn(server)
	var held []net.Conn
	for range 60 { // the kernel completes more than the server can take
		held = append(held, dial(t, port))
	}
	server.expect("tcp.serve: accept: too many open files (EMFILE)\n  hint: too many sockets and files are open in this program; close some, or raise ulimit -n\n")
	for _, c := range held {
		c.Close()
	}
	c := dial(t, port)
	if _, err := io.WriteString(c, "hello"); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 5)
	if _, err := io.ReadFull(c, answer); err != nil || string(answer) != "hello" {
		t.Errorf("got %q, %v, want the echo", answer, err)
	}
}
