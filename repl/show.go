package repl

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	maxDepth   = 4   // tables within tables that are shown
	maxEntries = 40  // entries of one table
	maxNodes   = 400 // values in all
)

// show writes the results of an entry for a screen of that width: on one line where they fit.
func show(values []Value, width int) string {
	s := shower{budget: maxNodes, open: map[any]bool{}}
	var nodes []node
	remarks := ""
	for _, v := range values {
		nodes = append(nodes, s.node(v, 0))
		if encoding, text, ok := looksLike(v.Text); ok && v.Kind == KindString {
			remarks += fmt.Sprintf("\n-- looks like %s: %s", encoding, cutTo(strings.Join(strings.Fields(text), " "), max(20, width-22)))
		}
	}
	oneLine := joinNodes(nodes)
	if textWidth(oneLine) < width {
		if len(values) == 1 && remarks != "" && textWidth(oneLine)+textWidth(remarks)+2 < width {
			return oneLine + "  " + remarks[1:]
		}
		return oneLine + remarks
	}
	var lines []string
	for _, n := range nodes {
		lines = append(lines, n.lay(width, ""))
	}
	return strings.Join(lines, ",\n") + remarks
}

// A node is a value in words; a table has parts.
type node struct {
	key     string // with its " = ", in a table
	text    string
	isTable bool
	parts   []node
}

// A shower makes nodes of values. A table that is open, being shown around a value, is not shown again in it.
type shower struct {
	budget int
	open   map[any]bool
}

func (s *shower) node(v Value, depth int) node {
	s.budget--
	switch v.Kind {
	case KindString:
		return node{text: quote(v.Text)}
	case KindTable:
		return s.table(v.Table, depth)
	}
	return node{text: v.Text}
}

func (s *shower) table(t Table, depth int) node {
	id := t.ID()
	if s.open[id] {
		return node{text: "{the table around it}"}
	}
	entries, total := t.Entries(maxEntries)
	if total > 0 && (depth >= maxDepth || s.budget <= 0) {
		return node{text: fmt.Sprintf("{%d more}", total)}
	}
	s.open[id] = true
	defer delete(s.open, id)
	n := node{isTable: true}
	for i, e := range inOrder(entries) {
		if s.budget <= 0 {
			entries = entries[:i]
			break
		}
		part := s.node(e.Value, depth+1)
		if !(e.Key.Kind == KindNumber && e.Key.Text == strconv.Itoa(i+1)) {
			part.key = s.key(e.Key) + " = "
		}
		n.parts = append(n.parts, part)
	}
	if total > len(entries) {
		n.parts = append(n.parts, node{text: fmt.Sprintf("… %d more", total-len(entries))})
	}
	return n
}

var luaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (s *shower) key(k Value) string {
	if k.Kind == KindString && luaName.MatchString(k.Text) && !luaKeywords[k.Text] {
		return k.Text
	}
	if k.Kind == KindTable {
		return "[table]"
	}
	return "[" + s.node(k, maxDepth).text + "]"
}

// inOrder sorts entries: numbers by value, then names, then the rest.
func inOrder(entries []Entry) []Entry {
	rank := map[Kind]int{KindNumber: 0, KindString: 1, KindWords: 2, KindTable: 3}
	return slices.SortedStableFunc(slices.Values(entries), func(a, b Entry) int {
		if d := rank[a.Key.Kind] - rank[b.Key.Kind]; d != 0 {
			return d
		}
		if a.Key.Kind == KindNumber {
			x, _ := strconv.ParseFloat(a.Key.Text, 64)
			y, _ := strconv.ParseFloat(b.Key.Text, 64)
			return cmp.Compare(x, y)
		}
		return cmp.Compare(a.Key.Text, b.Key.Text)
	})
}

func joinNodes(nodes []node) string {
	var parts []string
	for _, n := range nodes {
		parts = append(parts, n.oneLine())
	}
	return strings.Join(parts, ", ")
}

func (n node) oneLine() string {
	if !n.isTable {
		return n.key + n.text
	}
	return n.key + "{" + joinNodes(n.parts) + "}"
}

// lay writes a node into lines of that width, one part a line where they do not fit on one.
func (n node) lay(width int, indent string) string {
	line := indent + n.oneLine()
	if !n.isTable || textWidth(line) < width {
		return line
	}
	var b strings.Builder
	b.WriteString(indent + n.key + "{\n")
	for _, part := range n.parts {
		b.WriteString(part.lay(width-1, indent+"  ") + ",\n")
	}
	b.WriteString(indent + "}")
	return b.String()
}
