package bindings

import (
	"fmt"
	"strings"
)

// Annotations is the table as a Lua file of annotations that editors read
// (LuaCATS, as the Lua language server has them): with it an editor completes
// names, shows the documentation and checks arguments.
func (rt *Runtime) Annotations() string {
	var s strings.Builder
	s.WriteString("---@meta\n")
	for _, m := range rt.modules {
		for _, t := range m.types {
			t.annotate(&s)
		}
		if m.Name != "" {
			fmt.Fprintf(&s, "\n%s%s = {}\n", comment(m.Doc), m.Name)
		}
		for _, c := range m.Consts {
			fmt.Fprintf(&s, "\n%s%s.%s = %#v\n", comment(c.Doc), m.Name, c.Name, c.Value)
		}
		for _, b := range m.funcs {
			b.annotate(&s, b.name)
		}
		for _, name := range m.StringMethods {
			fmt.Fprintf(&s, "\nstring.%s = %s.%s\n", name, m.Name, name)
		}
	}
	return s.String()
}

// comment makes text a block of annotation lines.
func comment(text string) string {
	return "---" + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n---") + "\n"
}

func (t *typeInfo) annotate(s *strings.Builder) {
	fmt.Fprintf(s, "\n%s---@class %s\n", comment(t.row.Doc), t.row.Name)
	for _, f := range t.row.Fields {
		fmt.Fprintf(s, "---@field %s any %s\n", f.Name, f.Doc)
	}
	fmt.Fprintf(s, "local %s = {}\n", t.row.Var)
	for _, b := range t.methods {
		b.annotate(s, t.row.Var+":"+b.row.Name)
	}
}

func (b *binding) annotate(s *strings.Builder, name string) {
	s.WriteString("\n" + comment(b.row.Doc))
	var plain []string
	names := splitNames(b.row.Params)
	for _, r := range b.in[b.receiver():] {
		kind := annotatedKind(r.kind)
		if r.names > 1 { // each of its forms is another type
			kind = "any"
		}
		for _, n := range names[:r.names] {
			word := strings.TrimRight(n, "?.")
			if r.rest {
				word = "..."
			}
			plain = append(plain, word)
			optional := n[len(strings.TrimRight(n, "?")):]
			fmt.Fprintf(s, "---@param %s%s %s\n", word, optional, kind)
		}
		names = names[r.names:]
	}
	for i, n := range splitNames(b.row.Results) {
		fmt.Fprintf(s, "---@return %s %s\n", annotatedKind(b.out[i].kind), strings.TrimRight(n, "?."))
	}
	fmt.Fprintf(s, "function %s(%s) end\n", name, strings.Join(plain, ", "))
}

// annotatedKind is the annotation's word for a kind of value.
func annotatedKind(kind string) string {
	switch {
	case kind == "seconds":
		return "number"
	case kind == "iterator":
		return "fun(): any"
	case strings.HasPrefix(kind, "{"):
		return "table"
	}
	return kind
}
