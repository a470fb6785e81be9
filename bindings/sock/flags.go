package sock

import (
	"strconv"
	"strings"
)

// Flags modify one receiving or sending call: the MSG_ constants of this system,
// with the system's own numbers, joined by "|".
type Flags int

// FlagName is one row of the table of flags that this system has.
type FlagName struct {
	Name string // as in C: "MSG_PEEK"
	Flag Flags
	Doc  string // one line
}

// FlagNames returns the flags of this system in reading order.
func FlagNames() []FlagName { return flagTable[:] }

// String returns the names of the flags, joined by "|", or "0".
func (f Flags) String() string {
	if f == 0 {
		return "0"
	}
	var names []string
	for _, row := range flagTable {
		if f&row.Flag == row.Flag {
			names = append(names, row.Name)
			f &^= row.Flag
		}
	}
	if f != 0 {
		names = append(names, "0x"+strconv.FormatInt(int64(f), 16))
	}
	return strings.Join(names, "|")
}
