package ladder

import (
	"strings"

	"lunawire/bindings/record"
)

// canvas is one line of text of a fixed width. A cell holds all of a text that
// begins there, and the cells that the text covers are empty: so the width of
// what is drawn is the width of whole texts, which is not always that of their
// characters one by one.
type canvas struct{ cells []string }

func newCanvas(width int) *canvas {
	c := &canvas{cells: make([]string, width)}
	c.fill(0, width, " ")
	return c
}

// put writes s from a column on, over strokes and spaces but over no other
// text. What does not fit on the line is cut.
func (c *canvas) put(col int, s string) {
	if col < 0 || col >= len(c.cells) || s == "" {
		return
	}
	s = columns.Truncate(record.Printable(s), len(c.cells)-col, "")
	c.fill(col, col+columns.StringWidth(s), "")
	c.cells[col] = s
}

// fill writes a stroke from a column up to, not including, another.
func (c *canvas) fill(from, to int, stroke string) {
	for col := max(from, 0); col < min(to, len(c.cells)); col++ {
		c.cells[col] = stroke
	}
}

// line returns the line with its end, without spaces before it.
func (c *canvas) line() string {
	return strings.TrimRight(strings.Join(c.cells, ""), " ") + "\n"
}
