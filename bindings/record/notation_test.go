package record_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"lunawire/bindings/record"
)

func gbk(_ int, data string) (text, encoding string, ok bool) {
	text, err := simplifiedchinese.GBK.NewDecoder().String(data)
	return text, "gbk", err == nil
}

func TestTraceLinesReadLikeLua(t *testing.T) {
	to := addr("127.0.0.1:8080")
	for _, c := range []struct {
		event record.Event
		want  string
	}{
		{record.Event{Kind: record.SocketOpened, Name: "socket", Args: record.Args{record.Word("AF_INET"), record.Word("SOCK_DGRAM")}},
			`socket(AF_INET, SOCK_DGRAM)`},
		{record.Event{Name: "sendto", Args: record.Args{record.Data, record.Address}, Flow: record.Sent, Data: "\xc4\xe3\xba\xc3", Size: 4, Addr: to},
			`sendto("你好" gbk, "127.0.0.1", 8080) = 4`},
		{record.Event{Name: "recvfrom", Args: record.Args{record.Int(7)}, Network: record.UDP, Flow: record.Received, Data: "hello, ", Size: 7, Lost: 4, Addr: to},
			`recvfrom(7) = "hello, ", 127.0.0.1:8080 (4 of 11 bytes lost)`},
		{record.Event{Name: "recv", Network: record.TCP, Args: record.Args{record.Int(9)}, Flow: record.Received, Data: "\x00\x01\xff", Size: 3},
			`recv(9) = <00 01 ff>`},
		{record.Event{Name: "recv", Network: record.TCP, Args: record.Args{record.Int(9)}, Flow: record.Received, Err: record.EndOfStream,
			Was: record.StateEstablished, State: record.StateCloseWait},
			`recv(9) = nil, "closed"  [ESTABLISHED -> CLOSE-WAIT]`},
		{record.Event{Name: "connect", Args: record.Args{record.Address}, Addr: to, Err: "ECONNREFUSED", Text: "connection refused"},
			`connect("127.0.0.1", 8080) = ECONNREFUSED connection refused`},
		{record.Event{Name: "connect", Args: record.Args{record.Address}, Addr: record.UnixAddr("/tmp/\x1b")},
			`connect("/tmp/\027")`},
		{record.Event{Name: "send", Args: record.Args{record.Data}, Flow: record.Sent, Data: "abc", Size: 3, Err: "ECONNRESET"},
			`send("abc") = ECONNRESET (3 bytes sent)`},
		{record.Event{Name: "accept", Made: 3, Addr: to, Took: 1200 * time.Millisecond},
			`accept() = 127.0.0.1:8080 (1.2 s)`},
		{record.Event{Name: "getsockname", Local: to}, `getsockname() = 127.0.0.1:8080`},
		{record.Event{Name: "getpeername", Peer: to}, `getpeername() = 127.0.0.1:8080`},
		{record.Event{Name: "recv", Args: record.Args{record.Int(3)}, Network: record.UDP, Flow: record.Received, Data: "\xc4\xe3\xba", Size: 3, Lost: 1},
			`recv(3) = "你" gbk (1 of 4 bytes lost)`},
		{record.Event{Name: "settimeout", Args: record.Args{record.Float(0.5), record.Bool(true), record.Text("a\n\"")}, Result: record.Text("x")},
			`settimeout(0.5, true, "a\n\"") = "x"`},
		{record.Event{Kind: record.StateChanged, Was: record.StateEstablished, State: record.StateCloseWait}, `[ESTABLISHED -> CLOSE-WAIT]`},
		{record.Event{Kind: record.Noted, Text: "one\ntwo\x1b"}, "-- one\n-- two\uFFFD"},
		{record.Event{Kind: record.TaskEnded, Err: "EIO", Text: "broken"}, "task ended = EIO broken"},
		{record.Event{Kind: record.Packet, Name: "tcp", Text: "SYN seq=x"}, "tcp SYN seq=x"},
		{record.Event{Kind: record.SocketClosed}, ""},
	} {
		if c.event.Kind == 0 {
			c.event.Kind = record.CallMade
		}
		c.event.At, c.event.Task, c.event.Socket = 1500*time.Millisecond-c.event.Took, task, 2
		lines := record.Lines{Notation: record.Notation{Decode: gbk}}
		got := lines.Line(&c.event)
		if what, ok := strings.CutPrefix(got, " 1.500000  main     "+pad(record.SocketName(&c.event), 9)); got != "" && (!ok || what != c.want) || got == "" && c.want != "" {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

func pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-len(s))) }

