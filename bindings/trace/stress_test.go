package trace_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"lunawire/bindings/record"
)

const talkOf50 = `
local sockets, tasks = {}, {}
for i = 1, 50 do
  sockets[i] = udp.socket()
  sockets[i]:bind("127.0.0.1", 0)
end
for i = 1, 50, 2 do
  tasks[#tasks + 1] = task.spawn(function()
    local one, other = sockets[i], sockets[i + 1]
    local to, data = other:getsockname(), ("x"):rep(200)
    for _ = 1, tonumber(arg[1]) do
      one:sendto(data, to)
      other:recvfrom(1024)
    end
  end)
end
for _, t in ipairs(tasks) do t:join() end
`

// liveHeap is what is in use after a collection.
func liveHeap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestAHundredThousandEventsOfFiftySocketsStayWithinTheLimit(t *testing.T) {
	rt, out := newRuntime(t)
	prompt := rt.NewPrompt()
	before := liveHeap()
	if _, err := prompt.Eval(context.Background(), "trace.on{names={'close'}}"); err != nil {
		t.Fatal(err)
	}
	play(t, rt, "talk.lua", talkOf50, "2000") // two calls each, in 25 tasks
	grown := liveHeap() - before

	// The ring holds events and their data, each up to its limit; the rest of the
	// program, with 50 sockets and the views, has a quarter of that.
	limit := int64(record.DefaultEvents)*int64(unsafe.Sizeof(record.Event{})+32) + record.DefaultBytes
	if limit += limit / 4; grown > limit {
		t.Errorf("the heap has grown by %d bytes, want at most %d", grown, limit)
	}
	timeline := rt.Timeline()
	if got := timeline.Last(); got < 100_000 {
		t.Errorf("got %d events, want 100000", got)
	}
	kept := timeline.Recording(record.Filter{})
	if got := uint64(len(kept.Events)) + kept.Dropped; got != timeline.Last() {
		t.Errorf("%d events are kept and %d told to be dropped, want %d together", len(kept.Events), kept.Dropped, timeline.Last())
	}
	said := len(out.String())
	if _, err := prompt.Eval(context.Background(), "trace.off() trace.ladder()"); err != nil {
		t.Fatal(rt.Describe(err).Text())
	}
	if drawn := out.String()[said:]; !strings.Contains(drawn, "earlier events were dropped") || strings.Count(drawn, "sendto") < len(kept.Events)/3 {
		t.Errorf("the ladder has %d rows of sendto and ends with\n%s", strings.Count(drawn, "sendto"), drawn[max(0, len(drawn)-500):])
	}
	t.Logf("heap grown by %.1f MiB, limit %.1f MiB, %d events, %d dropped", float64(grown)/(1<<20), float64(limit)/(1<<20), timeline.Last(), kept.Dropped)
}
