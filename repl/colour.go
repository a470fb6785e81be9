package repl

import (
	"fmt"
	"io"
	"os"
)

// Colour says when to print in colours. The zero value is ColourAuto.
type Colour int

// ColourAuto means on a terminal, unless NO_COLOR is set.
const (
	ColourAuto Colour = iota
	ColourAlways
	ColourNever
)

// ParseColour reads the value of a --color flag: auto, always or never.
func ParseColour(value string) (Colour, error) {
	for i, name := range []string{"auto", "always", "never"} {
		if value == name {
			return Colour(i), nil
		}
	}
	return 0, fmt.Errorf("colour %q: want auto, always or never", value)
}

func (c Colour) wanted(out io.Writer) bool {
	if c != ColourAuto {
		return c == ColourAlways
	}
	return os.Getenv("NO_COLOR") == "" && capable() && isTerminal(out)
}

// capable reports whether the terminal knows control sequences.
func capable() bool {
	switch os.Getenv("TERM") {
	case "", "dumb", "cons25":
		return false
	}
	return true
}

// A style is one of the 16 basic colours, as the number that sets it.
type style int

const (
	styleError  style = 31
	styleHint   style = 33
	stylePrompt style = 36
	styleRemark style = 90
)

// paint colours text if the terminal shows colours.
func (t *Terminal) paint(s style, text string) string {
	if !t.colour || text == "" {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", s, text)
}
