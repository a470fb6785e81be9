package ladder

import (
	"io"
	"testing"

	"lunawire/bindings/record"
)

func TestLiveLadderForgetsWhatIsLongGone(t *testing.T) {
	tl := record.New(record.Options{})
	live := NewLive(io.Discard, Options{})
	sender := tl.Open(record.Opening{Network: record.UDP})
	before := uint64(0)
	for range 4000 {
		a, b := tl.OpenPair(record.Opening{Network: record.UnixStream})
		tl.Call(&record.Call{Socket: a, Name: "send", Flow: record.Sent, Data: "x"})
		tl.Call(&record.Call{Socket: b, Name: "close"})
		tl.Call(&record.Call{Socket: a, Name: "close"})
		tl.Call(&record.Call{Socket: sender, Name: "sendto", Flow: record.Sent, Data: "nobody"})
		if tl.Last()-before < 1000 {
			continue
		}
		events, _ := tl.Since(before)
		before = tl.Last()
		live.Add(events)
		if err := live.Flush(tl.Now()); err != nil {
			t.Fatal(err)
		}
	}
	m := live.matcher
	for _, c := range []struct {
		what      string
		kept, max int
	}{
		{"ends", len(m.ends), 2*maxClosed + 600}, // those of the latest 1,000 events may be open
		{"order", len(m.order), 2*maxClosed + 600},
		{"closed", len(m.gone), 2 * maxClosed},
		{"steps", len(m.steps), 2*maxDistance + 1},
		{"datagrams", len(m.datagrams), maxUnreceived},
		{"placed", len(live.placed), maxLanes + 1},
	} {
		if c.kept > c.max {
			t.Errorf("%s: got %d kept after 8,000 sockets, want at most %d", c.what, c.kept, c.max)
		}
	}
}

// fullRing is a timeline at its limit: 50 sockets that talk in pairs.
func fullRing() *record.Timeline {
	tl := record.New(record.Options{})
	var ends []*record.Socket
	for range 25 {
		a, b := tl.OpenPair(record.Opening{Network: record.UnixStream})
		ends = append(ends, a, b)
	}
	for i := range 100_000 {
		c := record.Call{Socket: ends[i%50], Name: "send", Flow: record.Sent, Data: "0123456789"}
		if i%100 >= 50 {
			c = record.Call{Socket: ends[(i%50)^1], Name: "recv", Flow: record.Received, Data: "0123456789"}
		}
		tl.Call(&c)
	}
	return tl
}

func BenchmarkTextOfAFullRing(b *testing.B) {
	rec := fullRing().Recording(record.Filter{})
	for b.Loop() {
		if err := Text(io.Discard, rec, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(rec.Events)), "events")
}
