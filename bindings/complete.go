package bindings

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// Words are the values that a parameter of that name is known to take:
// {"encoding": {"gbk", "utf-8"}}. Complete offers them between quotes.
type Words map[string][]string

// Complete lists what the end of text, from byte start on, may become: names of
// variables and keywords; after a dot the fields, after a colon the methods of
// the value that stands there now; in a string that is an argument, the words of
// its parameter. It calls no function of Lua, and gives up when ctx ends before
// a busy task lets it look.
func (p *Prompt) Complete(ctx context.Context, text string, words Words) (start int, candidates []string) {
	here := scan(text)
	switch {
	case here.comment:
		return len(text), nil
	case here.quote >= 0:
		return here.quote + 1, p.rt.argumentWords(text, here, words)
	}
	start, e, ok := lastExpression(text)
	if !ok {
		return len(text), nil
	}
	head := text[start : len(text)-len(e.word)]
	p.Look(ctx, func() {
		for _, name := range p.names(e) {
			if strings.HasPrefix(name, e.word) && (e.word != "" || !strings.HasPrefix(name, "_")) {
				candidates = append(candidates, head+name)
			}
		}
	})
	slices.Sort(candidates)
	return start, slices.Compact(candidates)
}

// An expression is what a name is completed after: path is a variable and the
// keys below it, separator a dot, a colon or nothing.
type expression struct {
	path      []lua.LValue
	literal   bool // a string in parentheses stands in place of the path
	separator string
	word      string // the beginning of the name
}

const (
	luaName   = `[A-Za-z_]\w*`
	luaString = `"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`
	luaKey    = `\.\s*` + luaName + `|\[\s*(?:\d+|` + luaString + `)\s*\]`
)

var (
	pathThenWord    = regexp.MustCompile(`(?:(` + luaName + `(?:\s*(?:` + luaKey + `))*)\s*([.:])\s*)?((?:` + luaName + `)?)$`)
	literalThenWord = regexp.MustCompile(`(\w*)\s*\(\s*(?:` + luaString + `)\s*\)\s*:\s*((?:` + luaName + `)?)$`)
	pathPart        = regexp.MustCompile(`\d+|` + luaName + `|` + luaString)
)

// lastExpression finds the expression at the end of text and where it begins.
func lastExpression(text string) (start int, e expression, ok bool) {
	if m := literalThenWord.FindStringSubmatchIndex(text); m != nil {
		caller := text[m[2]:m[3]]
		e = expression{literal: true, separator: ":", word: text[m[4]:m[5]]}
		return m[4], e, caller == "" && !continues(text[:m[2]]) || slices.Contains(vm.Keywords(), caller)
	}
	m := pathThenWord.FindStringSubmatchIndex(text)
	e = expression{word: text[m[6]:m[7]]}
	if m[2] >= 0 {
		e.separator = text[m[4]:m[5]]
		for _, part := range pathPart.FindAllString(text[m[2]:m[3]], -1) {
			e.path = append(e.path, keyOf(part))
		}
	}
	return m[0], e, !continues(text[:m[0]])
}

// keyOf is the key that a part of a path stands for.
func keyOf(part string) lua.LValue {
	if n, err := strconv.Atoi(part); err == nil {
		return lua.LNumber(n)
	}
	if part[0] == '"' || part[0] == '\'' {
		part = part[1 : len(part)-1]
	}
	return lua.LString(part)
}

// continues tells whether a name after before belongs to an expression that
// began earlier, such as the result of a call.
func continues(before string) bool {
	if before == "" {
		return false
	}
	if last := before[len(before)-1]; isNameByte(last) || strings.IndexByte(")]}\"'", last) >= 0 {
		return true
	}
	before = strings.TrimRight(before, " \t\n")
	concatenates := strings.HasSuffix(before, "..") && !strings.HasSuffix(before, "...")
	return strings.HasSuffix(before, ":") || strings.HasSuffix(before, ".") && !concatenates
}

// names lists the names that may follow.
func (p *Prompt) names(e expression) []string {
	switch {
	case e.literal:
		return p.rt.members(lua.LString(""), e.separator)
	case len(e.path) > 0:
		return p.rt.members(p.value(e.path), e.separator)
	}
	return slices.Concat(p.locals.Names(), p.rt.members(p.rt.vm.Globals(), "."), vm.Keywords())
}

// value follows a path from its variable on, nil where it leads nowhere.
func (p *Prompt) value(path []lua.LValue) lua.LValue {
	v, declared := p.locals.Value(path[0].String())
	if !declared {
		v = p.rt.vm.Globals().RawGet(path[0])
	}
	for _, key := range path[1:] {
		v = p.field(v, key)
	}
	return v
}

