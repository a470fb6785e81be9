package ladder

import (
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"strings"

	"lunawire/bindings/record"
)

// Sizes of a drawn ladder, in pixels.
const (
	laneGap    = 480
	sideMargin = 120 // for the states
	timeColumn = 76
	rowHeight  = 30
	headHeight = 64
	labelWidth = 50 // columns of a label that fit between two lifelines
	dumpBytes  = 256
)

// style gives the drawing its colours, for light and dark. It is the same for
// both files, so that an SVG taken out of a page looks as it did there.
const style = `
.ladder { --ink:#1c2127; --faint:#6b7480; --line:#a9b1bb; --go:#0b62c4; --bad:#c4261d; --state:#1d7a3e; --wait:#e9b44c; --paper:#ffffff; --lit:#fff2c2; background:var(--paper); font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Noto Sans Mono CJK SC","Noto Sans CJK SC",monospace; }
@media (prefers-color-scheme: dark) { .ladder { --ink:#e4e8ed; --faint:#8f99a6; --line:#56606c; --go:#6cb2ff; --bad:#ff7a70; --state:#68cf8d; --wait:#b98a2c; --paper:#14181d; --lit:#3a3216; } }
.ladder text { fill:var(--ink); white-space:pre; }
.ladder .time { fill:var(--faint); text-anchor:end; font-size:12px; }
.ladder .title { font-weight:bold; text-anchor:middle; }
.ladder .state { fill:var(--state); font-size:12px; font-weight:bold; }
.ladder .end { text-anchor:end; }
.ladder .taken { fill:var(--go); }
.ladder .failed text.words { fill:var(--bad); }
.ladder .life { stroke:var(--line); stroke-width:2; }
.ladder .arrow { stroke:var(--go); stroke-width:1.6; fill:none; }
.ladder .tip { fill:var(--go); }
.ladder .signal .arrow { stroke:var(--faint); stroke-dasharray:6 3; }
.ladder .signal .tip { fill:var(--faint); }
.ladder .reset .arrow { stroke:var(--bad); stroke-dasharray:none; }
.ladder .reset .tip { fill:var(--bad); }
.ladder .buffer { fill:var(--go); opacity:.28; }
.ladder .blocked { fill:var(--wait); }
.ladder .back { fill:transparent; }
.ladder .row:hover .back, .ladder .row:focus .back, .ladder .lit .back { fill:var(--lit); }
.ladder .row { outline:none; }
.ladder .note .words { fill:var(--faint); font-style:italic; text-anchor:middle; }
.ladder .note line { stroke:var(--line); stroke-dasharray:2 4; }
`

