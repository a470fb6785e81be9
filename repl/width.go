package repl

import (
	"os"
	"strings"
	"sync"

	"github.com/mattn/go-runewidth"
)

// narrowAmbiguous makes characters of ambiguous width (“ ” … ① and the like) one column wide, as nearly all
// terminals draw them. The width library takes a Chinese or Japanese locale for a wide terminal, which puts the
// cursor several columns off. RUNEWIDTH_EASTASIAN, if set, has the last word, as for every user of that library.
var narrowAmbiguous = sync.OnceFunc(func() {
	if os.Getenv("RUNEWIDTH_EASTASIAN") != "" {
		return
	}
	runewidth.EastAsianWidth = false
	runewidth.DefaultCondition.EastAsianWidth = false
})

// textWidth counts the columns of s as the line editor does: rune by rune.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runewidth.RuneWidth(r)
	}
	return n
}

// padRight fills s with spaces up to width columns.
func padRight(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-textWidth(s)))
}

// cutTo shortens s to at most width columns, and marks a cut with an ellipsis.
func cutTo(s string, width int) string {
	if textWidth(s) <= width {
		return s
	}
	return runewidth.Truncate(s, width, "…")
}

// wordWrap breaks the lines of text at spaces so that they fit into width columns. What goes on is indented as its line.
func wordWrap(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(wrapLine(line, width))
	}
	return b.String()
}

func wrapLine(line string, width int) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	wrapped := ""
	for textWidth(strings.TrimRight(line, "\n")) > width {
		at := breakBefore(line, len(indent), width)
		if at < 0 {
			break
		}
		wrapped += strings.TrimRight(line[:at], " ") + "\n"
		line = indent + line[at:]
	}
	return wrapped + line
}

// breakBefore returns where the last word begins that may stand on the next line, -1 if there is none.
func breakBefore(line string, from, width int) int {
	at, column := -1, 0
	for i, r := range line {
		if column > width {
			break
		}
		if i > from && line[i-1] == ' ' && r != ' ' {
			at = i
		}
		column += textWidth(string(r))
	}
	return at
}
