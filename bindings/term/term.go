// Package term is the Lua module "term": what a script shows on the terminal
// beside lines of text.
package term

import (
	"fmt"
	"sync"
	"time"

	"github.com/mattn/go-runewidth"

	"lunawire/bindings"
)

// Plugin is the module term.
type Plugin struct{}

// Module declares term for rt.
func (Plugin) Module(rt *bindings.Runtime) bindings.Module {
	return bindings.Module{
		Name: "term",
		Doc:  "The terminal: its width, and a progress line.",
		Funcs: []bindings.Func{
			{
				Name: "columns", Results: "n",
				Doc:     "Returns the width of the terminal, 0 where the output is none.",
				Example: "print(term.columns())   --> <number>",
				Go:      rt.Columns,
			},
			{
				Name: "progress", Params: "label, total?", Results: "bar",
				Doc: "Makes a progress line that counts up, in bytes.\n\ntotal is the count at the end, if it is known. " +
					"On a terminal the line is drawn over and over; elsewhere only its end is printed.",
				Example: "local bar = term.progress(\"notes.txt\", 2048)\nbar:add(1024)\nbar:add(1024)\nbar:close()   --> notes.txt 2.0 KiB\nprint(bar.count)   --> 2048",
				Go: func(label string, total bindings.Opt[int64]) *Progress {
					return &Progress{rt: rt, label: label, total: total.Or(0), start: time.Now()}
				},
			},
		},
		Types: []bindings.Type{progressRow},
	}
}

// Progress is one progress line.
type Progress struct {
	bindings.Object
	rt    *bindings.Runtime
	label string
	total int64
	start time.Time

	mu     sync.Mutex
	count  int64
	drawn  time.Time
	closed bool
}

var progressRow = bindings.Type{
	Name: "progress", Var: "bar", Of: (*Progress)(nil),
	Doc:    "A progress line.",
	Fields: []bindings.Field{{Name: "count", Doc: "what has been added up", Go: (*Progress).Count}},
	Methods: []bindings.Func{
		{Name: "add", Params: "n", Doc: "Counts n more.", Go: (*Progress).add},
		{Name: "close", Doc: "Draws the line for the last time and ends it.", Go: (*Progress).Close},
	},
}

// Count is what has been added up.
func (p *Progress) Count() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// interval is how often a line is drawn at most.
const interval = 100 * time.Millisecond

func (p *Progress) add(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count += n
	columns := p.rt.Columns()
	if columns == 0 || p.closed || time.Since(p.drawn) < interval {
		return
	}
	p.drawn = time.Now()
	p.rt.Write("\r" + runewidth.Truncate(p.line(), columns-1, "…") + eraseRest)
}

// eraseRest erases from the cursor to the end of the line (ECMA-48 EL).
const eraseRest = "\x1b[K"

// Close draws the line for the last time.
func (p *Progress) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	if columns := p.rt.Columns(); columns > 0 {
		p.rt.Write("\r" + runewidth.Truncate(p.line(), columns-1, "…") + eraseRest + "\n")
		return nil
	}
	p.rt.Write(fmt.Sprintf("%s %s\n", p.label, size(p.count)))
	return nil
}

// line is "notes.txt 1.2 MiB of 4.0 MiB 30 % 12.0 MiB/s".
func (p *Progress) line() string {
	s := p.label + " " + size(p.count)
	if p.total > 0 {
		s += fmt.Sprintf(" of %s %d %%", size(p.total), p.count*100/p.total)
	}
	if elapsed := time.Since(p.start).Seconds(); elapsed > interval.Seconds() {
		s += " " + size(int64(float64(p.count)/elapsed)) + "/s"
	}
	return s
}

// size is a count of bytes in words.
func size(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for ; f >= 1024 && i < len(units)-1; i++ {
		f /= 1024
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}
