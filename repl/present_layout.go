package repl

import (
	"fmt"
	"strings"
)

// A layout says how a presentation is set out on a screen.
type layout struct {
	width     int  // of the screen
	projector bool // seen from the last row: wide margins, and nothing that is not the subject
	paint     func(style, string) string
}

// styleTitle is bold.
const styleTitle style = 1

// longestLine is how wide running text is at most: longer lines are hard to read.
const longestLine = 88

func (l layout) margin() string {
	if l.projector {
		return "      "
	}
	return "  "
}

// gap is what stands between the parts of a step.
func (l layout) gap() string {
	if l.projector {
		return "\n\n"
	}
	return "\n"
}

// opening is what a lesson begins with.
func (l layout) opening(lesson lesson) string {
	text := "\n" + l.margin() + l.paint(styleTitle, cutTo(lesson.title, l.width-2*len(l.margin()))) + "\n" + l.gap()
	if intro := l.prose(lesson.intro); intro != "" {
		text += intro + l.gap()
	}
	return text
}

// step is a step before it runs.
func (l layout) step(s step, number, of int) string {
	text := l.heading(s.title, number, of) + l.gap()
	if prose := l.prose(s.narration); prose != "" {
		text += prose + l.gap()
	}
	return text + l.listing(s.code) + l.gap()
}

// heading names the step, on a line across the screen where that is no clutter.
func (l layout) heading(title string, number, of int) string {
	if l.projector {
		words := cutTo(fmt.Sprintf("%d  %s", number, title), l.width-2*len(l.margin()))
		return "\n" + l.margin() + l.paint(styleTitle, words) + "\n"
	}
	words := fmt.Sprintf(" %d/%d ─ %s ", number, of, cutTo(title, l.width-20))
	line := strings.Repeat("─", max(0, min(l.width-1, longestLine+4)-2-textWidth(words)))
	return l.paint(styleRemark, "──") + l.paint(styleTitle, words) + l.paint(styleRemark, line) + "\n"
}

// prose sets comment lines as paragraphs. A line that is indented stands as it is.
func (l layout) prose(lines []string) string {
	room := min(longestLine, l.width-1-len(l.margin()))
	var b strings.Builder
	paragraph := ""
	end := func() {
		for _, row := range wrap(paragraph, room) {
			b.WriteString(l.margin() + row + "\n")
		}
		paragraph = ""
	}
	for _, line := range lines {
		switch {
		case strings.TrimSpace(line) == "":
			end()
			b.WriteString("\n")
		case strings.HasPrefix(line, " "):
			end()
			b.WriteString(l.margin() + cutTo(line, room) + "\n")
		case paragraph == "":
			paragraph = line
		default:
			paragraph += " " + line
		}
	}
	end()
	return b.String()
}

// listing sets code, with its line numbers where they are no clutter.
func (l layout) listing(code []codeLine) string {
	var b strings.Builder
	for _, line := range code {
		if l.projector {
			b.WriteString(strings.TrimRight(l.margin()+"  "+line.text, " ") + "\n")
			continue
		}
		number := l.paint(styleRemark, fmt.Sprintf("%5d │", line.number))
		b.WriteString(strings.TrimRight(number+" "+line.text, " ") + "\n")
	}
	return b.String()
}

// news is what a step left on the timeline.
func (l layout) news(n News) string {
	var parts []string
	if len(n.Calls) > 0 && !l.projector {
		parts = append(parts, strings.Join(n.Calls, "\n")+"\n")
	}
	if n.Ladder != "" {
		parts = append(parts, n.Ladder)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, l.gap()) + l.gap()
}

// wrap breaks text into rows of at most width columns: at spaces, and within a run of wide characters, which have
// none, where the row is full.
func wrap(text string, width int) []string {
	var rows []string
	row := ""
	for _, word := range strings.Fields(text) {
		switch {
		case row == "":
			row = word
		case textWidth(row)+1+textWidth(word) <= width:
			row += " " + word
		default:
			rows = append(rows, row)
			row = word
		}
		for textWidth(row) > width {
			head := prefixWithin(row, width)
			rows = append(rows, head)
			row = row[len(head):]
		}
	}
	if row != "" {
		rows = append(rows, row)
	}
	return rows
}

// prefixWithin returns as much of s as width columns hold, at least one character.
func prefixWithin(s string, width int) string {
	for i, r := range s {
		if i > 0 && textWidth(s[:i]+string(r)) > width {
			return s[:i]
		}
	}
	return s
}
