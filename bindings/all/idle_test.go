package all_test

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"lunawire/bindings"
)

// resident is the memory of this process that is in RAM, in bytes.
func resident(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		b.Fatal(err)
	}
	return float64(pages * os.Getpagesize())
}

// BenchmarkIdleTask tells what a task that is blocked in recv costs, its socket
// included: resident memory, and of that the heap and the stack.
//
//	go test ./bindings/all -run xxx -bench IdleTask -benchtime 1x
func BenchmarkIdleTask(b *testing.B) {
	n := many(b)
	out := &sink{}
	rt := newRuntime(b, out, bindings.Config{})
	defer rt.Close()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := resident(b)
	run := make(chan error, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		run <- rt.Run(ctx, "idle.lua", `
local n, ready = tonumber(arg[1]), task.queue()
for i = 1, n do
  local s = udp.socket()
  s:bind("127.0.0.1", 0)
  task.spawn(function()
    ready:put(i)
    s:recv(10)
  end)
end
for i = 1, n do ready:get() end
print("ready")
`, strconv.Itoa(n))
	}()
	for !strings.Contains(out.String(), "ready") {
		runtime.Gosched()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	perTask := func(bytes float64) float64 { return bytes / float64(n) }
	b.ReportMetric(perTask(resident(b)-start), "resident-B/task")
	b.ReportMetric(perTask(float64(after.HeapInuse)-float64(before.HeapInuse)), "heap-B/task")
	b.ReportMetric(perTask(float64(after.StackInuse)-float64(before.StackInuse)), "stack-B/task")
	b.ReportMetric(0, "ns/op")
	cancel()
	<-run
}