func TestErrorsOfTraceLinesAreRedOnlyWhenAsked(t *testing.T) {
	e := record.Event{Kind: record.CallMade, Name: "bind", Err: "EACCES", Text: "permission denied"}
	lines := record.Lines{Color: true}
	if got := lines.Line(&e); !strings.Contains(got, "\x1b[31mEACCES\x1b[0m permission denied") {
		t.Errorf("got %q, want EACCES in red", got)
	}
	lines.Color = false
	if got := lines.Line(&e); strings.Contains(got, "\x1b") {
		t.Errorf("got %q, want no colour", got)
	}
}

func TestDataIsTextWhereItIsTextAndHexElsewhere(t *testing.T) {
	for _, c := range []struct {
		data  string
		size  int
		limit int
		ascii bool
		want  string
	}{
		{"plain\r\n", 7, 0, false, `"plain\r\n"`},
		{"", 0, 0, false, `""`},
		{"你好", 6, 0, false, `"你好" utf-8`},
		{"你好", 6, 0, true, `"\u{4f60}\u{597d}" utf-8`},
		{"你好"[:5], 6, 0, false, `"你"… utf-8`},
		{"\xc4\xe3", 2, 0, false, `"你" gbk`},
		{"\xff\xff\xff", 3, 0, false, `<ff ff ff>`},
		{strings.Repeat("a", 38) + "\x01", 39, 50, false, `"` + strings.Repeat("a", 38) + `\001"`},
		{strings.Repeat("a", 18) + "\x01", 19, 9, false, `<61 61 61…>`},
		{"abcdef", 6, 3, false, `"abc"…`},
		{"abcdef", 6, 3, true, `"abc"...`},
		{"abc", 4096, 0, false, `"abc"…`},
		{"a\u202eb" + strings.Repeat("c", 40), 44, 4, false, `"a\u{202e}bc"… utf-8`},
		{"\xc4\xe3\xba", 4, 0, false, `"你"… gbk`},
		{"\uFFFD \\", 5, 0, false, "\"\uFFFD \\\\\" utf-8"},
	} {
		n := record.Notation{Decode: gbk, Limit: c.limit, ASCII: c.ascii}
		if got := n.Data(&record.Event{Data: c.data, Size: int64(c.size)}); got != c.want {
			t.Errorf("got %s, want %s for %q", got, c.want, c.data)
		}
	}
}

func TestDurationsAreShownInTheUnitThatSuits(t *testing.T) {
	var n record.Notation
	for d, want := range map[time.Duration]string{
		12 * time.Microsecond: "12 µs", 1500 * time.Microsecond: "1.5 ms", 2 * time.Millisecond: "2 ms",
		100 * time.Millisecond: "100 ms", 1250 * time.Millisecond: "1.25 s", 127 * time.Second: "127 s", 100 * time.Second: "100 s",
	} {
		if got := n.Duration(d); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	e := record.Event{Kind: record.CallMade, Name: "sendto", Task: task, Socket: 1, Args: record.Args{record.Data, record.Address}, Flow: record.Sent,
		Data: strings.Repeat("0123456789", 6), Size: 60, Addr: addr("127.0.0.1:8080")}
	var lines record.Lines
	for b.Loop() {
		lines.Line(&e)
	}
}
