package lua

import (
	"lunawire/bindings"
	"lunawire/repl"
)

// value is v as the prompt shows it.
func (l *Interpreter) value(v bindings.Value) repl.Value {
	switch v.Type() {
	case "string":
		return repl.Value{Kind: repl.KindString, Text: v.Bytes()}
	case "number":
		return repl.Value{Kind: repl.KindNumber, Text: l.prompt.Text(v)}
	case "table":
		if !l.prompt.HasWords(v) {
			return repl.Value{Kind: repl.KindTable, Table: table{l, v}}
		}
	}
	return repl.Value{Kind: repl.KindWords, Text: l.prompt.Text(v)}
}

// A table is a table of Lua. Each look into it sees what it holds then.
type table struct {
	lua   *Interpreter
	value bindings.Value
}

var _ repl.Table = table{}

// ID is the value itself, which is equal for the same table.
func (t table) ID() any { return t.value }

// Entries returns at most limit entries, those of the sequence first, and how
// many there are in all.
func (t table) Entries(limit int) (entries []repl.Entry, total int) {
	list, total := t.lua.prompt.Entries(t.value, limit)
	for _, e := range list {
		entries = append(entries, repl.Entry{Key: t.lua.value(e.Key), Value: t.lua.value(e.Value)})
	}
	return entries, total
}
