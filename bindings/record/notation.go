package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Call returns a call with its arguments: sendto("hello", "127.0.0.1", 80).
func (n *Notation) Call(e *Event) string {
	if n.Brief && e.Name == "socket" {
		return "socket()"
	}
	args := make([]string, 0, MaxArgs)
	for _, v := range e.Args[:e.Args.Len()] {
		args = append(args, n.argument(e, v))
	}
	return e.Name + "(" + strings.Join(args, ", ") + ")"
}

func (n *Notation) argument(e *Event, v Value) string {
	switch v.kind {
	case dataValue:
		return n.Data(e)
	case textValue:
		return n.Quote(v.text, usualLimit)
	case addrValue:
		if n.Brief {
			return Printable(e.Addr.String())
		}
		if host := n.Quote(e.Addr.Host(), 255); e.Addr.Path == "" {
			return host + ", " + strconv.Itoa(int(e.Addr.Port()))
		}
		return n.Quote(e.Addr.Path, 255)
	}
	return v.scalar()
}

// Result returns what a call returned, without its error: the data received,
// the count sent, or its Result. It is empty where there is nothing to tell.
func (n *Notation) Result(e *Event) string {
	switch e.Result.kind {
	case dataValue:
		return n.Data(e)
	case addrValue:
		return Printable(e.Addr.String())
	case noValue:
		return n.impliedResult(e)
	}
	return n.argument(e, e.Result)
}

func (n *Notation) impliedResult(e *Event) string {
	switch e.Flow {
	case Received, Peeked:
		if e.Network.Stream() || e.Addr.IsZero() {
			return n.Data(e)
		}
		return n.Data(e) + ", " + Printable(e.Addr.String())
	case Sent:
		return strconv.FormatInt(e.Size, 10)
	}
	switch e.Name {
	case "accept":
		return Printable(e.Addr.String())
	case "getsockname":
		return Printable(e.Local.String())
	case "getpeername":
		return Printable(e.Peer.String())
	}
	return ""
}

// Duration returns a time in the unit that suits it: 12 µs, 3.4 ms, 1.25 s.
func (n *Notation) Duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		if n.ASCII {
			return fmt.Sprintf("%d us", d.Microseconds())
		}
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return trimZeros(fmt.Sprintf("%.1f", float64(d)/1e6)) + " ms"
	}
	return trimZeros(fmt.Sprintf("%.2f", d.Seconds())) + " s"
}

func trimZeros(s string) string {
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Lines writes events as lines of a trace, one for each.
type Lines struct {
	Notation
	Color bool // errors in red, times and states faint
}

const (
	red   = "\x1b[31m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// blocked is from when on a call's duration is worth telling.
const blocked = time.Millisecond

// Line returns the line of an event, without a line end: time, task, socket,
// and what happened. Events that tell nothing beyond a call's own line give "".
func (l *Lines) Line(e *Event) string {
	what := l.what(e)
	if what == "" {
		return ""
	}
	at := e.At
	if e.Kind == CallMade {
		at = e.End()
	}
	return l.paint(faint, fmt.Sprintf("%9.6f", at.Seconds())) +
		fmt.Sprintf("  %-8s %-8s ", l.plainName(e.Task), SocketName(e)) + what
}

// SocketName returns the short name of an event's socket, as in tcp#3.
func SocketName(e *Event) string {
	if e.Socket == 0 {
		return ""
	}
	return e.Network.String() + "#" + strconv.Itoa(e.Socket)
}

func (l *Lines) plainName(t Task) string {
	if t.Name == "" && t.ID != 0 {
		return "task " + strconv.Itoa(t.ID)
	}
	quoted := l.Quote(t.Name, 20)
	return quoted[1 : len(quoted)-1]
}

func (l *Lines) what(e *Event) string {
	switch e.Kind {
	case CallMade:
		return l.call(e)
	case SocketOpened:
		if e.Name != "" {
			return l.Call(e)
		}
	case StateChanged:
		return l.states(e)
	case TaskStarted:
		return strings.TrimSpace("task started " + Printable(e.Text))
	case TaskEnded:
		return "task ended" + l.outcome(e)
	case Noted:
		return note(e.Text)
	case Packet, Message:
		return Printable(strings.TrimSpace(e.Name + " " + e.Text))
	}
	return ""
}

// note writes each line of a note as a comment of Lua.
func note(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = "-- " + Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

func (l *Lines) call(e *Event) string {
	s := l.Call(e)
	if e.Err != "" {
		s += l.outcome(e)
	} else if result := l.Result(e); result != "" {
		s += " = " + result
	}
	if e.Lost > 0 {
		s += " " + l.paint(red, fmt.Sprintf("(%d of %d bytes lost)", e.Lost, e.Size+e.Lost))
	}
	if e.Took >= blocked {
		s += " " + l.paint(faint, "("+l.Duration(e.Took)+")")
	}
	if e.Was != e.State {
		s += "  " + l.states(e)
	}
	return s
}

// outcome returns "= " and an error as Lua sees it: the code in red, or nil and
// the word for what is no failure.
func (l *Lines) outcome(e *Event) string {
	if e.Err == "" {
		return ""
	}
	if !e.Failed() {
		return ` = nil, "` + e.Err + `"`
	}
	s := " = " + l.paint(red, e.Err)
	if e.Text != "" {
		s += " " + Printable(e.Text)
	}
	if e.Flow == Sent && e.Size > 0 {
		s += fmt.Sprintf(" (%d bytes sent)", e.Size)
	}
	return s
}

func (l *Lines) states(e *Event) string {
	return l.paint(faint, "["+e.Was.String()+" -> "+e.State.String()+"]")
}

func (l *Lines) paint(color, s string) string {
	if !l.Color {
		return s
	}
	return color + s + plain
}
