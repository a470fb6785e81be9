package bindings

import (
	"fmt"
	"reflect"
	"time"
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// A writer turns the variable behind src, a pointer, into a Lua value.
type writer struct {
	kind     string
	write    func(rt *Runtime, src any) lua.LValue
	optional bool // may be left out at the end of the results
	rest     bool // spreads into any number of results
}

func write[T any](kind string, lv func(T) lua.LValue) writer {
	return writer{kind: kind, write: func(_ *Runtime, src any) lua.LValue { return lv(*src.(*T)) }}
}

var basicWriters = map[reflect.Type]writer{
	reflect.TypeFor[string]():        write("string", func(v string) lua.LValue { return lua.LString(v) }),
	reflect.TypeFor[[]byte]():        write("string", func(v []byte) lua.LValue { return lua.LString(v) }),
	reflect.TypeFor[bool]():          write("boolean", func(v bool) lua.LValue { return lua.LBool(v) }),
	reflect.TypeFor[int]():           write("number", number),
	reflect.TypeFor[float64]():       write("number", func(v float64) lua.LValue { return lua.LNumber(v) }),
	reflect.TypeFor[time.Duration](): write("seconds", func(v time.Duration) lua.LValue { return lua.LNumber(v.Seconds()) }),
	reflect.TypeFor[Value]():         write("any", Value.value),
	reflect.TypeFor[Function]():      write("function", func(v Function) lua.LValue { return functionOrNil(v) }),
}

// smallNumbers are the counts that most calls return: as an interface value a
// number is an allocation of its own.
var smallNumbers = func() (list [2048]lua.LValue) {
	for i := range list {
		list[i] = lua.LNumber(i)
	}
	return list
}()

func number(n int) lua.LValue {
	if n >= 0 && n < len(smallNumbers) {
		return smallNumbers[n]
	}
	return lua.LNumber(n)
}

func functionOrNil(f Function) lua.LValue {
	if f.fn == nil {
		return lua.LNil
	}
	return f.fn
}

func (v Value) value() lua.LValue {
	if v.lua == nil {
		return lua.LNil
	}
	return v.lua
}

// writerFor finds how results of type t reach Lua.
func (rt *Runtime) writerFor(t reflect.Type) (writer, error) {
	if w, ok := basicWriters[t]; ok {
		return w, nil
	}
	switch {
	case t == reflect.TypeFor[Values]():
		return writer{kind: "any", rest: true}, nil
	case reflect.PointerTo(t).Implements(optionalType):
		inner, err := rt.writerFor(reflect.TypeOf(reflect.New(t).Interface().(optional).inner()).Elem())
		w := inner
		w.optional = true
		w.write = func(rt *Runtime, src any) lua.LValue {
			if o := src.(optional); o.given() {
				return inner.write(rt, o.inner())
			}
			return lua.LNil
		}
		return w, err
	case t.Kind() == reflect.Pointer:
		info, ok := rt.types[t]
		if !ok {
			return writer{}, fmt.Errorf("no Type row has Of: (%s)(nil)", t)
		}
		return writer{kind: info.row.Name, write: func(rt *Runtime, src any) lua.LValue {
			v := info.row.Of // for its type
			*wordOf(&v) = *(*unsafe.Pointer)(word(src))
			return rt.wrap(v, info)
		}}, nil
	}
	if isIterator(t) {
		return rt.iteratorWriter(t)
	}
	if t.Kind() == reflect.Func || t.Kind() == reflect.Chan {
		return writer{}, fmt.Errorf("no Lua value stands for the Go type %s", t)
	}
	return writer{kind: kindWord(t), write: func(rt *Runtime, src any) lua.LValue {
		return rt.toLua(reflect.ValueOf(src).Elem().Interface())
	}}, nil
}

// isIterator tells whether t is a func() (T, bool), which Lua's for calls for
// one value after the other until there are no more.
func isIterator(t reflect.Type) bool {
	return t.Kind() == reflect.Func && t.NumIn() == 0 && t.NumOut() == 2 && t.Out(1).Kind() == reflect.Bool
}

func (rt *Runtime) iteratorWriter(t reflect.Type) (writer, error) {
	element, err := rt.writerFor(t.Out(0))
	return writer{kind: "iterator", write: func(rt *Runtime, src any) lua.LValue {
		next := reflect.ValueOf(reflect.ValueOf(src).Elem().Interface()) // src is used again
		return rt.vm.NewFunction("iterator", func(l *lua.LState) int {
			results := next.Call(nil)
			if !results[1].Bool() {
				l.Push(lua.LNil)
				return 1
			}
			value := reflect.New(t.Out(0))
			value.Elem().Set(results[0])
			l.Push(element.write(rt, value.Interface()))
			return 1
		})
	}}, err
}

func kindWord(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Struct:
		return "table"
	case reflect.String:
		return "string"
	case reflect.Interface:
		return "any"
	case reflect.Bool:
		return "boolean"
	default:
		return "number"
	}
}

