package ladder

import (
	"io"
	"strings"
	"time"

	"lunawire/bindings/record"
)

// worthTelling is from when on a call's duration is told.
const worthTelling = time.Millisecond

// timeWidth is the width of the column of times and the space after it.
const timeWidth = 10

// strokes are what lines are drawn with.
type strokes struct {
	life, across, branch, meet, cross, right, left, takenLeft, takenRight string
}

var (
	boxes = strokes{life: "│", across: "─", branch: "├", meet: "┤", cross: "┼", right: "▶", left: "◀", takenLeft: "◁", takenRight: "▷"}
	ascii = strokes{life: "|", across: "-", branch: "+", meet: "+", cross: "+", right: ">", left: "<", takenLeft: "<", takenRight: ">"}
)

// sheet draws the rows of one section as text of a fixed width.
type sheet struct {
	strokes
	options  *Options
	notation record.Notation
	width    int
	at       []int // columns of the lifelines
}

// Text writes the recording as a ladder of text.
func Text(w io.Writer, rec *record.Recording, o Options) error {
	p := build(rec, o)
	var b strings.Builder
	if o.Title != "" {
		b.WriteString(record.Printable(o.Title) + "\n\n")
	}
	for i, sec := range p.sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		sh := o.sheet(len(sec.lanes), sec.left, sec.right)
		b.WriteString(sh.head(sec))
		for _, r := range sec.rows {
			b.WriteString(sh.row(r))
		}
	}
	if len(p.notes) > 0 {
		b.WriteByte('\n')
	}
	for _, note := range p.notes {
		b.WriteString(note + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (o *Options) notation() record.Notation {
	return record.Notation{Decode: o.Decode, ASCII: o.ASCII, Brief: true}
}

// sheet places the lifelines: margins for the states, the rest in equal gaps.
func (o *Options) sheet(lanes, left, right int) *sheet {
	sh := &sheet{strokes: boxes, options: o, notation: o.notation(), width: o.width()}
	if o.ASCII {
		sh.strokes = ascii
	}
	first, last := timeWidth+left, sh.width-1-right
	gaps := max(lanes-1, 1)
	for i := range lanes {
		sh.at = append(sh.at, first+(last-first)*i/gaps)
	}
	return sh
}

// head writes the titles of the lifelines.
func (sh *sheet) head(sec *section) string {
	c := newCanvas(sh.width)
	if !sh.options.Stable {
		c.put(timeWidth-5, "time")
	}
	room := sh.width - timeWidth
	if n := len(sec.lanes); n > 1 {
		room = room/n - 1
	}
	for i, lane := range sec.lanes {
		title := shorten(clean(lane.title(), sh.notation.ASCII), room, sh.notation.ASCII)
		wide := columns.StringWidth(title)
		from := sh.at[i] - wide/2
		switch {
		case i == 0:
			from = min(sh.at[i], timeWidth+room-wide)
		case i == len(sec.lanes)-1:
			from = max(sh.at[i]+1-wide, sh.width-room)
		}
		c.put(from, title)
	}
	return c.line()
}

// row writes the line of a row.
func (sh *sheet) row(r *row) string {
	c := newCanvas(sh.width)
	stamp := sh.options.stamp(r.step)
	c.put(timeWidth-1-len(stamp), stamp)
	for _, x := range sh.at {
		c.put(x, sh.life)
	}
	switch {
	case r.lane == nowhere:
		sh.across(c, r)
	case r.to != nowhere:
		sh.arrow(c, r)
	default:
		sh.call(c, r)
	}
	sh.states(c, r)
	return c.line()
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// across writes a note over all lifelines.
func (sh *sheet) across(c *canvas, r *row) {
	from, to := timeWidth, sh.width
	words := " " + r.label(sh.notation, to-from-8) + " "
	c.fill(from, to, sh.strokes.across)
	c.put(from+3, words)
}

// states writes the states of the outer lanes beside their lines.
func (sh *sheet) states(c *canvas, r *row) {
	outer := len(r.states) - 1
	for i, state := range r.states {
		switch {
		case state == record.NoState:
		case i == 0:
			c.put(sh.at[0]-1-len(state.String()), state.String())
		case i == outer:
			c.put(sh.at[i]+2, state.String())
		}
	}
}

// inline returns the state that a lane between others came into; the outer ones
// have a margin for theirs.
func (sh *sheet) inline(r *row, lane int) string {
	if lane <= 0 || lane == len(r.states)-1 || r.states[lane] == record.NoState {
		return ""
	}
	return "[" + r.states[lane].String() + "]"
}

// gap returns the columns between the row's line and the next one on its side.
func (sh *sheet) gap(r *row) (from, to int) {
	next := r.lane + r.side
	switch {
	case next < 0:
		return timeWidth, sh.at[r.lane] - 1
	case next >= len(sh.at):
		return sh.at[r.lane] + 1, sh.width - 1
	case r.side < 0:
		return sh.at[next] + 1, sh.at[r.lane] - 1
	}
	return sh.at[r.lane] + 1, sh.at[next] - 1
}

// call writes a row without an arrow to another lane: the words beside the
// line, what they took in, and where they went when that is outside.
func (sh *sheet) call(c *canvas, r *row) {
	from, to := sh.gap(r)
	if out := r.outside(); out != "" {
		sh.leave(c, r, from, to, out)
		return
	}
	room := to - from - 1
	inline, taken := spaced(sh.inline(r, r.lane)), r.taken()
	if taken != "" {
		room -= columns.StringWidth(taken) + 2
	}
	words := r.label(sh.notation, room-len(inline)) + inline
	if r.side > 0 {
		if taken != "" {
			words = sh.takenLeft + taken + " " + words
		}
		c.put(from+1, words)
		return
	}
	if taken != "" {
		words += " " + taken + sh.takenRight
	}
	c.put(to-columns.StringWidth(words), words)
}

// leave draws an arrow that ends at an address outside the picture.
func (sh *sheet) leave(c *canvas, r *row, from, to int, out string) {
	line := sh.strokes.across
	inline := spaced(sh.inline(r, r.lane))
	out = shorten(clean(out, sh.notation.ASCII), (to-from)/2, sh.notation.ASCII)
	room := to - from - columns.StringWidth(out) - len(inline) - 6
	words := r.label(sh.notation, room) + inline
	if r.side > 0 {
		end := to - columns.StringWidth(out)
		if len(sh.at) == 1 {
			c.fill(from, end-2, line)
		}
		c.put(from-1, sh.branch+line+" "+words+" "+line)
		if len(sh.at) > 1 {
			end = from + 6 + columns.StringWidth(words)
		}
		c.put(end-2, line+sh.right+" "+out)
		return
	}
	s := out + " " + sh.left + line + line + " " + words + " " + line + sh.meet
	c.put(to+2-columns.StringWidth(s), s)
}

// arrow draws from the row's lane to another, crossing those between.
func (sh *sheet) arrow(c *canvas, r *row) {
	from, to := sh.gap(r)
	inline, theirs := spaced(sh.inline(r, r.lane)), spaced(sh.inline(r, r.to))
	room := to - from - 5 - len(inline) - len(theirs)
	if theirs != "" {
		theirs += " " + sh.strokes.across
		room -= 2
	}
	words := " " + r.label(sh.notation, room) + inline + " "
	wide := columns.StringWidth(words)
	start, target := sh.at[r.lane], sh.at[r.to]
	if r.side > 0 {
		c.fill(start, target-1, sh.strokes.across)
		c.put(target-1, sh.right)
		c.put(start, sh.branch)
		c.put(start+2, words)
		c.put(target-1-columns.StringWidth(theirs), theirs)
	} else {
		c.fill(target+1, start, sh.strokes.across)
		c.put(target+1, sh.left)
		c.put(start, sh.meet)
		c.put(start-1-wide, words)
		c.put(target+3, theirs)
	}
	for i := min(r.lane, r.to) + 1; i < max(r.lane, r.to); i++ {
		c.put(sh.at[i], sh.cross)
	}
}
