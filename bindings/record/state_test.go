package record_test

import (
	"fmt"
	"strings"
	"testing"

	"lunawire/bindings/record"
)

// conversation is a client, a listener and an accepted socket on one timeline.
type conversation struct {
	timeline               *record.Timeline
	client, listener, conn *record.Socket
}

func connected() *conversation {
	tl := record.New(record.Options{Clock: ticker()})
	c := &conversation{timeline: tl}
	server, client := addr("127.0.0.1:80"), addr("127.0.0.1:4000")
	c.listener = tl.Open(record.Opening{Network: record.TCP, Local: server})
	tl.Call(&record.Call{Socket: c.listener, Name: "listen", Args: record.Args{record.Int(10)}})
	c.client = tl.Open(record.Opening{Network: record.TCP})
	tl.Call(&record.Call{Socket: c.client, Name: "connect", Addr: server, Local: client, Peer: server})
	c.accept()
	return c
}

func (c *conversation) accept() {
	local, peer := c.client.Addrs()
	c.conn = c.timeline.Open(record.Opening{Network: record.TCP, From: c.listener, Local: peer, Peer: local})
	c.timeline.Call(&record.Call{Socket: c.listener, Made: c.conn, Name: "accept", Addr: local})
}

// do plays calls written as "client.send 5" and returns the states of both ends.
func (c *conversation) do(t *testing.T, script string) string {
	t.Helper()
	for step := range strings.FieldsFuncSeq(script, func(r rune) bool { return r == ';' }) {
		var who, name, arg string
		who, name, _ = strings.Cut(strings.TrimSpace(step), ".")
		name, arg, _ = strings.Cut(name, " ")
		call := &record.Call{Socket: c.client, Name: name}
		if who == "conn" {
			call.Socket = c.conn
		}
		switch name {
		case "send", "recv":
			call.Flow = record.Sent
			if name == "recv" {
				call.Flow = record.Received
			}
			if _, err := fmt.Sscan(arg, &call.Size); err != nil {
				call.Err = arg
			}
		case "shutdown":
			call.Args[0] = record.Text(arg)
		}
		c.timeline.Call(call)
	}
	return c.client.State().String() + " " + c.conn.State().String()
}

func TestStatesFollowFromTheCalls(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"", "ESTABLISHED ESTABLISHED"},
		{"client.send 5; conn.recv 5", "ESTABLISHED ESTABLISHED"},
		{"client.shutdown write", "FIN-WAIT-2 CLOSE-WAIT"},
		{"client.shutdown read", "ESTABLISHED ESTABLISHED"},
		{"client.close", "FIN-WAIT-2 CLOSE-WAIT"},
		{"client.close; conn.recv closed", "FIN-WAIT-2 CLOSE-WAIT"},
		{"client.close; conn.close", "TIME-WAIT CLOSED"},
		{"conn.close; client.recv closed; client.close", "CLOSED TIME-WAIT"},
		{"conn.recv closed", "FIN-WAIT-2 CLOSE-WAIT"},
		{"client.send 5; conn.close", "CLOSED CLOSED"},
		{"client.send 5; conn.close; client.recv ECONNRESET", "CLOSED CLOSED"},
		{"conn.recv ECONNRESET", "ESTABLISHED CLOSED"},
		{"client.shutdown write; client.send EPIPE", "FIN-WAIT-2 CLOSE-WAIT"},
		{"client.recv timeout", "ESTABLISHED ESTABLISHED"},
		{"client.shutdown write; conn.shutdown both; client.close; conn.close", "TIME-WAIT CLOSED"},
	} {
		if got := connected().do(t, c.script); got != c.want {
			t.Errorf("got %s, want %s after %q", got, c.want, c.script)
		}
	}
}

func TestConnectSaysWhereTheConnectionStands(t *testing.T) {
	for err, want := range map[string]record.State{
		"": record.StateEstablished, "ECONNREFUSED": record.StateClosed,
		record.Timeout: record.StateSynSent, record.Canceled: record.StateSynSent, "ETIMEDOUT": record.StateClosed,
	} {
		tl := record.New(record.Options{})
		s := tl.Open(record.Opening{Network: record.TCP})
		tl.Call(&record.Call{Socket: s, Name: "connect", Err: err})
		if got := s.State(); got != want {
			t.Errorf("got %v, want %v after connect = %q", got, want, err)
		}
	}
}

func TestConnectionClosedInTheBacklogIsAcceptedInCloseWait(t *testing.T) {
	c := connected()
	local, peer := addr("127.0.0.1:4001"), addr("127.0.0.1:80")
	c.client = c.timeline.Open(record.Opening{Network: record.TCP})
	c.timeline.Call(&record.Call{Socket: c.client, Name: "connect", Local: local, Peer: peer})
	c.timeline.Call(&record.Call{Socket: c.client, Name: "close"})
	c.accept()
	if got := c.conn.State(); got != record.StateCloseWait {
		t.Errorf("got %v, want CLOSE-WAIT", got)
	}
}

func TestKernelsAnswerWinsExceptOverTimeWait(t *testing.T) {
	c := connected()
	c.timeline.Call(&record.Call{Socket: c.client, Name: "shutdown", Kernel: record.StateFinWait1})
	if got := c.client.State(); got != record.StateFinWait1 {
		t.Errorf("got %v, want FIN-WAIT-1", got)
	}
	c.do(t, "conn.close")
	c.client.Observe(record.StateClosed)
	if got := c.client.State(); got != record.StateTimeWait {
		t.Errorf("got %v, want TIME-WAIT", got)
	}
}

func TestPeersStateChangeNamesItsCause(t *testing.T) {
	c := connected()
	before := c.timeline.Last()
	c.do(t, "client.shutdown write")
	events, _ := c.timeline.Since(before)
	if len(events) != 2 {
		t.Fatalf("got %d events, want the call and the peer's change", len(events))
	}
	call, change := events[0], events[1]
	if change.Kind != record.StateChanged || change.Socket != c.conn.ID() || change.Cause != call.Seq ||
		change.Was != record.StateEstablished || change.State != record.StateCloseWait {
		t.Errorf("got %+v, want ESTABLISHED to CLOSE-WAIT on socket %d caused by %d", change, c.conn.ID(), call.Seq)
	}
}

func TestStateNamesAreReadInAnySpelling(t *testing.T) {
	for _, name := range []string{"FIN-WAIT-1", "FIN_WAIT1", "FIN_WAIT_1", "TCP_FIN_WAIT1", "FIN-WAIT1", "finwait1"} {
		if got := record.ParseState(name); got != record.StateFinWait1 {
			t.Errorf("got %v for %q", got, name)
		}
	}
	for name, want := range map[string]record.State{"CLOSE": record.StateClosed, "SYN_RECV": record.StateSynRcvd, "": record.NoState, "X": record.NoState} {
		if got := record.ParseState(name); got != want {
			t.Errorf("got %v for %q, want %v", got, name, want)
		}
	}
}