// toLua converts any Go value by its dynamic type.
func (rt *Runtime) toLua(v any) lua.LValue {
	switch v := v.(type) {
	case nil:
		return lua.LNil
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	case int:
		return lua.LNumber(v)
	case Value:
		return v.value()
	case Function:
		return functionOrNil(v)
	case lua.LValue:
		return v
	case []byte:
		return lua.LString(v)
	case time.Duration:
		return lua.LNumber(v.Seconds())
	case Set:
		return rt.setToLua(v)
	}
	return rt.reflectToLua(reflect.ValueOf(v))
}

func (rt *Runtime) reflectToLua(v reflect.Value) lua.LValue {
	switch v.Kind() {
	case reflect.Pointer:
		if info, ok := rt.types[v.Type()]; ok {
			return rt.wrap(v.Interface(), info)
		}
		panic(fmt.Sprintf("bindings: no Type row has Of: (%s)(nil)", v.Type()))
	case reflect.Slice, reflect.Array:
		table := rt.vm.Main().State().CreateTable(v.Len(), 0)
		for i := range v.Len() {
			table.RawSetInt(i+1, rt.toLua(v.Index(i).Interface()))
		}
		return table
	case reflect.Map:
		return rt.mapToLua(v)
	case reflect.Struct:
		return rt.structToLua(v)
	case reflect.String:
		return lua.LString(v.String())
	case reflect.Bool:
		return lua.LBool(v.Bool())
	case reflect.Float32, reflect.Float64:
		return lua.LNumber(v.Float())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return lua.LNumber(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return lua.LNumber(v.Uint())
	}
	panic(fmt.Sprintf("bindings: no Lua value stands for the Go type %s", v.Type()))
}

func (rt *Runtime) setToLua(set Set) lua.LValue {
	table := rt.vm.Main().State().CreateTable(len(set), len(set))
	for i, v := range set {
		table.RawSetInt(i+1, rt.toLua(v))
		table.RawSet(rt.toLua(v), lua.LNumber(i+1))
	}
	return table
}

func (rt *Runtime) mapToLua(v reflect.Value) lua.LValue {
	table := rt.vm.Main().State().CreateTable(0, v.Len())
	for it := v.MapRange(); it.Next(); {
		table.RawSet(rt.toLua(it.Key().Interface()), rt.toLua(it.Value().Interface()))
	}
	return table
}

// structToLua makes a table of the fields that have a lua tag; an Opt that is
// not set is left out.
func (rt *Runtime) structToLua(v reflect.Value) lua.LValue {
	table := rt.vm.Main().State().CreateTable(0, v.NumField())
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, ok := f.Tag.Lookup("lua")
		if !ok {
			continue
		}
		field := reflect.New(f.Type)
		field.Elem().Set(v.FieldByIndex(f.Index))
		value := field.Elem().Interface()
		if o, isOpt := field.Interface().(optional); isOpt {
			if !o.given() {
				continue
			}
			value = reflect.ValueOf(o.inner()).Elem().Interface()
		}
		table.RawSetString(name, rt.toLua(value))
	}
	return table
}

func (rt *Runtime) toLuaAll(values []any) []lua.LValue {
	list := make([]lua.LValue, len(values))
	for i, v := range values {
		list[i] = rt.toLua(v)
	}
	return list
}

// fromLua converts a Lua value to what an argument of type any holds.
func (rt *Runtime) fromLua(v lua.LValue) any {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		return float64(v)
	case lua.LString:
		return string(v)
	case *lua.LUserData:
		return v.Value
	case *lua.LFunction:
		return Function{v, rt}
	}
	return Value{v}
}

// wrap makes the userdata of a pointer of ours, or finds the one it has.
func (rt *Runtime) wrap(v any, info *typeInfo) lua.LValue {
	if word(v) == nil {
		return lua.LNil
	}
	o, hasIdentity := v.(identified)
	if hasIdentity && o.object().data != nil {
		return o.object().data
	}
	data := &lua.LUserData{Value: v, Metatable: info.metatable}
	vm.SetMethods(data, info.table)
	if hasIdentity {
		o.object().data = data
	}
	return data
}
