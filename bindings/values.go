package bindings

import (
	"context"
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Opt is an argument that may be left out (or be nil), and a result that may.
type Opt[T any] struct {
	Value T
	Set   bool
}

// Some is a given Opt.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// Or is the value, or def where none was given.
func (o Opt[T]) Or(def T) T {
	if o.Set {
		return o.Value
	}
	return def
}

func (o *Opt[T]) inner() any      { return &o.Value }
func (o *Opt[T]) setGiven(g bool) { o.Set = g }
func (o *Opt[T]) given() bool     { return o.Set }

// optional is what every *Opt[T] is.
type optional interface {
	inner() any
	setGiven(bool)
	given() bool
}

// Object gives a Go value one identity in Lua: embed it in the type of a Type
// row and the same pointer is always the same Lua value, usable as a table key.
type Object struct{ data *lua.LUserData }

func (o *Object) object() *Object { return o }

type identified interface{ object() *Object }

// Value is a Lua value of any kind, held and passed on untouched.
type Value struct{ lua lua.LValue }

// IsNil tells whether v is nil.
func (v Value) IsNil() bool { return v.lua == nil || v.lua == lua.LNil }

// Values is any number of results.
type Values []any

// Set is a result: an array table that also has each of its elements as a key.
type Set []any

// Function is a Lua function that Go code may call.
type Function struct {
	fn *lua.LFunction
	rt *Runtime
}

// Name is where the function was written: "chat.lua:12".
func (f Function) Name() string {
	if f.fn == nil || f.fn.IsG {
		return "function"
	}
	return fmt.Sprintf("%s:%d", f.fn.Proto.SourceName, f.fn.Proto.LineDefined)
}

// Set tells whether there is a function.
func (f Function) Set() bool { return f.fn != nil }

// Call runs the function in the task of ctx, which must be a context that a
// binding was given. It takes the lock of the Lua machine for the time of the
// call; the caller must not hold it, as no function with a context does.
func (f Function) Call(ctx context.Context, args ...any) (Values, error) {
	t := TaskOf(ctx)
	defer t.leaveLua(t.enterLua())
	results, err := t.thread.Call(f.fn, f.rt.toLuaAll(args)...)
	if err != nil {
		return nil, err
	}
	values := make(Values, len(results))
	for i, v := range results {
		values[i] = Value{v}
	}
	return values, nil
}
