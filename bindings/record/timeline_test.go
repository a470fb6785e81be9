package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"lunawire/bindings/record"
)

// ticker is a clock that moves on by a millisecond each time it is asked.
func ticker() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var mu sync.Mutex
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
}

func addr(s string) record.Addr { return record.InetAddr(netip.MustParseAddrPort(s)) }

var task = record.Task{ID: 1, Name: "main"}

func TestCallsKeepWhatTheyWereTold(t *testing.T) {
	tl := record.New(record.Options{Clock: ticker(), Data: 8})
	s := tl.Open(record.Opening{Task: task, Network: record.UDP, Local: addr("127.0.0.1:5000")})
	start := tl.Start().Add(time.Second)
	tl.Call(&record.Call{Task: task, Socket: s, Name: "sendto", Args: record.Args{record.Data, record.Address},
		Flow: record.Sent, Data: "hello, world", Addr: addr("127.0.0.1:80"), Result: record.Int(12),
		Start: start, End: start.Add(3 * time.Microsecond)})
	events, missed := tl.Since(1)
	if len(events) != 1 || missed != 0 {
		t.Fatalf("got %d events, %d missed; want 1, 0", len(events), missed)
	}
	want := record.Event{Seq: 2, Kind: record.CallMade, At: time.Second, Took: 3 * time.Microsecond, Task: task,
		Socket: 1, Network: record.UDP, Name: "sendto", Args: record.Args{record.Data, record.Address},
		Result: record.Int(12), Flow: record.Sent, Data: "hello, w", Size: 12, Addr: addr("127.0.0.1:80"),
		Local: addr("127.0.0.1:5000")}
	if !reflect.DeepEqual(events[0], want) {
		t.Errorf("got  %+v\nwant %+v", events[0], want)
	}
}

func TestFullRingDropsTheOldestAndTellsHowMany(t *testing.T) {
	tl := record.New(record.Options{Events: 512})
	for i := range 2000 {
		tl.Note(task, fmt.Sprint(i))
	}
	r := tl.Recording(record.Filter{})
	if got := int(r.Dropped) + len(r.Events); got != 2000 || len(r.Events) < 256 || len(r.Events) > 512 {
		t.Errorf("got %d dropped and %d kept; want 2000 together, 256 to 512 kept", r.Dropped, len(r.Events))
	}
	for i, e := range r.Events {
		if want := fmt.Sprint(int(r.Dropped) + i); e.Text != want || e.Seq != r.Dropped+uint64(i)+1 {
			t.Fatalf("event %d: got %q with Seq %d, want %q", i, e.Text, e.Seq, want)
		}
	}
}

func TestDataStaysWithinItsLimitAndBelongsToItsEvent(t *testing.T) {
	const limit = 256 << 10
	tl := record.New(record.Options{Bytes: limit, Data: 4096})
	s := tl.Open(record.Opening{Network: record.TCP})
	for i := range 3000 {
		tl.Call(&record.Call{Socket: s, Name: "send", Flow: record.Sent, Data: strings.Repeat(string(rune('a'+i%26)), 3000)})
	}
	kept := 0
	events, _ := tl.Since(0)
	for _, e := range events {
		kept += len(e.Data)
		if want := strings.Repeat(string(rune('a'+(e.Seq-2)%26)), len(e.Data)); e.Data != want {
			t.Fatalf("event %d holds another event's data: %.20q, want %.20q", e.Seq, e.Data, want)
		}
		if e.Size != 3000 {
			t.Fatalf("event %d: size %d, want 3000", e.Seq, e.Size)
		}
	}
	if kept > limit || kept < limit/8 {
		t.Errorf("got %d bytes kept, want at most %d and not much less", kept, limit)
	}
	if last := events[len(events)-1]; len(last.Data) == 0 && tl.Dropped() == 0 {
		t.Error("the last event has no data though nothing was dropped for it")
	}
}

