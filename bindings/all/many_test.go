package all_test

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"lunawire/bindings"
)

// many is how many tasks are blocked at once, within the limit of
// descriptors of the machine.
func many(t testing.TB) int {
	t.Helper()
	n := 9000
	if testing.Short() || raceDetector {
		n = 1000
	}
	if limit := descriptorLimit(); limit < n+100 {
		n = limit - 100
	}
	return n
}

// openDescriptors counts what this process has open.
func openDescriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("/proc/self/fd is not here")
	}
	return len(list)
}

func TestThousandsOfTasksWaitAreWokenAndLeaveNothing(t *testing.T) {
	n := many(t)
	descriptors, goroutines := openDescriptors(t), runtime.NumGoroutine()
	out := &sink{}
	rt := newRuntime(t, out, bindings.Config{})
	start := time.Now()
	err := rt.Run(context.Background(), "many.lua", `
local n = tonumber(arg[1])
local woken, sockets, ready = 0, {}, task.queue()
for i = 1, n do
  local s = udp.socket()
  s:bind("127.0.0.1", 0)
  sockets[i] = s
  task.spawn(function()
    ready:put(i)
    s:recv(10)
    woken = woken + 1
    s:recv(10)   -- and waits again, until the run ends
  end)
end
for i = 1, n do ready:get() end
local c = udp.socket()
for i = 1, n do c:sendto("wake", sockets[i]:getsockname()) end
while woken < n do task.sleep(0.001) end
print(woken, #task.list())
for _, t in ipairs(task.list()) do t:cancel() end
`, strconv.Itoa(n))
	if err != nil {
		t.Fatal(rt.Describe(err).Text())
	}
	rt.Close()
	if want := strconv.Itoa(n) + "\t" + strconv.Itoa(n) + "\n"; out.String() != want {
		t.Errorf("got %q, want %q", out, want)
	}
	t.Logf("%d tasks: %v", n, time.Since(start))
	if got := openDescriptors(t); got > descriptors {
		t.Errorf("got %d descriptors after Close, want %d", got, descriptors)
	}
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > goroutines; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("got %d goroutines after Close, want %d", runtime.NumGoroutine(), goroutines)
		}
	}
}
