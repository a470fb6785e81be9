//go:build unix

package repl

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A drawing is what the line editor prints on its way to the screen. It is followed cell by cell, so that other text
// can be put above the edited line at any byte of the editor's output, and the line be drawn again under it with the
// cursor where the editor believes it to be. The editor takes no part in that: a search or a completion that is under
// way goes on.
type drawing struct {
	screen  *screen
	synced  chan struct{} // told when draw meets syncMark
	line    *cells        // of the edited line; nil while none is
	pending []byte        // the beginning of a rune or a control sequence
}

// syncMark in the editor's output stands for "all before this has been drawn": an application program command,
// which no editor prints.
const syncMark = "\x1b_drawn\x1b\\"

func newDrawing(s *screen) *drawing { return &drawing{screen: s, synced: make(chan struct{}, 1)} }

// begin tells that the editor is about to draw a line after prompt, which is to look like painted.
func (d *drawing) begin(prompt, painted string) {
	s := d.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	d.line = &cells{prompt: prompt, painted: painted, columns: max(1, s.columns())}
	s.occupy(d.line)
}

// end tells that the editor is done with the line. The cursor goes below it.
func (d *drawing) end() {
	s := d.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(d.line.toEnd())
	d.line = nil
	s.release()
}

// redraw draws the edited line again, if there is one, from the cursor's row down: after the terminal was somebody
// else's. It reports whether there is one.
func (d *drawing) redraw() bool {
	s := d.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.line == nil {
		return false
	}
	s.emit("\r\x1b[J" + d.line.replay())
	return true
}

// draw passes on what the editor printed, and follows it. A relative move beyond the rows that the line has is
// cut short: the editor moves down a row too far when the window changes before its first key.
func (d *drawing) draw(p []byte) {
	s := d.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.line != nil {
		d.line.columns = max(1, s.columns())
	}
	p = append(d.pending, p...)
	d.pending = nil
	var out strings.Builder
	for len(p) > 0 {
		n := d.step(p, &out)
		if n == 0 {
			d.pending = append([]byte(nil), p...)
			break
		}
		p = p[n:]
	}
	s.emit(out.String())
}

// step takes one unit from the editor's output, writes what the terminal shall get, and returns the unit's
// length: 0 if the unit is not complete.
func (d *drawing) step(p []byte, out *strings.Builder) int {
	if p[0] == '\x1b' {
		return d.control(p, out)
	}
	if d.line == nil {
		return d.passOn(p)
	}
	switch p[0] {
	case '\r':
		d.line.col = 0
		out.WriteByte('\r')
		return 1
	case '\n':
		if d.line.newline() {
			out.WriteByte('\n')
		}
		return 1
	}
	if d.line.atPrompt(p) {
		d.line.putString(d.line.prompt)
		out.WriteString(d.line.painted)
		return len(d.line.prompt)
	}
	if !utf8.FullRune(p) {
		return 0
	}
	r, n := utf8.DecodeRune(p)
	d.line.put(r)
	out.Write(p[:n])
	return n
}

// passOn shows what reached standard output past this package while no line is edited.
func (d *drawing) passOn(p []byte) int {
	n := len(p)
	if i := bytes.IndexByte(p[1:], '\x1b'); i >= 0 {
		n = 1 + i
	}
	d.screen.foreground(p[:n])
	return n
}

// control takes one escape sequence: the mark, or one of the few sequences that the editor uses.
func (d *drawing) control(p []byte, out *strings.Builder) int {
	if bytes.HasPrefix(p, []byte(syncMark)) {
		d.screen.emit(out.String())
		out.Reset()
		d.synced <- struct{}{}
		return len(syncMark)
	}
	if bytes.HasPrefix([]byte(syncMark), p) {
		return 0
	}
	if d.line == nil {
		return d.passOn(p)
	}
	if p[1] != '[' {
		return 1
	}
	end := bytes.IndexFunc(p[2:], func(r rune) bool { return r >= 0x40 && r <= 0x7e })
	if end < 0 {
		return 0
	}
	n := 2 + end + 1
	out.WriteString(d.line.move(string(p[:n])))
	return n
}