func TestStreamOffsetsCountWhatWentNotWhatWasPeeked(t *testing.T) {
	tl := record.New(record.Options{Clock: ticker()})
	a, b := tl.OpenPair(record.Opening{Network: record.UnixStream})
	for _, c := range []record.Call{
		{Socket: a, Name: "send", Flow: record.Sent, Data: "abc"},
		{Socket: a, Name: "send", Flow: record.Sent, Bytes: []byte("de")},
		{Socket: b, Name: "recv", Flow: record.Peeked, Data: "abcd"},
		{Socket: b, Name: "recv", Flow: record.Received, Data: "abcd"},
		{Socket: b, Name: "recv", Flow: record.Received, Data: "e"},
	} {
		tl.Call(&c)
	}
	var got []int64
	events, _ := tl.Since(2)
	for _, e := range events {
		got = append(got, e.Offset)
	}
	if want := []int64{0, 3, 0, 0, 4}; !reflect.DeepEqual(got, want) {
		t.Errorf("got offsets %v, want %v", got, want)
	}
}

func TestClearForgetsEventsButNotNumbers(t *testing.T) {
	tl := record.New(record.Options{})
	tl.Note(task, "a")
	tl.Clear()
	tl.Note(task, "b")
	events, missed := tl.Since(0)
	if len(events) != 1 || events[0].Seq != 2 || missed != 1 || tl.Dropped() != 0 {
		t.Errorf("got %d events, missed %d, dropped %d; want one with Seq 2, 1, 0", len(events), missed, tl.Dropped())
	}
}

func TestManyGoroutinesRecordWithinMemoryWhileOthersRead(t *testing.T) {
	const sockets, each = 50, 2000
	tl := record.New(record.Options{Events: 4096, Bytes: 1 << 20})
	sub := tl.Subscribe(0)
	var seen, missed uint64
	var reading sync.WaitGroup
	reading.Go(func() {
		next := uint64(1)
		for {
			events, lost, err := sub.Next(t.Context())
			missed += lost
			next += lost
			for _, e := range events {
				if e.Seq != next {
					t.Errorf("got Seq %d, want %d", e.Seq, next)
				}
				next++
			}
			seen += uint64(len(events))
			if err != nil {
				return
			}
		}
	})
	var writing sync.WaitGroup
	for range sockets {
		writing.Go(func() {
			s := tl.Open(record.Opening{Network: record.TCP})
			for range each - 2 {
				tl.Call(&record.Call{Socket: s, Name: "send", Flow: record.Sent, Data: "0123456789"})
			}
			s.Close(task)
		})
	}
	writing.Wait()
	for sub.Pending() > 0 {
		tl.Last()
	}
	sub.Close()
	reading.Wait()
	if total := seen + missed; total != sockets*each {
		t.Errorf("the subscriber saw %d and missed %d, together %d; want %d", seen, missed, total, sockets*each)
	}
	if kept, _ := tl.Since(0); len(kept) > 4096 {
		t.Errorf("got %d events kept, want at most 4096", len(kept))
	}
}

func TestSubscriberIsToldWhatItMissed(t *testing.T) {
	tl := record.New(record.Options{Events: 512})
	sub := tl.Subscribe(tl.Last())
	for range 5000 {
		tl.Note(task, "x")
	}
	events, missed, err := sub.Next(t.Context())
	if err != nil || len(events) == 0 || missed != events[0].Seq-1 || missed < 4000 {
		t.Errorf("got %d events, %d missed, error %v; want the missed ones counted", len(events), missed, err)
	}
}

func TestWaitingSubscriberEndsByContextAndByClose(t *testing.T) {
	tl := record.New(record.Options{})
	sub := tl.Subscribe(0)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, _, err := sub.Next(ctx); !errors.Is(err, cause) {
		t.Errorf("got %v, want %v", err, cause)
	}
	ended := make(chan error)
	go func() {
		_, _, err := sub.Next(t.Context())
		ended <- err
	}()
	sub.Close()
	if err := <-ended; !errors.Is(err, record.ErrUnsubscribed) {
		t.Errorf("got %v, want %v", err, record.ErrUnsubscribed)
	}
}

