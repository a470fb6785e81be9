package bindings

import (
	"context"
	"reflect"
)

// Fast is a Go function that is called without reflection. The calls that
// carry data are declared with one of the constructors below, named for the
// number of arguments and results; everything else may simply be a func.
type Fast struct {
	fn       reflect.Value
	receiver int // 1 if the first argument is the receiver of a method, whatever its type
	waits    bool
	newFrame func() *frame
}

// params are the types of the arguments that come from Lua.
func (f Fast) params() []reflect.Type {
	var list []reflect.Type
	for i := range f.fn.Type().NumIn() {
		if !f.given(i) {
			list = append(list, f.fn.Type().In(i))
		}
	}
	return list
}

// given tells whether argument i is the context or the task of the call.
func (f Fast) given(i int) bool {
	t := f.fn.Type().In(i)
	return i >= f.receiver && (t == contextType || t == taskType)
}

// results are the types of the results that reach Lua: all but the error.
func (f Fast) results() []reflect.Type {
	var list []reflect.Type
	for i := range f.fn.Type().NumOut() {
		if t := f.fn.Type().Out(i); t != errorType {
			list = append(list, t)
		}
	}
	return list
}

// reflected makes any function callable; reflection costs it some 300 ns a call.
func reflected(fn reflect.Value, receiver int) Fast {
	f := Fast{fn: fn, receiver: receiver}
	for i := range fn.Type().NumIn() {
		f.waits = f.waits || fn.Type().In(i) == contextType
	}
	f.newFrame = func() *frame { return reflectedFrame(f) }
	return f
}

func reflectedFrame(f Fast) *frame {
	t := f.fn.Type()
	args := make([]reflect.Value, t.NumIn())
	results := make([]reflect.Value, t.NumOut())
	fr := &frame{}
	for i := range args {
		p := reflect.New(t.In(i))
		args[i] = p.Elem()
		if !f.given(i) {
			fr.in = append(fr.in, p.Interface())
		}
	}
	for i := range results {
		p := reflect.New(t.Out(i))
		results[i] = p.Elem()
		if t.Out(i) != errorType {
			fr.out = append(fr.out, p.Interface())
		}
	}
	fr.call = func(task *Task) error {
		for i, a := range args {
			switch {
			case !f.given(i):
			case t.In(i) == contextType:
				a.Set(reflect.ValueOf(&task.ctx))
			default:
				a.Set(reflect.ValueOf(task))
			}
		}
		invoke := f.fn.Call
		if t.IsVariadic() {
			invoke = f.fn.CallSlice
		}
		var err error
		for i, r := range invoke(args) {
			if t.Out(i) == errorType {
				err, _ = r.Interface().(error)
				continue
			}
			results[i].Set(r)
		}
		return err
	}
	fr.clear = func() {
		for _, v := range args {
			v.SetZero()
		}
		for _, v := range results {
			v.SetZero()
		}
	}
	return fr
}

// vars are the arguments and results of one call; none stands for those that a
// function has not.
type vars[A, B, C, D, X, Y, Z any] struct {
	a A
	b B
	c C
	d D
	x X
	y Y
	z Z
}

type none struct{}

// fast makes f, of so many arguments and results, callable by call.
func fast[A, B, C, D, X, Y, Z any](f any, in, out int, call func(*vars[A, B, C, D, X, Y, Z], *Task) error) Fast {
	return Fast{fn: reflect.ValueOf(f), waits: true, newFrame: func() *frame {
		v := new(vars[A, B, C, D, X, Y, Z])
		return &frame{
			in: []any{&v.a, &v.b, &v.c, &v.d}[:in], out: []any{&v.x, &v.y, &v.z}[:out],
			call:  func(t *Task) error { return call(v, t) },
			clear: func() { *v = vars[A, B, C, D, X, Y, Z]{} },
		}
	}}
}

// Wait2to0 declares a waiting function of two arguments without results.
func Wait2to0[A, B any](f func(A, context.Context, B) error) Fast {
	return fast(f, 2, 0, func(v *vars[A, B, none, none, none, none, none], t *Task) error {
		return f(v.a, &t.ctx, v.b)
	})
}

// Wait2to1 declares a waiting function of two arguments and one result.
func Wait2to1[A, B, X any](f func(A, context.Context, B) (X, error)) Fast {
	return fast(f, 2, 1, func(v *vars[A, B, none, none, X, none, none], t *Task) (err error) {
		v.x, err = f(v.a, &t.ctx, v.b)
		return err
	})
}

// Wait2to2 declares a waiting function of two arguments and two results.
func Wait2to2[A, B, X, Y any](f func(A, context.Context, B) (X, Y, error)) Fast {
	return fast(f, 2, 2, func(v *vars[A, B, none, none, X, Y, none], t *Task) (err error) {
		v.x, v.y, err = f(v.a, &t.ctx, v.b)
		return err
	})
}

// Wait3to0 declares a waiting function of three arguments without results.
func Wait3to0[A, B, C any](f func(A, context.Context, B, C) error) Fast {
	return fast(f, 3, 0, func(v *vars[A, B, C, none, none, none, none], t *Task) error {
		return f(v.a, &t.ctx, v.b, v.c)
	})
}

// Wait3to1 declares a waiting function of three arguments and one result.
func Wait3to1[A, B, C, X any](f func(A, context.Context, B, C) (X, error)) Fast {
	return fast(f, 3, 1, func(v *vars[A, B, C, none, X, none, none], t *Task) (err error) {
		v.x, err = f(v.a, &t.ctx, v.b, v.c)
		return err
	})
}

// Wait4to1 declares a waiting function of four arguments and one result.
func Wait4to1[A, B, C, D, X any](f func(A, context.Context, B, C, D) (X, error)) Fast {
	return fast(f, 4, 1, func(v *vars[A, B, C, D, X, none, none], t *Task) (err error) {
		v.x, err = f(v.a, &t.ctx, v.b, v.c, v.d)
		return err
	})
}

// Wait4to3 declares a waiting function of four arguments and three results.
func Wait4to3[A, B, C, D, X, Y, Z any](f func(A, context.Context, B, C, D) (X, Y, Z, error)) Fast {
	return fast(f, 4, 3, func(v *vars[A, B, C, D, X, Y, Z], t *Task) (err error) {
		v.x, v.y, v.z, err = f(v.a, &t.ctx, v.b, v.c, v.d)
		return err
	})
}

// Do1to0 declares a method without arguments and results that does not wait but
// wants to know its task.
func Do1to0[A any](f func(A, *Task) error) Fast {
	quick := fast(f, 1, 0, func(v *vars[A, none, none, none, none, none, none], t *Task) error {
		return f(v.a, t)
	})
	quick.waits = false
	return quick
}

// Do1to1 declares a function of a module, of one argument and one result, that
// does not wait but wants to know its task.
func Do1to1[A, X any](f func(*Task, A) (X, error)) Fast {
	quick := fast(f, 1, 1, func(v *vars[A, none, none, none, X, none, none], t *Task) (err error) {
		v.x, err = f(t, v.a)
		return err
	})
	quick.waits = false
	return quick
}
