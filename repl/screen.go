package repl

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxHeld bounds the output without a newline that waits while a line is edited.
const maxHeld = 64 << 10

// A screen draws on the terminal. What the line editor prints goes through draw and is followed cell by cell, so
// that other text can be put above the edited line at any byte of the editor's output, and the line be drawn
// again under it with the cursor where the editor believes it to be. The editor takes no part in that: a search
// or a completion that is under way goes on.
//
// All methods may be called from any goroutine.
type screen struct {
	tty     io.Writer
	columns func() int
	plain   bool          // the terminal, if there is one, knows no control sequences
	synced  chan struct{} // told when draw meets syncMark

	mu      sync.Mutex
	editing bool
	line    editedLine
	pending []byte // the beginning of a rune or a control sequence of the editor
	held    []byte // what Write was given without a newline while a line is edited
	late    []byte // what Background was given without a newline
	tail    []byte // what stands on the screen after the last newline while no line is edited
}

// syncMark in the editor's output stands for "all before this has been drawn": an application program command,
// which no editor prints.
const syncMark = "\x1b_drawn\x1b\\"

func newScreen(tty io.Writer, columns func() int) *screen {
	return &screen{tty: tty, columns: columns, synced: make(chan struct{}, 1)}
}

// begin tells that the editor is about to draw a line after prompt, which is to look like painted. The line
// starts on a fresh row: a foreground line without a newline is ended first.
func (s *screen) begin(prompt, painted string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tailWidth() > 0 {
		s.emit("\r\n")
	}
	s.tail = nil
	s.editing = true
	s.line = editedLine{prompt: prompt, painted: painted, columns: max(1, s.columns())}
}

// end tells that the editor is done with the line. The cursor goes below it, and held output is shown.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(s.line.toEnd())
	s.editing = false
	s.line = editedLine{}
	held := s.held
	s.held = nil
	if len(held) > 0 {
		s.foreground(held)
	}
}

// takeTail removes the unfinished foreground line from the screen and returns it: it becomes a prompt.
func (s *screen) takeTail() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	tail := string(s.tail)
	if tail != "" {
		s.emit(s.eraseTail())
		s.tail = nil
	}
	return tail
}

// Write shows what the foreground prints: at once if no line is edited, else in whole lines above the edited one.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.editing {
		return len(p), s.foreground(p)
	}
	var lines []byte
	lines, s.held = wholeLines(append(s.held, p...))
	return len(p), s.above(lines)
}

// Background shows whole lines above whatever is unfinished: the edited line, or a line of the foreground.
func (s *screen) Background(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []byte
	lines, s.late = wholeLines(append(s.late, p...))
	if len(lines) == 0 {
		return len(p), nil
	}
	if s.editing {
		return len(p), s.above(lines)
	}
	if len(s.tail) == 0 {
		return len(p), s.emit(string(lines))
	}
	if s.plain {
		s.tail = nil
		return len(p), s.emit("\n" + string(lines))
	}
	return len(p), s.emit(s.eraseTail() + string(lines) + string(s.tail))
}

// entered tells that a person has ended a plain line with Enter: the cursor is on a fresh row.
func (s *screen) entered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tail = nil
}

func (s *screen) isEditing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.editing
}

// redraw draws the edited line again, from the cursor's row down: after the terminal was somebody else's.
func (s *screen) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.editing {
		s.emit("\r\x1b[J" + s.line.replay())
	}
}

func (s *screen) foreground(p []byte) error {
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		s.tail = append([]byte(nil), p[i+1:]...)
	} else if len(s.tail) < maxHeld {
		s.tail = append(s.tail, p...)
	}
	return s.emit(string(p))
}

// above puts whole lines above the edited line.
func (s *screen) above(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(s.line.toTop())
	b.WriteString("\r\x1b[J")
	for line := range strings.Lines(string(lines)) {
		b.WriteString(displayable(strings.TrimSuffix(line, "\n")))
		b.WriteString("\n")
	}
	b.WriteString(s.line.replay())
	return s.emit(b.String())
}

// eraseTail returns what removes the unfinished foreground line, which may have wrapped.
func (s *screen) eraseTail() string {
	rows := max(0, s.tailWidth()-1) / max(1, s.columns())
	return vertical(rows, 'A') + "\r\x1b[J"
}

func (s *screen) tailWidth() int { return textWidth(plainText(string(s.tail))) }

func (s *screen) emit(text string) error {
	if text == "" {
		return nil
	}
	_, err := io.WriteString(s.tty, text)
	return err
}

// wholeLines splits p after its last newline. What is left over is copied, and cut if it grows without end.
func wholeLines(p []byte) (lines, rest []byte) {
	i := bytes.LastIndexByte(p, '\n') + 1
	if len(p)-i > maxHeld {
		return append(p, '\n'), nil
	}
	return p[:i], append([]byte(nil), p[i:]...)
}

// draw passes on what the editor printed, and follows it. A relative move beyond the rows that the line has is
// cut short: the editor moves down a row too far when the window changes before its first key.
func (s *screen) draw(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line.columns = max(1, s.columns())
	p = append(s.pending, p...)
	s.pending = nil
	var out strings.Builder
	for len(p) > 0 {
		n := s.step(p, &out)
		if n == 0 {
			s.pending = append([]byte(nil), p...)
			break
		}
		p = p[n:]
	}
	s.emit(out.String())
}

// step takes one unit from the editor's output, writes what the terminal shall get, and returns the unit's
// length: 0 if the unit is not complete.
func (s *screen) step(p []byte, out *strings.Builder) int {
	if p[0] == '\x1b' {
		return s.control(p, out)
	}
	if !s.editing {
		return s.passOn(p)
	}
	switch p[0] {
	case '\r':
		s.line.col = 0
		out.WriteByte('\r')
		return 1
	case '\n':
		if s.line.newline() {
			out.WriteByte('\n')
		}
		return 1
	}
	if s.line.atPrompt(p) {
		s.line.putString(s.line.prompt)
		out.WriteString(s.line.painted)
		return len(s.line.prompt)
	}
	if !utf8.FullRune(p) {
		return 0
	}
	r, n := utf8.DecodeRune(p)
	s.line.put(r)
	out.Write(p[:n])
	return n
}

// passOn shows what reached standard output past this package while no line is edited.
func (s *screen) passOn(p []byte) int {
	n := len(p)
	if i := bytes.IndexByte(p[1:], '\x1b'); i >= 0 {
		n = 1 + i
	}
	s.foreground(p[:n])
	return n
}

// control takes one escape sequence: the mark, or one of the few sequences that the editor uses.
func (s *screen) control(p []byte, out *strings.Builder) int {
	if bytes.HasPrefix(p, []byte(syncMark)) {
		s.emit(out.String())
		out.Reset()
		s.synced <- struct{}{}
		return len(syncMark)
	}
	if bytes.HasPrefix([]byte(syncMark), p) {
		return 0
	}
	if !s.editing {
		return s.passOn(p)
	}
	if p[1] != '[' {
		return 1
	}
	end := bytes.IndexFunc(p[2:], func(r rune) bool { return r >= 0x40 && r <= 0x7e })
	if end < 0 {
		return 0
	}
	n := 2 + end + 1
	out.WriteString(s.line.move(string(p[:n])))
	return n
}
