package vm

import (
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// osDate is C's strftime, or a table for "*t"; "!" in front means UTC.
func osDate(L *lua.LState) int {
	format := optString(L, 1, "%c")
	when := time.Now()
	if L.Get(2) != lua.LNil {
		when = time.Unix(int64(argInt(L, 2)), 0)
	}
	if rest, utc := strings.CutPrefix(format, "!"); utc {
		format, when = rest, when.UTC()
	}
	if strings.HasPrefix(format, "*t") {
		L.Push(dateTable(L, when))
		return 1
	}
	text, bad := strftime(format, when)
	if bad != "" {
		argError(L, 1, "invalid conversion specifier '"+bad+"'")
	}
	L.Push(lua.LString(text))
	return 1
}

func dateTable(L *lua.LState, t time.Time) *lua.LTable {
	table := L.CreateTable(0, 9)
	for name, n := range map[string]int{
		"year": t.Year(), "month": int(t.Month()), "day": t.Day(),
		"hour": t.Hour(), "min": t.Minute(), "sec": t.Second(),
		"wday": int(t.Weekday()) + 1, "yday": t.YearDay(),
	} {
		table.RawSetString(name, lua.LNumber(n))
	}
	table.RawSetString("isdst", lua.LBool(t.IsDST()))
	return table
}

// layouts are the conversions of strftime that Go's time knows by a layout.
var layouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan",
	'c': "Mon Jan _2 15:04:05 2006", 'd': "02", 'D': "01/02/06", 'e': "_2",
	'F': "2006-01-02", 'H': "15", 'I': "03", 'm': "01", 'M': "04", 'p': "PM",
	'r': "03:04:05 PM", 'R': "15:04", 'S': "05", 'T': "15:04:05",
	'x': "01/02/06", 'X': "15:04:05", 'y': "06", 'Y': "2006", 'z': "-0700", 'Z': "MST",
}

// strftime formats t; bad is a conversion that does not exist.
func strftime(format string, t time.Time) (text, bad string) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) {
			return "", "%"
		}
		if layout, ok := layouts[format[i]]; ok {
			b.WriteString(t.Format(layout))
			continue
		}
		computed, ok := computedDate(format[i], t)
		if !ok {
			return "", format[i-1 : i+1]
		}
		b.WriteString(computed)
	}
	return b.String(), ""
}

func computedDate(c byte, t time.Time) (string, bool) {
	weekday, yday := int(t.Weekday()), t.YearDay()-1
	isoYear, isoWeek := t.ISOWeek()
	switch c {
	case '%':
		return "%", true
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case 'C':
		return fmt.Sprintf("%02d", t.Year()/100), true
	case 'g':
		return fmt.Sprintf("%02d", isoYear%100), true
	case 'G':
		return fmt.Sprint(isoYear), true
	case 'j':
		return fmt.Sprintf("%03d", yday+1), true
	case 's':
		return fmt.Sprint(t.Unix()), true
	case 'u':
		return fmt.Sprint((weekday+6)%7 + 1), true
	case 'U':
		return fmt.Sprintf("%02d", (yday+7-weekday)/7), true
	case 'V':
		return fmt.Sprintf("%02d", isoWeek), true
	case 'w':
		return fmt.Sprint(weekday), true
	case 'W':
		return fmt.Sprintf("%02d", (yday+7-(weekday+6)%7)/7), true
	}
	return "", false
}
