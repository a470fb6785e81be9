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
	for range 12000 {
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
	for what, n := range map[string]int{"ends": len(m.ends), "order": len(m.order), "closed": len(m.gone),
		"steps": len(m.steps) / 9, "datagrams": len(m.datagrams) / 4, "placed": len(live.placed)} {
		if n > maxClosed+400 {
			t.Errorf("%s: got %d kept after 24,000 sockets", what, n)
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
