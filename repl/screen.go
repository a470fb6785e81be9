package repl

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// maxHeld bounds the output without a newline that waits while a line is edited.
const maxHeld = 64 << 10

// A screen is the terminal, or whatever else output goes to. While a line is edited at its bottom, text is put above
// that line. All methods may be called from any goroutine.
type screen struct {
	tty     io.Writer
	columns func() int
	plain   bool // the terminal, if there is one, knows no control sequences

	mu     sync.Mutex
	bottom bottomLines // nil while the cursor is free
	held   []byte      // what Write was given without a newline while a line is edited
	late   []byte      // what Background was given without a newline
	tail   []byte      // what stands on the screen after the last newline while no line is edited
}

// The bottomLines are what stands at the bottom of the screen while text is put above it: the edited line, or a table
// that is kept up to date. The methods return what the terminal must be sent.
type bottomLines interface {
	toTop() string  // puts the cursor on the first row
	replay() string // draws all rows from there, and the cursor where it was
}

func newScreen(tty io.Writer, columns func() int) *screen {
	return &screen{tty: tty, columns: columns}
}

// occupy gives the bottom of the screen to lines that start on a fresh row: a foreground line without a newline is
// ended first. The caller holds the lock, as for release.
func (s *screen) occupy(lines bottomLines) {
	if s.tailWidth() > 0 {
		s.emit("\r\n")
	}
	s.tail = nil
	s.bottom = lines
}

// release ends what occupy began, with the cursor below the lines. Held output is shown.
func (s *screen) release() {
	s.bottom = nil
	held := s.held
	s.held = nil
	if len(held) > 0 {
		s.foreground(held)
	}
}

// flush shows what has waited for a newline that will not come.
func (s *screen) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.late) > 0 {
		s.foreground(s.late)
		s.late = nil
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
	if s.bottom == nil {
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
	if s.bottom != nil {
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
	b.WriteString(s.bottom.toTop())
	b.WriteString("\r\x1b[J")
	for line := range strings.Lines(string(lines)) {
		b.WriteString(displayable(strings.TrimSuffix(line, "\n")))
		b.WriteString("\n")
	}
	b.WriteString(s.bottom.replay())
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
