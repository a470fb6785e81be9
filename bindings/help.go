package bindings

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Topic is one thing that help explains, found by its name: a module, a
// function, a method, a type or a constant.
type Topic struct {
	Name    string // "udp", "udp.socket", "socket:bind"
	Summary string // the first sentence of its Doc
	Text    string // all of it, as help prints it
}

// topics lists everything there is help for, in reading order.
func (rt *Runtime) topics() []Topic {
	var list []Topic
	add := func(name, doc, text string) {
		first, _, _ := strings.Cut(doc, "\n")
		list = append(list, Topic{name, first, text})
	}
	for _, m := range rt.modules {
		if m.Name != "" {
			add(m.Name, m.Doc, m.help())
		}
		for _, b := range m.funcs {
			add(b.name, b.row.Doc, b.help())
		}
		for _, c := range m.Consts {
			add(m.Name+"."+c.Name, c.Doc, fmt.Sprintf("%s.%s = %v\n\n%s\n", m.Name, c.Name, c.Value, c.Doc))
		}
		for _, t := range m.types {
			add(t.row.Name, t.row.Doc, t.help())
			for _, b := range t.methods {
				add(t.row.Name+":"+b.row.Name, b.row.Doc, b.help())
			}
		}
	}
	return list
}

// Topics lists the names that Help knows, in reading order, one for each row.
func (rt *Runtime) Topics() []Topic {
	seen := map[string]bool{}
	return slices.DeleteFunc(rt.topics(), func(t Topic) bool {
		again := seen[t.Name]
		seen[t.Name] = true
		return again
	})
}

// Help is the help text on a topic: "udp", "udp.socket", "socket:bind",
// "s:bind", or a bare name such as "bind", which finds all that carry it. An
// empty topic gives the overview. For an unknown one the error names near ones.
func (rt *Runtime) Help(topic string) (string, error) {
	topic = strings.TrimSuffix(strings.TrimSpace(topic), "()")
	if topic == "" {
		return rt.overview(), nil
	}
	all := rt.topics()
	for _, t := range all {
		if t.Name == topic {
			return t.Text, nil
		}
	}
	var texts []string
	for _, t := range all {
		if lastName(t.Name) == lastName(topic) && (lastName(topic) == topic || rt.isVariable(topic)) {
			texts = append(texts, t.Text)
		}
	}
	if len(texts) > 0 {
		return strings.Join(slices.Compact(texts), "\n"), nil
	}
	return "", fmt.Errorf("no help for %q%s", topic, DidYouMean(topic, topicNames(all)))
}

// isVariable tells whether topic begins with the name that some type's values
// have in usage lines, as in s:bind.
func (rt *Runtime) isVariable(topic string) bool {
	for _, info := range rt.types {
		if strings.HasPrefix(topic, info.row.Var+":") {
			return true
		}
	}
	return false
}

func topicNames(list []Topic) []string {
	var names []string
	for _, t := range list {
		names = append(names, t.Name, lastName(t.Name))
	}
	return names
}

// lastName is what stands after the last dot or colon.
func lastName(name string) string { return name[strings.LastIndexAny(name, ".:")+1:] }

// help is a function's page: usage and results, the words of the row, the
// example.
func (b *binding) help() string {
	var s strings.Builder
	s.WriteString(b.usage)
	if b.row.Results != "" {
		s.WriteString(" -> " + b.row.Results)
	}
	fmt.Fprintf(&s, "\n\n%s\n", indent(b.row.Doc))
	for i, r := range b.in {
		if r.options != nil {
			fmt.Fprintf(&s, "\n  %s: %s\n", b.params[i], r.options.usage())
		}
	}
	if b.row.Example != "" {
		fmt.Fprintf(&s, "\n  Example:\n%s\n", indent(indent(strings.TrimSpace(b.row.Example))))
	}
	return s.String()
}

func indent(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = "  " + l
		}
	}
	return strings.Join(lines, "\n")
}

// help is a module's page: what it is for and a line for each of its parts.
func (m *moduleInfo) help() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n\n%s\n", m.Name, indent(m.Doc))
	writeList(&s, "Functions", m.funcs)
	for _, t := range m.types {
		writeList(&s, "Methods of a "+t.row.Name, t.methods)
	}
	if len(m.Consts) > 0 {
		names := make([]string, len(m.Consts))
		for i, c := range m.Consts {
			names[i] = c.Name
		}
		fmt.Fprintf(&s, "\n  Constants\n%s\n", indent(indent(wrapWords(names, 70))))
	}
	return s.String()
}

func (t *typeInfo) help() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (a value)\n\n%s\n", t.row.Name, indent(t.row.Doc))
	if len(t.row.Fields) > 0 {
		s.WriteString("\n  Fields\n")
		for _, f := range t.row.Fields {
			fmt.Fprintf(&s, "    .%-12s %s\n", f.Name, f.Doc)
		}
	}
	writeList(&s, "Methods", t.methods)
	return s.String()
}

