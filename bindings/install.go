package bindings

import (
	"errors"
	"fmt"
	"reflect"

	lua "github.com/yuin/gopher-lua"
)

type moduleInfo struct {
	Module
	table *lua.LTable
	funcs []*binding
	types []*typeInfo
}

type typeInfo struct {
	row       Type
	metatable *lua.LTable
	table     *lua.LTable // the methods by name
	methods   []*binding
}

// install puts the modules into the machine: first the types of all, so that
// any row may name them, then the functions.
func (rt *Runtime) install() error {
	plugins := append([]Plugin{rt.core()}, rt.config.Plugins...)
	for _, p := range plugins {
		m := &moduleInfo{Module: p.Module(rt)}
		for _, row := range m.Types {
			info := &typeInfo{row: row, metatable: rt.vm.Main().State().NewTable()}
			if t := reflect.TypeOf(row.Of); t == nil || t.Kind() != reflect.Pointer || rt.types[t] != nil {
				return fmt.Errorf("type %s.%s: Of is the nil pointer of a Go type that no other row has", m.Name, row.Name)
			}
			rt.types[reflect.TypeOf(row.Of)] = info
			m.types = append(m.types, info)
		}
		rt.modules = append(rt.modules, m)
	}
	var broken []error
	for _, m := range rt.modules {
		broken = append(broken, rt.installModule(m))
	}
	return errors.Join(broken...)
}

func (rt *Runtime) installModule(m *moduleInfo) error {
	if m.Doc == "" {
		return fmt.Errorf("module %q has no Doc", m.Name)
	}
	m.table = rt.moduleTable(m.Name)
	var broken []error
	for _, row := range m.Funcs {
		b, err := rt.bind(row, m.Name, nil)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		if m.Name != "string" && m.table.RawGetString(row.Name) != lua.LNil && m.Name != "" {
			return fmt.Errorf("%s: declared twice", b.name)
		}
		m.funcs = append(m.funcs, b)
		m.table.RawSetString(row.Name, rt.function(b))
	}
	for _, c := range m.Consts {
		m.table.RawSetString(c.Name, rt.toLua(c.Value))
	}
	for _, name := range m.StringMethods {
		fn := m.table.RawGetString(name)
		if fn == lua.LNil {
			return fmt.Errorf("%s: StringMethods names %q, which is not among its Funcs", m.Name, name)
		}
		rt.moduleTable("string").RawSetString(name, fn)
	}
	for _, info := range m.types {
		broken = append(broken, rt.installType(info))
	}
	if len(m.Absent) > 0 {
		meta := rt.vm.Main().State().NewTable()
		meta.RawSetString("__index", rt.vm.NewFunction(m.Name, func(l *lua.LState) int {
			return rt.absent(l, m.Name+".", m.Absent)
		}))
		m.table.Metatable = meta
	}
	return errors.Join(broken...)
}

// absent answers for a name that is not there: nil, or what to do instead.
func (rt *Runtime) absent(l *lua.LState, prefix string, names map[string]string) int {
	name := l.Get(2).String()
	if instead, known := names[name]; known {
		rt.raise(l, taskOf(l), &Error{Op: prefix + name, Message: "not offered here", Hint: instead}, "", "")
	}
	l.Push(lua.LNil)
	return 1
}

// moduleTable is the global table of that name, made if there is none.
func (rt *Runtime) moduleTable(name string) *lua.LTable {
	globals := rt.vm.Globals()
	if name == "" {
		return globals
	}
	table, ok := globals.RawGetString(name).(*lua.LTable)
	if !ok {
		table = rt.vm.Main().State().NewTable()
		globals.RawSetString(name, table)
	}
	return table
}

// function makes the Lua function of a binding.
func (rt *Runtime) function(b *binding) *lua.LFunction {
	fn := rt.vm.NewFunction(b.name, b.call)
	rt.byFunction[fn] = b
	return fn
}

// installType fills the metatable of a type: methods, fields, tostring.
func (rt *Runtime) installType(info *typeInfo) error {
	methods := rt.vm.Main().State().NewTable()
	var broken []error
	for _, row := range info.row.Methods {
		b, err := rt.bind(row, info.row.Name, &info.row)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		info.methods = append(info.methods, b)
		methods.RawSetString(row.Name, rt.function(b))
	}
	info.table = methods
	index := lua.LValue(methods)
	if len(info.row.Fields)+len(info.row.Absent) > 0 {
		get, err := rt.fieldGetter(info, methods)
		if err != nil {
			return err
		}
		index = rt.vm.NewFunction(info.row.Name+".__index", get)
	}
	text := rt.vm.NewFunction(info.row.Name+".__tostring", func(l *lua.LState) int {
		l.Push(lua.LString(fmt.Sprint(l.CheckUserData(1).Value)))
		return 1
	})
	info.metatable.RawSetString("__index", index)
	info.metatable.RawSetString("__name", lua.LString(info.row.Name))
	info.metatable.RawSetString("__tostring", text)
	info.metatable.RawSetString("__concat", rt.vm.NewFunction(info.row.Name+".__concat", rt.concat))
	info.metatable.RawSetString("__metatable", lua.LString(info.row.Name))
	return errors.Join(broken...)
}

// concat makes values of ours usable in "got " .. addr.
func (rt *Runtime) concat(l *lua.LState) int {
	l.Push(lua.LString(rt.vm.ToString(l.Get(1)) + rt.vm.ToString(l.Get(2))))
	return 1
}

// fieldGetter reads v.name and v[1] by the Field rows, then the methods.
func (rt *Runtime) fieldGetter(info *typeInfo, methods *lua.LTable) (lua.LGFunction, error) {
	type getter struct {
		fn  reflect.Value
		out writer
	}
	getters := map[string]getter{}
	for _, f := range info.row.Fields {
		fn := reflect.ValueOf(f.Go)
		if fn.Kind() != reflect.Func || fn.Type().NumIn() != 1 || fn.Type().NumOut() != 1 || fn.Type().In(0) != reflect.TypeOf(info.row.Of) {
			return nil, fmt.Errorf("field %s.%s: Go is not a func(%T) X", info.row.Name, f.Name, info.row.Of)
		}
		w, err := rt.writerFor(fn.Type().Out(0))
		if err != nil {
			return nil, fmt.Errorf("field %s.%s: %w", info.row.Name, f.Name, err)
		}
		getters[f.Name] = getter{fn, w}
	}
	return func(l *lua.LState) int {
		name := l.Get(2).String()
		if n, ok := l.Get(2).(lua.LNumber); ok && n >= 1 && int(n) <= len(info.row.Tuple) {
			name = info.row.Tuple[int(n)-1]
		}
		if method := methods.RawGetString(name); method != lua.LNil {
			l.Push(method)
			return 1
		}
		g, ok := getters[name]
		if !ok {
			return rt.absent(l, info.row.Var+":", info.row.Absent)
		}
		value := reflect.New(g.fn.Type().Out(0))
		value.Elem().Set(g.fn.Call([]reflect.Value{reflect.ValueOf(l.CheckUserData(1).Value)})[0])
		l.Push(g.out.write(rt, value.Interface()))
		return 1
	}, nil
}
