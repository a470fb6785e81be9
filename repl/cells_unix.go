//go:build unix

package repl

import (
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells are the rows that the line editor has drawn since its prompt appeared, and where its cursor is.
// Row 0 begins with the prompt. It is a model of the terminal, not of the editor: it knows nothing but cells.
type cells struct {
	prompt, painted string
	columns         int
	rows            [][]cell
	row, col        int // col == columns: the row is full and the next character wraps
}

// A cell is one column: a character with its combining marks. The second column of a wide character is empty.
type cell struct {
	text  string
	width int
}

// atPrompt reports whether p, printed now, is the prompt in its place.
func (l *cells) atPrompt(p []byte) bool {
	return l.prompt != "" && l.row == 0 && l.col == 0 && strings.HasPrefix(string(p[:min(len(p), len(l.prompt))]), l.prompt)
}

func (l *cells) putString(s string) {
	for _, r := range s {
		l.put(r)
	}
}

// put prints one character, as a terminal with automatic margins does.
func (l *cells) put(r rune) {
	w := runewidth.RuneWidth(r)
	if r < ' ' || r == 0x7f {
		return
	}
	if w == 0 {
		l.combine(r)
		return
	}
	if l.col+w > l.columns && l.col > 0 {
		l.row, l.col = l.row+1, 0
	}
	row := l.rowUpTo(l.col)
	row = append(row[:l.col], append(cellsOf(r, w), row[min(len(row), l.col+w):]...)...)
	l.rows[l.row] = row
	l.col += w
}

func cellsOf(r rune, w int) []cell {
	cells := make([]cell, w)
	cells[0] = cell{text: string(r), width: w}
	return cells
}

// combine adds a mark to the character before the cursor.
func (l *cells) combine(r rune) {
	row := l.rowUpTo(l.col)
	for i := l.col - 1; i >= 0; i-- {
		if row[i].width > 0 {
			row[i].text += string(r)
			return
		}
	}
}

// rowUpTo returns the cursor's row, made at least n cells long.
func (l *cells) rowUpTo(n int) []cell {
	for len(l.rows) <= l.row {
		l.rows = append(l.rows, nil)
	}
	row := l.rows[l.row]
	for len(row) < n {
		row = append(row, cell{text: " ", width: 1})
	}
	l.rows[l.row] = row
	return row
}

// newline goes to the next row and reports whether there was need to: at the end of a line the editor prints as
// many as the line had rows at its longest, which would leave empty rows on the screen.
func (l *cells) newline() bool {
	if l.row > 0 && l.row == len(l.rows)-1 && len(l.rows[l.row]) == 0 {
		return false
	}
	l.row, l.col = l.row+1, 0
	l.rowUpTo(0)
	return true
}

// toEnd moves the real cursor below the last row that has text, if the editor left it elsewhere.
func (l *cells) toEnd() string {
	last := len(l.rows) - 1
	for last >= 0 && len(l.rows[last]) == 0 {
		last--
	}
	if l.row > last {
		return ""
	}
	return vertical(last-l.row, 'B') + "\r\n"
}

// move follows one control sequence and returns what the terminal shall get for it.
func (l *cells) move(seq string) string {
	n, err := strconv.Atoi(seq[2 : len(seq)-1])
	if err != nil {
		n = 1
	}
	switch seq[len(seq)-1] {
	case 'A':
		n = min(n, l.row)
		l.row -= n
		return vertical(n, 'A')
	case 'B':
		n = min(n, max(0, len(l.rows)-1-l.row))
		l.row += n
		return vertical(n, 'B')
	case 'C':
		l.col = min(l.columns-1, l.col+n)
	case 'G':
		l.col = max(0, min(l.columns, n)-1)
	case 'K':
		l.rows[l.row] = l.rowUpTo(l.col)[:l.col]
		l.trim()
	case 'H':
		l.row, l.col = 0, 0
	case 'J':
		l.rows = nil
	}
	return seq
}

// trim forgets the empty rows below the cursor: the editor has erased them and counts anew.
func (l *cells) trim() {
	for len(l.rows)-1 > l.row && len(l.rows[len(l.rows)-1]) == 0 {
		l.rows = l.rows[:len(l.rows)-1]
	}
}

// toTop moves the real cursor to the first row. The model's cursor stays.
func (l *cells) toTop() string { return vertical(l.row, 'A') }

// replay draws all rows from the first one, where the real cursor must be at column 0, and puts the real cursor
// where the model's is.
func (l *cells) replay() string {
	var b strings.Builder
	for i := range max(len(l.rows), l.row+1) {
		if i > 0 {
			b.WriteString("\r\n")
		}
		if i < len(l.rows) {
			b.WriteString(l.paint(i, len(l.rows[i])))
		}
	}
	b.WriteString(vertical(max(len(l.rows), l.row+1)-1-l.row, 'A'))
	b.WriteString("\r")
	b.WriteString(l.toColumn())
	return b.String()
}

// toColumn moves the real cursor from column 0 to the model's. A row that is just full is a state that only
// printing its last character brings back.
func (l *cells) toColumn() string {
	if l.col == 0 {
		return ""
	}
	if l.col < l.columns {
		return "\x1b[" + strconv.Itoa(l.col) + "C"
	}
	return l.paint(l.row, l.col)
}

// paint returns the first n cells of a row, the prompt in its colours.
func (l *cells) paint(row, n int) string {
	var b strings.Builder
	for _, c := range l.rows[row][:n] {
		b.WriteString(c.text)
	}
	text := b.String()
	if rest, found := strings.CutPrefix(text, l.prompt); found && row == 0 {
		return l.painted + rest
	}
	return text
}