func writeList(s *strings.Builder, title string, list []*binding) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(s, "\n  %s\n", title)
	width := 0
	for _, b := range list {
		width = max(width, min(len(b.usage), 34))
	}
	for _, b := range list {
		first, _, _ := strings.Cut(b.row.Doc, "\n")
		fmt.Fprintf(s, "    %-*s  %s\n", width, b.usage, first)
	}
}

func wrapWords(words []string, width int) string {
	var s strings.Builder
	column := 0
	for i, w := range words {
		if column+len(w) > width {
			s.WriteString("\n")
			column = 0
		} else if i > 0 {
			s.WriteString(" ")
			column++
		}
		s.WriteString(w)
		column += len(w)
	}
	return s.String()
}

// overview lists the modules and the globals.
func (rt *Runtime) overview() string {
	var s strings.Builder
	s.WriteString("help(x) explains a module, a function or a value: help(udp), help(udp.socket).\n\n  Modules\n")
	var globals []*binding
	for _, m := range rt.modules {
		if m.Name == "" {
			globals = append(globals, m.funcs...)
			continue
		}
		first, _, _ := strings.Cut(m.Doc, "\n")
		fmt.Fprintf(&s, "    %-8s  %s\n", m.Name, first)
	}
	writeList(&s, "Globals", globals)
	s.WriteString("\n" + language)
	return s.String()
}

// language says which Lua this is.
const language = `  The language
    Lua 5.1 with goto; its manual explains string, table, math, os, io and coroutine.
    Of later versions there are utf8, bit32, string.pack, table.pack, unpack and move,
    load of strings, __pairs, the escapes \x \z \u{}; coroutines yield from anywhere.
    Not there: // and & | ~ << >> (math.floor and bit32 do it), integers of 64 bits
    (exact to 2^53), __gc, __close, weak tables, string.dump.
`

// helpOn explains a live value: a module, a function of the table, a value of
// one of its types.
func (rt *Runtime) helpOn(v lua.LValue) (string, error) {
	switch v := v.(type) {
	case lua.LString:
		return rt.Help(string(v))
	case *lua.LFunction:
		if b, ok := rt.byFunction[v]; ok {
			return b.help(), nil
		}
		return "", Usage("a function that has no help of its own; help() lists what there is")
	case *lua.LTable:
		for _, m := range rt.modules {
			if m.table == v && m.Name != "" {
				return m.help(), nil
			}
		}
	case *lua.LUserData:
		for _, info := range rt.types {
			if info.metatable == v.Metatable {
				return fmt.Sprintf("%v\n\n%s", rt.vm.ToString(v), info.help()), nil
			}
		}
	}
	return fmt.Sprintf("%s is a %s of Lua; help() lists what there is\n", rt.vm.ToString(v), v.Type()), nil
}

// Reference is the Markdown page of everything in the table.
func (rt *Runtime) Reference() string {
	var s strings.Builder
	s.WriteString("# lunawire reference\n\nComputed from the table of plugins. Times are seconds, bytes are strings, ports are numbers.\n")
	for _, m := range rt.modules {
		title := m.Name
		if title == "" {
			title = "globals"
		}
		fmt.Fprintf(&s, "\n## %s\n\n%s\n", title, m.Doc)
		referenceList(&s, m.funcs)
		for _, t := range m.types {
			fmt.Fprintf(&s, "\n### %s values\n\n%s\n", t.row.Name, t.row.Doc)
			if len(t.row.Fields) > 0 {
				s.WriteString("\n| field | |\n| --- | --- |\n")
			}
			for _, f := range t.row.Fields {
				fmt.Fprintf(&s, "| `.%s` | %s |\n", f.Name, f.Doc)
			}
			referenceList(&s, t.methods)
		}
		if len(m.Consts) > 0 {
			s.WriteString("\n| constant | value | |\n| --- | --- | --- |\n")
		}
		for _, c := range m.Consts {
			fmt.Fprintf(&s, "| `%s.%s` | `%v` | %s |\n", m.Name, c.Name, c.Value, c.Doc)
		}
	}
	return s.String()
}

func referenceList(s *strings.Builder, list []*binding) {
	for _, b := range list {
		results := ""
		if b.row.Results != "" {
			results = " -> " + b.row.Results
		}
		fmt.Fprintf(s, "\n#### `%s%s`\n\n%s\n", b.usage, results, b.row.Doc)
		if b.row.Example != "" {
			fmt.Fprintf(s, "\n```lua\n%s\n```\n", strings.TrimSpace(b.row.Example))
		}
	}
}

// Examples lists the Example of every row by the name of its function.
func (rt *Runtime) Examples() map[string]string {
	list := map[string]string{}
	for _, m := range rt.modules {
		rows := slices.Clone(m.funcs)
		for _, t := range m.types {
			rows = append(rows, t.methods...)
		}
		for _, b := range rows {
			if b.row.Example != "" {
				list[b.name] = b.row.Example
			}
		}
	}
	return list
}
