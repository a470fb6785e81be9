package bindings

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// An optionsTable is the last argument {timeout=2} as a Go struct: its fields
// by Lua name. A struct that embeds another has its options too.
type optionsTable struct {
	fields map[string]*optionField
}

type optionField struct {
	index  []int
	reader reader
}

// isOptions tells whether the next argument is the options table although it
// stands in the place of an optional argument that r reads.
func (a *Args) isOptions(r *reader) bool {
	table, isTable := a.lua().(*lua.LTable)
	switch {
	case !isTable || r.kind == "any":
		return false
	case r.kind == "table":
		first, _ := table.Next(lua.LNil)
		return table.Len() == 0 && first != lua.LNil
	}
	return true
}

// names lists the options, for help and for messages.
func (o *optionsTable) names() []string { return slices.Sorted(maps.Keys(o.fields)) }

// usage is the table as a usage line shows it: {timeout=seconds}.
func (o *optionsTable) usage() string {
	list := o.names()
	for i, n := range list {
		list[i] = n + "=" + o.fields[n].reader.kind
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func (rt *Runtime) optionsReader(t reflect.Type) (reader, error) {
	o := &optionsTable{fields: map[string]*optionField{}}
	for _, f := range reflect.VisibleFields(t) {
		name, ok := f.Tag.Lookup("lua")
		if !ok {
			if f.Anonymous {
				continue
			}
			return reader{}, fmt.Errorf("field %s of the options %s has no lua tag", f.Name, t)
		}
		r, err := rt.readerFor(f.Type)
		if err != nil {
			return reader{}, err
		}
		o.fields[name] = &optionField{f.Index, r}
	}
	return reader{kind: o.usage(), names: 1, optional: true, options: o, read: o.read}, nil
}

func (o *optionsTable) read(a *Args, dst any) error {
	if a.absent() {
		a.next++
		return nil
	}
	table, ok := a.lua().(*lua.LTable)
	if !ok {
		return a.wrong("options table " + o.usage())
	}
	v := reflect.ValueOf(dst).Elem()
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		name := key.String()
		f, known := o.fields[name]
		if !known {
			return fmt.Errorf("no option %q; there is %s", name, o.usage())
		}
		if err := a.inner(value, &f.reader, v.FieldByIndex(f.index).Addr().Interface()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	a.next++
	return nil
}
