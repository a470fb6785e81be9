package repl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// An editedLine is the rows that the line editor has drawn since its prompt appeared, and where its cursor is.
// Row 0 begins with the prompt. It is a model of the terminal, not of the editor: it knows nothing but cells.
type editedLine struct {
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
func (l *editedLine) atPrompt(p []byte) bool {
	return l.prompt != "" && l.row == 0 && l.col == 0 && strings.HasPrefix(string(p[:min(len(p), len(l.prompt))]), l.prompt)
}

func (l *editedLine) putString(s string) {
	for _, r := range s {
		l.put(r)
	}
}

// put prints one character, as a terminal with automatic margins does.
func (l *editedLine) put(r rune) {
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
func (l *editedLine) combine(r rune) {
	row := l.rowUpTo(l.col)
	for i := l.col - 1; i >= 0; i-- {
		if row[i].width > 0 {
			row[i].text += string(r)
			return
		}
	}
}

// rowUpTo returns the cursor's row, made at least n cells long.
func (l *editedLine) rowUpTo(n int) []cell {
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
func (l *editedLine) newline() bool {
	if l.row > 0 && l.row == len(l.rows)-1 && len(l.rows[l.row]) == 0 {
		return false
	}
	l.row, l.col = l.row+1, 0
	l.rowUpTo(0)
	return true
}

// toEnd moves the real cursor below the last row that has text, if the editor left it elsewhere.
func (l *editedLine) toEnd() string {
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
func (l *editedLine) move(seq string) string {
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
func (l *editedLine) trim() {
	for len(l.rows)-1 > l.row && len(l.rows[len(l.rows)-1]) == 0 {
		l.rows = l.rows[:len(l.rows)-1]
	}
}

// toTop moves the real cursor to the first row. The model's cursor stays.
func (l *editedLine) toTop() string { return vertical(l.row, 'A') }

// replay draws all rows from the first one, where the real cursor must be at column 0, and puts the real cursor
// where the model's is.
func (l *editedLine) replay() string {
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
func (l *editedLine) toColumn() string {
	if l.col == 0 {
		return ""
	}
	if l.col < l.columns {
		return "\x1b[" + strconv.Itoa(l.col) + "C"
	}
	return l.paint(l.row, l.col)
}

// paint returns the first n cells of a row, the prompt in its colours.
func (l *editedLine) paint(row, n int) string {
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

func vertical(n int, direction byte) string {
	if n <= 0 {
		return ""
	}
	return "\x1b[" + strconv.Itoa(n) + string(direction)
}

// displayable makes one line of output harmless above an edited line: colours stay, everything else that moves
// the cursor or changes the terminal goes. After a carriage return the line starts again, as on a screen.
func displayable(line string) string {
	line = strings.TrimRight(line, "\r")
	if i := strings.LastIndexByte(line, '\r'); i >= 0 {
		line = line[i+1:]
	}
	if !strings.ContainsFunc(line, isControl) {
		return line
	}
	var b strings.Builder
	painted := false
	for len(line) > 0 {
		n, isColour := escapeLength(line)
		if isColour {
			b.WriteString(line[:n])
			painted = true
		}
		if n > 0 {
			line = line[n:]
			continue
		}
		r, size := utf8.DecodeRuneInString(line)
		if !isControl(r) || r == '\t' {
			b.WriteString(line[:size])
		}
		line = line[size:]
	}
	if painted {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}

// plainText is displayable without the colours.
func plainText(line string) string {
	line = displayable(line)
	var b strings.Builder
	for len(line) > 0 {
		if n, _ := escapeLength(line); n > 0 {
			line = line[n:]
			continue
		}
		b.WriteByte(line[0])
		line = line[1:]
	}
	return b.String()
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// escapeLength returns the length of the control sequence that line begins with, 0 if there is none, and whether
// it only sets colours.
func escapeLength(line string) (n int, isColour bool) {
	if !strings.HasPrefix(line, "\x1b[") {
		return 0, false
	}
	for i := 2; i < len(line); i++ {
		if line[i] >= 0x40 && line[i] <= 0x7e {
			return i + 1, line[i] == 'm'
		}
		if line[i] < 0x20 || line[i] > 0x7e {
			break
		}
	}
	return 2, false
}
