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
