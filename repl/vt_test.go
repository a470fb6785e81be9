package repl

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// A vt is a small terminal: automatic margins, wide characters, scrolling with all that scrolled off kept.
type vt struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and renewed at each change
	rows     int
	cols     int
	lines    [][]string // the screen; "" is the second column of a wide character
	scrolled []string
	row, col int
	rest     []byte
	raw      bytes.Buffer
	ended    bool
}

func newVT(rows, cols int) *vt {
	v := &vt{rows: rows, cols: cols, changed: make(chan struct{})}
	v.clear()
	return v
}

func (v *vt) clear() {
	v.lines = make([][]string, v.rows)
	for i := range v.lines {
		v.lines[i] = blankRow(v.cols)
	}
}

func blankRow(n int) []string {
	row := make([]string, n)
	for i := range row {
		row[i] = " "
	}
	return row
}

func (v *vt) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.raw.Write(p)
	b := append(v.rest, p...)
	for len(b) > 0 {
		n := v.step(b)
		if n == 0 {
			break
		}
		b = b[n:]
	}
	v.rest = append([]byte(nil), b...)
	close(v.changed)
	v.changed = make(chan struct{})
	return len(p), nil
}

func (v *vt) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ended = true
	close(v.changed)
	v.changed = make(chan struct{})
}

func (v *vt) step(b []byte) int {
	switch b[0] {
	case '\r':
		v.col = 0
		return 1
	case '\n':
		v.down()
		return 1
	case '\t':
		v.col = min(v.cols-1, v.col/8*8+8)
		return 1
	case 0x1b:
		return v.escape(b)
	}
	if b[0] < ' ' {
		return 1
	}
	if !utf8.FullRune(b) {
		return 0
	}
	r, n := utf8.DecodeRune(b)
	v.put(r)
	return n
}

func (v *vt) put(r rune) {
	w := runewidth.RuneWidth(r)
	if w == 0 {
		v.lines[v.row][max(0, v.col-1)] += string(r)
		return
	}
	if v.col+w > v.cols {
		v.col = 0
		v.down()
	}
	v.lines[v.row][v.col] = string(r)
	if w == 2 {
		v.lines[v.row][v.col+1] = ""
	}
	v.col += w
}

func (v *vt) down() {
	if v.row < v.rows-1 {
		v.row++
		return
	}
	v.scrolled = append(v.scrolled, strings.TrimRight(strings.Join(v.lines[0], ""), " "))
	v.lines = append(v.lines[1:], blankRow(v.cols))
}

func (v *vt) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if b[1] != '[' {
		return 2
	}
	end := bytes.IndexFunc(b[2:], func(r rune) bool { return r >= 0x40 && r <= 0x7e })
	if end < 0 {
		return 0
	}
	params, final := string(b[2:2+end]), b[2+end]
	n, err := strconv.Atoi(params)
	if err != nil || n == 0 {
		n = 1
	}
	v.csi(final, params, n)
	return end + 3
}

func (v *vt) csi(final byte, params string, n int) {
	v.col = min(v.col, v.cols)
	switch final {
	case 'A':
		v.row = max(0, v.row-n)
	case 'B':
		v.row = min(v.rows-1, v.row+n)
	case 'C':
		v.col = min(v.cols-1, v.col+n)
	case 'G':
		v.col = min(v.cols, n) - 1
	case 'H':
		v.row, v.col = 0, 0
	case 'K':
		copy(v.lines[v.row][min(v.col, v.cols):], blankRow(v.cols))
	case 'J':
		if params == "2" {
			v.clear()
			return
		}
		copy(v.lines[v.row][min(v.col, v.cols):], blankRow(v.cols))
		for i := v.row + 1; i < v.rows; i++ {
			v.lines[i] = blankRow(v.cols)
		}
	}
}

// text returns the screen, without the empty rows at its end, and all that has scrolled off before it.
func (v *vt) text() string {
	var rows []string
	for _, l := range v.lines {
		rows = append(rows, strings.TrimRight(strings.Join(l, ""), " "))
	}
	return strings.TrimRight(strings.Join(append(append([]string(nil), v.scrolled...), rows...), "\n"), "\n")
}

// aroundCursor returns all text before and after the cursor.
func (v *vt) aroundCursor() (before, after string) {
	before = strings.Join(v.scrolled, "\n")
	for i, l := range v.lines {
		switch row := strings.Join(l, ""); {
		case i < v.row:
			before += "\n" + row
		case i > v.row:
			after += "\n" + row
		default:
			b, a := v.cursorLine()
			before, after = before+"\n"+b, after+a
		}
	}
	return before, after
}

// cursorLine returns the row of the cursor up to the cursor and after it.
func (v *vt) cursorLine() (before, after string) {
	row := v.lines[v.row]
	return strings.Join(row[:min(v.col, len(row))], ""), strings.TrimRight(strings.Join(row[min(v.col, len(row)):], ""), " ")
}
