package bindings

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// A reader fills *dst, a pointer to a variable of one Go type, from the next
// arguments. It knows the word for its type and how many names it stands for.
type reader struct {
	kind     string
	read     func(a *Args, dst any) error
	names    int
	optional bool // the row marks it with ?
	rest     bool // takes all that is left
	options  *optionsTable
}

// simple makes a reader of one argument for exactly the type T.
func simple[T any](kind string, get func(*Args) (T, error)) reader {
	return reader{kind: kind, names: 1, read: func(a *Args, dst any) error {
		v, err := get(a)
		if err != nil {
			return err
		}
		*dst.(*T) = v
		a.next++
		return nil
	}}
}

var basicReaders = map[reflect.Type]reader{
	reflect.TypeFor[string]():  simple("string", (*Args).str),
	reflect.TypeFor[float64](): simple("number", (*Args).number),
	reflect.TypeFor[bool]():    simple("boolean", (*Args).boolean),
	reflect.TypeFor[int](): simple("integer", func(a *Args) (int, error) {
		n, err := a.integer(math.MinInt64/2, math.MaxInt64/2)
		return int(n), err
	}),
	reflect.TypeFor[time.Duration](): simple("seconds", (*Args).seconds),
	reflect.TypeFor[[]byte](): simple("string", func(a *Args) ([]byte, error) {
		s, err := a.str()
		return bytesOf(s), err
	}),
	reflect.TypeFor[any](): simple("any", func(a *Args) (any, error) { return a.Peek(), nil }),
	reflect.TypeFor[Value](): simple("any", func(a *Args) (Value, error) {
		return Value{a.lua()}, nil
	}),
	reflect.TypeFor[Function](): simple("function", func(a *Args) (Function, error) {
		if fn, ok := a.lua().(*lua.LFunction); ok {
			return Function{fn, a.rt}, nil
		}
		return Function{}, a.wrong("function")
	}),
}

var (
	argReaderType = reflect.TypeFor[ArgReader]()
	optionalType  = reflect.TypeFor[optional]()
)

// readerFor finds how arguments of type t are read.
func (rt *Runtime) readerFor(t reflect.Type) (reader, error) {
	if r, ok := basicReaders[t]; ok {
		return r, nil
	}
	switch {
	case reflect.PointerTo(t).Implements(argReaderType):
		return argReader(t), nil
	case reflect.PointerTo(t).Implements(optionalType):
		return rt.optionalReader(t)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return rt.objectReader(t)
	case reflect.Interface:
		return rt.interfaceReader(t), nil
	case reflect.Struct:
		return rt.optionsReader(t)
	case reflect.Slice:
		return rt.arrayReader(t)
	case reflect.Map:
		return rt.mapReader(t)
	default:
		return namedReader(t)
	}
}

func argReader(t reflect.Type) reader {
	return reader{
		kind:  strings.ToLower(t.Name()),
		names: reflect.New(t).Interface().(ArgReader).ArgNames(),
		read:  func(a *Args, dst any) error { return dst.(ArgReader).ReadArgs(a) },
	}
}

// namedReader reads into the sized numbers and into types such as `type Mode string`.
func namedReader(t reflect.Type) (reader, error) {
	one := func(kind string, set func(a *Args, v reflect.Value) error) (reader, error) {
		return reader{kind: kind, names: 1, read: func(a *Args, dst any) error {
			if err := set(a, reflect.ValueOf(dst).Elem()); err != nil {
				return err
			}
			a.next++
			return nil
		}}, nil
	}
	low, high := integerRange(t)
	switch t.Kind() {
	case reflect.String:
		return one("string", func(a *Args, v reflect.Value) error {
			s, err := a.str()
			v.SetString(s)
			return err
		})
	case reflect.Bool:
		return one("boolean", func(a *Args, v reflect.Value) error {
			b, err := a.boolean()
			v.SetBool(b)
			return err
		})
	case reflect.Float32, reflect.Float64:
		return one("number", func(a *Args, v reflect.Value) error {
			n, err := a.number()
			v.SetFloat(n)
			return err
		})
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return one("integer", func(a *Args, v reflect.Value) error {
			n, err := a.integer(low, high)
			v.SetInt(int64(n))
			return err
		})
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return one("integer", func(a *Args, v reflect.Value) error {
			n, err := a.integer(0, high)
			v.SetUint(uint64(n))
			return err
		})
	}
	return reader{}, fmt.Errorf("no Lua value stands for the Go type %s", t)
}

