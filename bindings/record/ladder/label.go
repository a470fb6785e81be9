package ladder

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"

	"lunawire/bindings/record"
)

// columns measures text on a terminal. Its own condition, so that no locale
// widens the lines of the ladder.
var columns = &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// longData is how many characters of data a label shows at most.
const longData = 60

// label is what a row says, at most width columns wide: data is shortened
// first, words only when nothing else helps.
func (r *row) label(n record.Notation, width int) string {
	var s string
	for limit, over := longData, 0; limit > 0; limit -= max(1, over/3) {
		n.Limit = limit
		s = r.words(&n)
		if over = columns.StringWidth(s) - width; over <= 0 {
			return s
		}
	}
	return shorten(s, width, n.ASCII)
}

// shorten cuts text to a width.
func shorten(s string, width int, ascii bool) string {
	if columns.StringWidth(s) <= width {
		return s
	}
	if ascii {
		return columns.Truncate(s, width, "...")
	}
	return columns.Truncate(s, width, "…")
}

func (r *row) words(n *record.Notation) string {
	e := &r.step.event
	var s string
	switch e.Kind {
	case record.CallMade, record.SocketOpened:
		s = r.call(n)
	case record.TaskEnded:
		s = strings.TrimSpace(fmt.Sprintf("task %s ended: %s %s", e.Task.Name, e.Err, e.Text))
	case record.Noted:
		s = strings.Join(strings.Fields(e.Text), " ")
	default:
		s = strings.TrimSpace(e.Name + " " + e.Text)
	}
	if r.opens {
		s = "socket() " + s
	}
	if r.step.number > 0 {
		s = fmt.Sprintf("#%d %s", r.step.number, s)
	}
	return clean(s, n.ASCII)
}

// call writes a call, its outcome, what it lost and how long it waited.
func (r *row) call(n *record.Notation) string {
	e := &r.step.event
	parts := []string{r.made(n)}
	if e.Err != "" {
		parts = append(parts, outcome(e, n.ASCII))
	}
	if e.Lost > 0 {
		parts = append(parts, fmt.Sprintf("%s %d of %d B lost", cross(n.ASCII), e.Lost, e.Size+e.Lost))
	}
	if e.Took >= worthTelling {
		parts = append(parts, "("+n.Duration(e.Took)+")")
	}
	return strings.Join(parts, " ")
}

// made writes a call with what it moved or returned.
func (r *row) made(n *record.Notation) string {
	e := &r.step.event
	switch {
	case e.Flow == record.Sent && r.step.leaves:
		return sent(e, n)
	case e.Err != "":
		return n.Call(e)
	case e.Flow != record.NoData:
		s := fmt.Sprintf("%s = %s %d B", n.Call(e), n.Data(e), e.Size)
		if len(r.step.takes) == 0 && !e.Network.Stream() && !e.Addr.IsZero() {
			s += " from " + e.Addr.String()
		}
		return s
	case r.step.signal != "":
		return n.Call(e) + " " + r.step.signal
	}
	if result := n.Result(e); result != "" {
		return n.Call(e) + " = " + result
	}
	return n.Call(e)
}

// sent leaves the arguments out: the arrow says where it went.
func sent(e *record.Event, n *record.Notation) string {
	if e.Data == "" && e.Size > 0 {
		return fmt.Sprintf("%s %d B", e.Name, e.Size)
	}
	return fmt.Sprintf("%s %s %d B", e.Name, n.Data(e), e.Size)
}

// outcome writes how a call ended that did not just return: an errno, or the
// word that a script is given.
func outcome(e *record.Event, ascii bool) string {
	if e.Failed() {
		return cross(ascii) + " " + e.Err
	}
	return `= nil, "` + e.Err + `"`
}

func cross(ascii bool) string {
	if ascii {
		return "x"
	}
	return "✗"
}

// taken names the arrows that the row's call took in: #3 #4.
func (r *row) taken() string {
	var names []string
	for _, cause := range r.step.takes {
		if cause.number > 0 {
			names = append(names, fmt.Sprintf("#%d", cause.number))
		}
	}
	if len(names) > 4 {
		names = append(names[:2], "..", names[len(names)-1])
	}
	return strings.Join(names, " ")
}

// outside is the address that an arrow went to when nobody here has it.
func (r *row) outside() string {
	if r.step.leaves && r.to == nowhere {
		if target := r.step.target(); !target.IsZero() {
			return target.String()
		}
		return r.step.event.Network.String()
	}
	return ""
}

// title names a lifeline by its network and address.
func (s *end) title() string {
	if s.local.IsZero() {
		return fmt.Sprintf("%s #%d", s.network, s.id)
	}
	return s.network.String() + " " + s.local.String()
}

// clean is a text without what cannot be shown.
func clean(s string, onlyASCII bool) string {
	if onlyASCII {
		return plainASCII(s)
	}
	return record.Printable(s)
}

// plainASCII is record.Printable for terminals that can do no more.
func plainASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// cleanLines cleans text of several lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = record.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