// SVG writes the recording as one drawing. Pointing at a row shows its call in
// full and its bytes.
func SVG(w io.Writer, rec *record.Recording, o Options) error {
	d := newDrawing(rec, o)
	d.tips = true
	body, wide, high := d.all()
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" class="ladder" width="%d" height="%d" viewBox="0 0 %d %d" font-size="14">
<style>%s</style>
<rect width="100%%" height="100%%" style="fill:var(--paper)"/>
%s</svg>
`, wide, high, wide, high, style, body)
	return err
}

// drawing draws a picture as SVG.
type drawing struct {
	strings.Builder
	picture  *picture
	notation record.Notation
	lines    record.Lines
	tips     bool // rows tell about themselves in a title, not in an attribute
	top      int
	lanes    []int // x of the lifelines of the section
	wide     int   // of the section
	rows     map[*step]int
}

func newDrawing(rec *record.Recording, o Options) *drawing {
	o.Width = max(o.width(), wideWidth)
	d := &drawing{picture: build(rec, o), notation: o.notation()}
	d.lines.Decode = o.Decode
	return d
}

// all draws the title, the sections and the notes one below the other.
func (d *drawing) all() (body string, wide, high int) {
	d.top = 12
	if title := d.picture.options.Title; title != "" {
		d.top += 26
		d.text(20, d.top, `style="font-size:18px;font-weight:bold"`, title)
		d.top += 14
	}
	for _, sec := range d.picture.sections {
		d.section(sec)
		wide = max(wide, d.wide)
	}
	for _, note := range d.picture.notes {
		d.text(timeColumn, d.top+8, `class="note"`, note)
		d.top += rowHeight
	}
	return d.String(), max(wide, 600), d.top + 12
}

// text writes escaped text; what XML cannot hold is replaced.
func (d *drawing) text(x, y int, attributes, s string) {
	fmt.Fprintf(d, `<text x="%d" y="%d" %s>%s</text>`+"\n", x, y, attributes, html.EscapeString(record.Printable(s)))
}

func (d *drawing) section(sec *section) {
	d.lanes = d.lanes[:0]
	for i := range sec.lanes {
		d.lanes = append(d.lanes, timeColumn+sideMargin+i*laneGap)
	}
	d.wide = timeColumn + 2*sideMargin + max(len(sec.lanes)-1, 1)*laneGap
	d.rows = map[*step]int{}
	for i, r := range sec.rows {
		d.rows[r.step] = d.top + headHeight + i*rowHeight + rowHeight/2
	}
	bottom := d.top + headHeight + len(sec.rows)*rowHeight
	for i, lane := range sec.lanes {
		d.text(d.lanes[i], d.top+34, `class="title"`, lane.title())
		fmt.Fprintf(d, `<line class="life" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", d.lanes[i], d.top+44, d.lanes[i], bottom+8)
	}
	for _, r := range sec.rows {
		d.row(r)
	}
	for _, r := range sec.rows {
		d.spans(r)
	}
	d.top = bottom + 28
}

// spans draws how long something lasted beside the lifelines: how long the
// call blocked, and how long what it took had waited for it.
func (d *drawing) spans(r *row) {
	if r.lane == nowhere {
		return
	}
	x, y := d.lanes[r.lane], d.rows[r.step]
	if e := &r.step.event; e.Took >= worthTelling && e.Kind == record.CallMade {
		from := y - rowHeight/2
		if began, ok := d.rows[r.step.began]; ok {
			from = began - rowHeight/2
		}
		fmt.Fprintf(d, `<rect class="blocked" x="%d" y="%d" width="6" height="%d" rx="2"/>`+"\n", x-3, from, y-from+4)
	}
	for _, cause := range r.step.takes {
		if from, ok := d.rows[cause]; ok && from < y-rowHeight {
			fmt.Fprintf(d, `<rect class="buffer" x="%d" y="%d" width="5" height="%d"/>`+"\n", x+2-r.away()*9, from, y-from)
		}
	}
}

// away is 1 when the words of the row stand left of its line, else 0.
func (r *row) away() int {
	if r.side < 0 {
		return 1
	}
	return 0
}

