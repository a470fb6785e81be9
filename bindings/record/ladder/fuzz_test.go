package ladder_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"lunawire/bindings/record"
	"lunawire/bindings/record/ladder"
)

// A director makes up a timeline out of the bytes of a fuzzer.
type director struct {
	data    []byte
	line    *record.Timeline
	clock   time.Time
	sockets []*record.Socket
	long    bool // transfers are told as calls
}

func (d *director) next() int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b)
}

// pick is one of some words, most often the first.
func pick[T any](d *director, list ...T) T { return list[d.next()%len(list)] }

func (d *director) task() record.Task {
	return pick(d, record.Task{ID: 1, Name: "main"}, record.Task{ID: 2, Name: "二"}, record.Task{ID: 3, Name: "t\x1b[31m<"}, record.Task{})
}

func (d *director) socket() *record.Socket {
	n := d.next()
	if len(d.sockets) == 0 || n == 255 {
		return nil
	}
	return d.sockets[n%len(d.sockets)]
}

func (d *director) addr() record.Addr {
	n := d.next()
	switch n % 5 {
	case 0:
		return record.Addr{}
	case 1:
		return record.UnixAddr(pick(d, "/tmp/x", "@abstract", "/tmp/\x1b\n<b>", strings.Repeat("long", 40)))
	case 2:
		return record.InetAddr(netip.AddrPortFrom(netip.IPv6Loopback(), uint16(n)))
	}
	return record.InetAddr(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(n%4+1)))
}

func (d *director) bytes() string {
	if n := d.next(); n > 200 {
		return strings.Repeat(pick(d, "x", "你", "\xff", "\u202e\x00", "</script>"), n)
	} else if n < len(d.data) && n < 40 {
		s := string(d.data[:n])
		d.data = d.data[n:]
		return s
	}
	return "hello"
}

// words are text: of what is not UTF-8, a file keeps only the data.
func (d *director) words() string { return strings.ToValidUTF8(d.bytes(), "?") }

func (d *director) args() (list record.Args) {
	for i := range d.next() % (len(list) + 1) {
		list[i] = pick(d, record.Data, record.Address, record.Int(-1), record.Float(0.5), record.Bool(true), record.Word("AF_INET"), record.Text("a\n\"\x1b"))
	}
	return list
}

// act records one more thing.
func (d *director) act() {
	d.clock = d.clock.Add(time.Duration(d.next()-20) * time.Millisecond) // a clock may go back
	networks := []record.Network{record.TCP, record.UDP, record.UnixStream, record.UnixDatagram, record.OtherNetwork}
	switch d.next() % 12 {
	case 0, 1:
		d.sockets = append(d.sockets, d.line.Open(record.Opening{Task: d.task(), Args: d.args(), Network: pick(d, networks...), Local: d.addr(), Peer: d.addr(), From: d.socket()}))
	case 2:
		a, b := d.line.OpenPair(record.Opening{Task: d.task(), Network: pick(d, networks...), Local: d.addr()})
		d.sockets = append(d.sockets, a, b)
	case 3:
		d.line.Note(d.task(), d.words())
	case 4:
		d.line.EndTask(d.task(), pick(d, "", "EIO", record.Canceled), d.words())
	case 5:
		d.line.Add(record.Event{Kind: record.Kind(1 + d.next()%9), Socket: d.next() - 3, Made: d.next() - 3, At: time.Duration(d.next()-9) * time.Hour, Data: d.bytes(), Local: d.addr(), Peer: d.addr(),
			Text: d.words(), Cause: uint64(d.next()), Offset: int64(d.next()) - 9, Size: int64(d.next()) - 9, Lost: int64(d.next()) - 9, Flow: record.Flow(d.next() % 4)})
	case 6:
		if s := d.socket(); s != nil {
			s.Observe(record.State(d.next() % 12))
		}
	case 7, 8:
		d.transfer()
	default:
		d.line.Call(d.call())
	}
}