// integerRange is what fits into t and stays exact enough to be converted.
func integerRange(t reflect.Type) (low, high float64) {
	bits := 62
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32:
		bits = t.Bits() - 1
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		bits = t.Bits()
	}
	high = math.Ldexp(1, bits) - 1
	return -high - 1, high
}

// optionalReader reads an Opt: nothing and nil leave it unset. An options
// table after it is left for the argument that follows.
func (rt *Runtime) optionalReader(t reflect.Type) (reader, error) {
	inner, err := rt.readerFor(reflect.TypeOf(reflect.New(t).Interface().(optional).inner()).Elem())
	if err != nil {
		return reader{}, err
	}
	r := inner
	r.optional = true
	r.read = func(a *Args, dst any) error {
		o := dst.(optional)
		if a.absent() {
			o.setGiven(false)
			a.next += inner.names
			return nil
		}
		o.setGiven(true)
		return inner.read(a, o.inner())
	}
	return r, nil
}

func (rt *Runtime) objectReader(t reflect.Type) (reader, error) {
	info, ok := rt.types[t]
	if !ok {
		return reader{}, fmt.Errorf("no Type row has Of: (%s)(nil)", t)
	}
	name := info.row.Name
	return reader{kind: name, names: 1, read: func(a *Args, dst any) error {
		if ud, ok := a.lua().(*lua.LUserData); ok && reflect.TypeOf(ud.Value) == t {
			*(*unsafe.Pointer)(word(dst)) = word(ud.Value)
			a.next++
			return nil
		}
		return a.wrong(name)
	}}, nil
}

// word is the pointer that v holds. Both sides of a copy having been found to be
// of one pointer type, it is all there is to copy; reflection takes 20 ns for it,
// which each call of a method would pay.
func word(v any) unsafe.Pointer { return *wordOf(&v) }

func wordOf(v *any) *unsafe.Pointer { return &(*[2]unsafe.Pointer)(unsafe.Pointer(v))[1] }

func (rt *Runtime) interfaceReader(t reflect.Type) reader {
	kind := strings.ToLower(t.Name())
	return reader{kind: kind, names: 1, read: func(a *Args, dst any) error {
		if ud, ok := a.lua().(*lua.LUserData); ok && ud.Value != nil && reflect.TypeOf(ud.Value).Implements(t) {
			reflect.ValueOf(dst).Elem().Set(reflect.ValueOf(ud.Value))
			a.next++
			return nil
		}
		return a.wrong(kind)
	}}
}

func (rt *Runtime) arrayReader(t reflect.Type) (reader, error) {
	element, err := rt.readerFor(t.Elem())
	if err != nil {
		return reader{}, err
	}
	return reader{kind: "table", names: 1, read: func(a *Args, dst any) error {
		table, ok := a.lua().(*lua.LTable)
		if !ok {
			return a.wrong("table")
		}
		list := reflect.MakeSlice(t, table.Len(), table.Len())
		for i := range list.Len() {
			if err := a.inner(table.RawGetInt(i+1), &element, list.Index(i).Addr().Interface()); err != nil {
				return fmt.Errorf("element %d: %w", i+1, err)
			}
		}
		reflect.ValueOf(dst).Elem().Set(list)
		a.next++
		return nil
	}}, nil
}

func (rt *Runtime) mapReader(t reflect.Type) (reader, error) {
	if t.Key().Kind() != reflect.String {
		return reader{}, fmt.Errorf("no Lua value stands for the Go type %s", t)
	}
	element, err := rt.readerFor(t.Elem())
	if err != nil {
		return reader{}, err
	}
	return reader{kind: "table", names: 1, read: func(a *Args, dst any) error {
		table, ok := a.lua().(*lua.LTable)
		if !ok {
			return a.wrong("table")
		}
		m, err := reflect.MakeMap(t), error(nil)
		table.ForEach(func(k, v lua.LValue) {
			item := reflect.New(t.Elem())
			if e := a.inner(v, &element, item.Interface()); e != nil && err == nil {
				err = fmt.Errorf("%s: %w", k.String(), e)
			}
			m.SetMapIndex(reflect.ValueOf(k.String()).Convert(t.Key()), item.Elem())
		})
		reflect.ValueOf(dst).Elem().Set(m)
		a.next++
		return err
	}}, nil
}

// inner reads one value that stands inside a table.
func (a *Args) inner(v lua.LValue, r *reader, dst any) error {
	outer := *a
	a.l.Push(v)
	a.next = a.l.GetTop()
	a.top = a.next
	err := r.read(a, dst)
	a.l.Pop(1)
	*a = outer
	return err
}