func (d *drawing) row(r *row) {
	y := d.rows[r.step]
	fmt.Fprintf(d, `<g class="%s" tabindex="0"%s>`, r.class(), d.about(r))
	fmt.Fprintf(d, `<rect class="back" x="0" y="%d" width="%d" height="%d"/>`+"\n", y-rowHeight/2, d.wide, rowHeight)
	d.text(timeColumn-10, y+5, `class="time"`, d.picture.options.stamp(r.step))
	for i, x := range d.lanes {
		fmt.Fprintf(d, `<line class="life" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", x, y-rowHeight/2, x, y+rowHeight/2)
		d.state(r, i, x, y)
	}
	switch {
	case r.lane == nowhere:
		d.note(r, y)
	case r.to != nowhere:
		d.arrow(r, y, d.lanes[r.to], "")
	case r.outside() != "":
		d.arrow(r, y, d.edge(r), r.outside())
	default:
		d.call(r, y)
	}
	d.WriteString("</g>\n")
}

// class names what a row is, for the style.
func (r *row) class() string {
	classes := []string{"row"}
	if r.lane == nowhere {
		classes = append(classes, "note")
	}
	if r.step.event.Failed() || r.step.event.Lost > 0 {
		classes = append(classes, "failed")
	}
	if r.step.signal != "" {
		classes = append(classes, "signal")
	}
	if r.step.signal == "RST" {
		classes = append(classes, "reset")
	}
	return strings.Join(classes, " ")
}

// about tells what pointing at a row shows, and which rows belong to it.
func (d *drawing) about(r *row) string {
	e := &r.step.event
	d.lines.Limit = dumpBytes
	tell := strings.TrimSpace(d.lines.Line(e))
	if e.Data != "" {
		tell += "\n\n" + hex.Dump([]byte(e.Data[:min(len(e.Data), dumpBytes)]))
		if e.Size > dumpBytes {
			tell += fmt.Sprintf("first %d of %d bytes\n", min(len(e.Data), dumpBytes), e.Size)
		}
	}
	if d.tips {
		return "><title>" + html.EscapeString(cleanLines(tell)) + "</title"
	}
	var numbers []string
	for _, st := range append([]*step{r.step}, r.step.takes...) {
		if st.number > 0 {
			numbers = append(numbers, fmt.Sprint(st.number))
		}
	}
	return fmt.Sprintf(` data-numbers="%s" data-tell="%s"`, strings.Join(numbers, " "), html.EscapeString(cleanLines(tell)))
}

func (d *drawing) state(r *row, i, x, y int) {
	if r.states[i] == record.NoState {
		return
	}
	if i == 0 {
		d.text(x-12, y+5, `class="state end"`, r.states[i].String())
		return
	}
	if i == len(d.lanes)-1 {
		d.text(x+12, y+5, `class="state"`, r.states[i].String())
		return
	}
	// A lane in the middle has words on one side: its state goes to the other.
	if r.lane == i && r.side > 0 || r.lane > i {
		d.text(x-10, y+5, `class="state end"`, r.states[i].String())
		return
	}
	d.text(x+10, y+5, `class="state"`, r.states[i].String())
}

func (d *drawing) note(r *row, y int) {
	middle := (timeColumn + d.wide) / 2
	fmt.Fprintf(d, `<line x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", timeColumn, y+10, d.wide-12, y+10)
	d.text(middle, y+5, `class="words"`, r.label(d.notation, 2*labelWidth))
}

// edge is where an arrow leaves the picture.
func (d *drawing) edge(r *row) int {
	x := d.lanes[r.lane]
	if r.side < 0 {
		return x - laneGap/2
	}
	if len(d.lanes) == 1 {
		return x + laneGap - 40
	}
	return x + laneGap/2
}

// arrow draws a line with a tip from the row's lane to x, its words above.
func (d *drawing) arrow(r *row, y, to int, outside string) {
	from, line := d.lanes[r.lane], y+8
	side := 1
	if to < from {
		side = -1
	}
	tip := to - side*2
	fmt.Fprintf(d, `<path class="arrow" d="M%d %dH%d"/><path class="tip" d="M%d %dl%d -5v10z"/>`+"\n",
		from, line, tip-side*8, tip, line, -side*10)
	attributes := `class="words"`
	if side < 0 {
		attributes = `class="words end"`
	}
	width := labelWidth
	if outside != "" {
		width = (to - from - 24) * side / 9
		at := `class="words"`
		if side < 0 {
			at = `class="words end"`
		}
		d.text(to+side*8, line+5, at, shorten(outside, 26, false))
	}
	d.text(from+side*12, y+3, attributes, r.label(d.notation, width))
}

func (d *drawing) call(r *row, y int) {
	taken := r.taken()
	words := r.label(d.notation, labelWidth-len(taken))
	x, attributes := d.lanes[r.lane]+12, `class="words"`
	if r.side < 0 {
		x, attributes = d.lanes[r.lane]-12, `class="words end"`
	}
	mark := `<tspan class="taken">` + html.EscapeString(taken) + `</tspan>`
	words = html.EscapeString(record.Printable(words))
	switch {
	case taken == "":
	case r.side < 0:
		words += " " + mark + `<tspan class="taken">▷</tspan>`
	default:
		words = `<tspan class="taken">◁</tspan>` + mark + " " + words
	}
	fmt.Fprintf(d, `<text x="%d" y="%d" %s>%s</text>`+"\n", x, y+5, attributes, words)
}