// transfer records a send or a receive that succeeded, in its short form or, as
// a call, in the long one, which must give the same event.
func (d *director) transfer() {
	s := d.socket()
	if s == nil {
		return
	}
	task, addr := d.task(), d.addr()
	x := record.Transfer{Task: &task, Socket: s, Data: d.bytes(), Start: d.clock, End: d.clock.Add(time.Duration(d.next()) * time.Microsecond)}
	x.Size = int64(len(x.Data) + pick(d, 0, 0, 1, 1000))
	c := record.Call{Task: task, Socket: s, Data: x.Data, Start: x.Start, End: x.End}
	if d.next()%2 == 0 {
		x.Flow, x.Name, c.Args = record.Sent, "send", record.Args{record.Data}
	} else {
		x.Flow, x.Name, x.Asked, x.Lost = record.Received, "recv", d.next(), int64(d.next()%3)
		c.Args = record.Args{record.Int(int64(x.Asked))}
	}
	if !addr.IsZero() {
		x.Addr, c.Addr = &addr, addr
		if x.Name == "send" {
			x.Name, c.Args = "sendto", record.Args{record.Data, record.Address}
		} else {
			x.Name = "recvfrom"
		}
	}
	c.Flow, c.Name, c.Size, c.Lost = x.Flow, x.Name, x.Size, x.Lost
	if d.long {
		d.line.Call(&c)
	} else {
		d.line.Transfer(&x)
	}
}

// directed is what a director of these bytes records.
func directed(data []byte, long bool) *record.Recording {
	d := &director{data: data, clock: time.Unix(1e9, 0), long: long}
	d.line = record.New(record.Options{Clock: func() time.Time { return d.clock }, Events: 200, Bytes: 1 << 14})
	for len(d.data) > 0 {
		d.act()
	}
	return d.line.Recording(record.Filter{})
}

func (d *director) call() *record.Call {
	c := &record.Call{Task: d.task(), Socket: d.socket(), Args: d.args(), Data: d.bytes(), Addr: d.addr(), Local: d.addr(), Peer: d.addr(),
		Name: pick(d, "send", "recv", "connect", "accept", "close", "shutdown", "bind", "listen", "sendto", "recvfrom", "x\x1b<>"),
		Flow: pick(d, record.NoData, record.Sent, record.Received, record.Peeked),
		Err:  pick(d, "", "", "", "ECONNRESET", record.EndOfStream, record.Timeout, record.Canceled, "EPIPE"), Kernel: record.State(d.next() % 12)}
	c.Size = int64(len(c.Data)) + int64(pick(d, 0, 0, 0, 1000, -1))
	if c.Name == "accept" {
		c.Made = d.socket()
	}
	c.Start = d.clock
	d.clock = d.clock.Add(time.Duration(d.next()) * time.Microsecond)
	c.End = d.clock
	return c
}

// FuzzLadder draws any events in every format. No picture fails, lets data out
// of their place, or is another after the events were saved and loaded; and an
// event is the same in whichever form it was recorded.
func FuzzLadder(f *testing.F) {
	for i := range 30 {
		seed := make([]byte, 40+i*20)
		for j := range seed {
			seed[j] = byte((i + 3) * j * (j + 7) >> (i % 5))
		}
		f.Add(seed, uint16(i*10), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, width uint16, ascii bool) {
		rec := directed(data, false)
		same(t, directed(data, true), rec)
		again := loaded(t, rec)
		o := ladder.Options{Title: "T", Width: int(width) % 300, ASCII: ascii, Stable: len(data)%2 == 0, Decode: gbk}
		for _, ext := range []string{".txt", ".md", ".svg", ".html"} {
			got := save(t, "x"+ext, rec, o)
			if bad := strings.IndexFunc(got, func(r rune) bool {
				return r < ' ' && r != '\n' || r == 0x7f || r == '\u202e' || ascii && ext == ".txt" && r > 0x7e
			}); bad >= 0 || !utf8.ValidString(got) {
				t.Errorf("%s holds %q", ext, got[max(0, bad-20):min(len(got), bad+20)])
			}
			if ext == ".svg" {
				wellFormed(t, got)
			}
			if saved := save(t, "x"+ext, again, o); saved != got {
				t.Errorf("got another %s from the recording that was loaded:\n%s\nwant\n%s", ext, saved, got)
			}
		}
		live := ladder.NewLive(io.Discard, o)
		live.Add(rec.Events)
		if err := live.Flush(1 << 60); err != nil {
			t.Error(err)
		}
	})
}

// loaded is the recording as it comes back from a file.
func loaded(t *testing.T, rec *record.Recording) *record.Recording {
	t.Helper()
	again, err := record.ReadJSON(strings.NewReader(save(t, "x.json", rec, ladder.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	same(t, again, rec)
	return again
}

func same(t *testing.T, got, want *record.Recording) {
	t.Helper()
	if len(got.Events) != len(want.Events) {
		t.Fatalf("got %d events, want %d", len(got.Events), len(want.Events))
	}
	for i := range want.Events {
		if !reflect.DeepEqual(got.Events[i], want.Events[i]) {
			t.Errorf("got  %+v\nwant %+v", got.Events[i], want.Events[i])
		}
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
	}
}