func TestRecordingLoadsBackFromJSON(t *testing.T) {
	tl := record.New(record.Options{Clock: ticker()})
	tl.StartTask(task, "main.lua")
	s := tl.Open(record.Opening{Task: task, Network: record.TCP, Args: record.Args{record.Word("AF_INET"), record.Word("SOCK_STREAM")}})
	for _, c := range []record.Call{
		{Name: "connect", Args: record.Args{record.Address}, Addr: addr("[::1]:80"), Local: addr("[::1]:4000"), Peer: addr("[::1]:80")},
		{Name: "send", Args: record.Args{record.Data, record.Int(-1), record.Float(2), record.Bool(true)}, Flow: record.Sent, Data: "\xff\x00 你好"},
		{Name: "x", Args: record.Args{record.Text("a\"b"), record.Text("\xfe"), record.Float(0.25)}, Result: record.Text("<r>")},
		{Name: "recv", Flow: record.Received, Err: "ECONNRESET", Message: "connection reset by peer"},
	} {
		c.Socket, c.Task = s, task
		tl.Call(&c)
	}
	tl.Call(&record.Call{Name: "bind", Addr: record.UnixAddr("/tmp/127.0.0.1:80"), Args: record.Args{record.Address}})
	tl.EndTask(task, "ECONNRESET", "connection reset by peer")
	want := tl.Recording(record.Filter{})
	var file bytes.Buffer
	if err := want.WriteJSON(&file); err != nil {
		t.Fatal(err)
	}
	got, err := record.ReadJSON(strings.NewReader(file.String()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, file.String())
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v\nfrom\n%s", got, want, file.String())
	}
	if _, err := record.ReadJSON(strings.NewReader(file.String() + `{"kind":"nonsense"}`)); err == nil {
		t.Error("an unknown kind was read without an error")
	}
}

func TestFilterSelectsByTaskSocketNameAndKind(t *testing.T) {
	call := record.Event{Kind: record.CallMade, Name: "send", Task: task, Socket: 3}
	note := record.Event{Kind: record.Noted, Text: "n"}
	for _, c := range []struct {
		filter record.Filter
		event  record.Event
		want   bool
	}{
		{record.Filter{}, call, true},
		{record.Filter{Sockets: []int{3, 4}}, call, true},
		{record.Filter{Sockets: []int{4}}, call, false},
		{record.Filter{Sockets: []int{4}}, note, true},
		{record.Filter{Tasks: []int{2}}, call, false},
		{record.Filter{Names: []string{"recv"}}, call, false},
		{record.Filter{Names: []string{"recv"}}, note, true},
		{record.Filter{Kinds: []record.Kind{record.Noted}}, call, false},
	} {
		if got := c.filter.Match(&c.event); got != c.want {
			t.Errorf("got %v, want %v for %+v and %+v", got, c.want, c.filter, c.event)
		}
	}
}

func TestRecordingACallAllocatesNothingOnceTheRingTurned(t *testing.T) {
	tl := record.New(record.Options{Events: 1024})
	s := tl.Open(record.Opening{Network: record.UDP})
	c := exampleCall(s)
	for range 4096 {
		tl.Call(c)
	}
	if got := testing.AllocsPerRun(5000, func() { tl.Call(c) }); got != 0 {
		t.Errorf("got %v allocations per call, want 0", got)
	}
}

func exampleCall(s *record.Socket) *record.Call {
	return &record.Call{Task: task, Socket: s, Name: "sendto", Args: record.Args{record.Data, record.Address},
		Flow: record.Sent, Data: "0123456789012345678901234567890123456789012345678901234567890123",
		Addr: addr("127.0.0.1:80"), Local: addr("127.0.0.1:4000"), Result: record.Int(64),
		Start: time.Now(), End: time.Now()}
}

func BenchmarkCall(b *testing.B) {
	tl := record.New(record.Options{})
	c := exampleCall(tl.Open(record.Opening{Network: record.UDP}))
	b.ReportAllocs()
	for b.Loop() {
		tl.Call(c)
	}
}

func BenchmarkCallWith4096Bytes(b *testing.B) {
	tl := record.New(record.Options{})
	c := exampleCall(tl.Open(record.Opening{Network: record.UDP}))
	c.Data = strings.Repeat("x", 65536)
	b.ReportAllocs()
	for b.Loop() {
		tl.Call(c)
	}
}

func BenchmarkCallWithSubscriber(b *testing.B) {
	tl := record.New(record.Options{})
	sub := tl.Subscribe(0)
	var reading sync.WaitGroup
	reading.Go(func() {
		for {
			if _, _, err := sub.Next(b.Context()); err != nil {
				return
			}
		}
	})
	c := exampleCall(tl.Open(record.Opening{Network: record.UDP}))
	for b.Loop() {
		tl.Call(c)
	}
	sub.Close()
	reading.Wait()
}

func BenchmarkCallFromManyGoroutines(b *testing.B) {
	tl := record.New(record.Options{})
	b.RunParallel(func(pb *testing.PB) {
		c := exampleCall(tl.Open(record.Opening{Network: record.UDP}))
		for pb.Next() {
			tl.Call(c)
		}
	})
}