// field is v[key] without calling Lua: of a table as it is or through tables,
// of a value of ours by its Field rows.
func (p *Prompt) field(v, key lua.LValue) lua.LValue {
	if t := tableOf(v); t != nil {
		for range maxIndexes {
			if found := t.RawGet(key); found != lua.LNil {
				return found
			}
			if t = indexTable(t.Metatable); t == nil {
				break
			}
		}
		return lua.LNil
	}
	info := p.rt.typeOf(v)
	if info == nil {
		return lua.LNil
	}
	get, ok := info.metatable.RawGetString("__index").(*lua.LFunction)
	if !ok {
		return lua.LNil
	}
	results, err := p.looker.thread.Call(get, v, key)
	if err != nil || len(results) == 0 { // the type says that it has no such thing
		return lua.LNil
	}
	return results[0]
}

// maxIndexes bounds a chain of metatables, which may be a circle.
const maxIndexes = 20

func tableOf(v lua.LValue) *lua.LTable {
	t, _ := v.(*lua.LTable)
	return t
}

// indexTable is the table in which a metatable has names looked up.
func indexTable(metatable lua.LValue) *lua.LTable {
	if m := tableOf(metatable); m != nil {
		return tableOf(m.RawGetString("__index"))
	}
	return nil
}

// typeOf is the type of a value of ours, nil for others.
func (rt *Runtime) typeOf(v lua.LValue) *typeInfo {
	if ud, ok := v.(*lua.LUserData); ok {
		for _, info := range rt.types {
			if info.metatable == ud.Metatable {
				return info
			}
		}
	}
	return nil
}

// members lists the names that may stand after v and separator.
func (rt *Runtime) members(v lua.LValue, separator string) []string {
	if info := rt.typeOf(v); info != nil {
		var names []string
		if separator == "." {
			for _, f := range info.row.Fields {
				names = append(names, f.Name)
			}
			return names
		}
		for _, m := range info.methods {
			names = append(names, m.row.Name)
		}
		return names
	}
	var table *lua.LTable
	switch v := v.(type) {
	case *lua.LTable:
		table = v
	case *lua.LUserData:
		table = indexTable(v.Metatable)
	case lua.LString:
		table = rt.moduleTable("string")
	}
	var names []string
	for range maxIndexes {
		if table == nil {
			break
		}
		names = append(names, fieldNames(table, separator)...)
		table = indexTable(table.Metatable)
	}
	return names
}

// fieldNames lists the keys of a table that can be written as names; after a
// colon only functions count.
func fieldNames(t *lua.LTable, separator string) []string {
	var names []string
	t.ForEach(func(key, value lua.LValue) {
		name, isString := key.(lua.LString)
		_, isFunction := value.(*lua.LFunction)
		if isString && isName(string(name)) && (separator == "." || isFunction) {
			names = append(names, string(name))
		}
	})
	return names
}

// isName tells whether s can be written as a name. Tables may be large.
func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) || i == 0 && s[i] <= '9' {
			return false
		}
	}
	return s != ""
}

func isNameByte(c byte) bool {
	return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

var callee = regexp.MustCompile(`([.:]?)\s*(` + luaName + `)\s*$`)

// argumentWords lists the words of the parameter that the string at the end of
// text is given to, by the rows of all functions of that name.
func (rt *Runtime) argumentWords(text string, here position, words Words) []string {
	function, argument := strings.TrimRight(text[:here.quote], " \t"), 0
	if n := len(here.opened); strings.HasSuffix(function, "(") || strings.HasSuffix(function, ",") {
		if n == 0 {
			return nil
		}
		bracket := here.opened[n-1]
		function, argument = text[:bracket.at], bracket.commas
	}
	m := callee.FindStringSubmatch(function)
	if m == nil {
		return nil
	}
	var list []string
	for _, b := range rt.bindingsNamed(m[2]) {
		i := argument
		if m[1] == ":" && !b.method { // as s:encode() is text.encode(s)
			i++
		}
		names := splitNames(b.row.Params)
		if i >= len(names) {
			continue
		}
		for _, word := range words[strings.TrimRight(names[i], "?.")] {
			if strings.HasPrefix(word, text[here.quote+1:]) {
				list = append(list, word)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// bindingsNamed finds the rows of that name in all modules and types.
func (rt *Runtime) bindingsNamed(name string) []*binding {
	var found []*binding
	add := func(list []*binding) {
		for _, b := range list {
			if b.row.Name == name {
				found = append(found, b)
			}
		}
	}
	for _, m := range rt.modules {
		add(m.funcs)
		for _, t := range m.types {
			add(t.methods)
		}
	}
	return found
}
