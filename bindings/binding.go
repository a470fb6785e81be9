package bindings

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// A binding is a row that has been checked against its Go function and is
// ready to be called from Lua.
type binding struct {
	rt      *Runtime
	row     Func
	owner   string // "udp", or the type's name for a method
	name    string // as it is called: "udp.socket", "s:bind"
	usage   string // the usage line: "s:bind(host, port)"
	fast    Fast
	in      []reader
	params  []string // a name for each reader
	out     []writer
	method  bool
	options int      // index of the options table in in, or -1
	free    []*frame // frames not in use; guarded by the lock of the machine
}

// A frame holds the variables of one call: pointers that the readers fill and
// the writers read, and the call itself.
type frame struct {
	in, out []any
	args    Args
	call    func(*Task) error
	clear   func() // forgets the values, so that a pooled frame keeps nothing alive
}

var (
	contextType = reflect.TypeFor[context.Context]()
	taskType    = reflect.TypeFor[*Task]()
	errorType   = reflect.TypeFor[error]()
)

// bind checks row against its Go function and makes it callable. receiver is
// nil for a function of a module.
func (rt *Runtime) bind(row Func, owner string, receiver *Type) (*binding, error) {
	b := &binding{rt: rt, row: row, owner: owner, options: -1, method: receiver != nil}
	b.name = owner + "." + row.Name
	switch {
	case receiver != nil:
		b.name = receiver.Var + ":" + row.Name
	case owner == "":
		b.name = row.Name
	}
	b.usage = b.name + "(" + row.Params + ")"
	if err := b.compile(receiver); err != nil {
		return nil, fmt.Errorf("%s: %w", b.name, err)
	}
	return b, nil
}

func (b *binding) compile(receiver *Type) error {
	if b.row.Name == "" || b.row.Doc == "" {
		return errors.New("a row needs a Name and a Doc")
	}
	if first, _, _ := strings.Cut(b.row.Doc, "\n"); len(first) > 72 || !strings.HasSuffix(first, ".") {
		return fmt.Errorf("the first line of Doc is one sentence of at most 72 characters, not %q", first)
	}
	fast, ok := b.row.Go.(Fast)
	if !ok {
		if reflect.TypeOf(b.row.Go) == nil || reflect.TypeOf(b.row.Go).Kind() != reflect.Func {
			return errors.New("the Go field is not a function")
		}
		fast = reflected(reflect.ValueOf(b.row.Go), b.receiver())
	}
	b.fast = fast
	if err := b.compileParams(receiver); err != nil {
		return err
	}
	return b.compileResults()
}

// compileParams pairs the argument types of the Go function with the names of
// the row.
func (b *binding) compileParams(receiver *Type) error {
	names := splitNames(b.row.Params)
	for i, t := range b.fast.params() {
		r, err := b.rt.paramReader(b.fast.fn.Type(), t)
		if err != nil {
			return err
		}
		if receiver != nil && i == 0 {
			if t != reflect.TypeOf(receiver.Of) {
				return fmt.Errorf("the receiver is %s, not %T", t, receiver.Of)
			}
			b.in, b.params = append(b.in, r), append(b.params, receiver.Var)
			continue
		}
		if len(names) < r.names {
			return fmt.Errorf("the Params %q name fewer arguments than the Go function has", b.row.Params)
		}
		if err := agree(names[:r.names], r.optional, r.rest); err != nil {
			return err
		}
		if r.options != nil {
			b.options = len(b.in)
		}
		b.in, b.params = append(b.in, r), append(b.params, strings.TrimRight(names[0], "?."))
		names = names[r.names:]
	}
	if len(names) > 0 {
		return fmt.Errorf("the Params name %q, which the Go function does not have", strings.Join(names, ", "))
	}
	return nil
}

// paramReader finds the reader of an argument type; the variadic one takes the rest.
func (rt *Runtime) paramReader(fn, t reflect.Type) (reader, error) {
	if !fn.IsVariadic() || t != fn.In(fn.NumIn()-1) {
		return rt.readerFor(t)
	}
	element, err := rt.readerFor(t.Elem())
	if err != nil {
		return reader{}, err
	}
	return reader{kind: element.kind, names: 1, rest: true, read: func(a *Args, dst any) error {
		list := reflect.MakeSlice(t, 0, a.Left())
		for a.next <= a.top {
			item := reflect.New(t.Elem())
			if err := element.read(a, item.Interface()); err != nil {
				return err
			}
			list = reflect.Append(list, item.Elem())
		}
		reflect.ValueOf(dst).Elem().Set(list)
		return nil
	}}, nil
}

// agree checks the marks of the names that stand for one Go argument: ? where
// it is optional, ... where it takes the rest.
func agree(names []string, optional, rest bool) error {
	last := names[len(names)-1]
	if first := names[0]; strings.HasSuffix(first, "?") != optional && !rest {
		return fmt.Errorf("the row and the Go function disagree whether %q is optional", first)
	}
	if strings.HasSuffix(last, "...") != rest {
		return fmt.Errorf("the row and the Go function disagree whether %q takes the rest", last)
	}
	return nil
}

func (b *binding) compileResults() error {
	names := splitNames(b.row.Results)
	types := b.fast.results()
	if len(names) != len(types) {
		return fmt.Errorf("the Results %q name %d results, the Go function has %d", b.row.Results, len(names), len(types))
	}
	for i, t := range types {
		w, err := b.rt.writerFor(t)
		if err != nil {
			return err
		}
		if err := agree(names[i:i+1], w.optional, w.rest); err != nil {
			return err
		}
		b.out = append(b.out, w)
	}
	return nil
}

// splitNames splits "host, port?" into its names.
func splitNames(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// call is the Lua function: it reads the arguments, runs the Go function
// (without the lock where that may wait) and pushes the results.
func (b *binding) call(l *lua.LState) int {
	t := taskOf(l)
	f := b.takeFrame()
	f.args = Args{rt: b.rt, l: l, next: 1, top: l.GetTop()}
	err := b.read(&f.args, f.in)
	if err == nil {
		if b.fast.waits {
			err = t.waiting(f, b.name)
		} else {
			err = f.call(t)
		}
	}
	if err != nil {
		b.giveFrame(f)
		return b.fail(l, t, err)
	}
	n := b.push(l, f.out)
	b.giveFrame(f)
	return n
}

// read fills the frame; what is wrong is told by the name of the argument.
func (b *binding) read(a *Args, in []any) error {
	for i := range b.in {
		r := &b.in[i]
		if r.optional {
			if a.next > a.top {
				continue // its variable is empty as it is
			}
			if b.options > i && a.isOptions(r) {
				continue // recv(10, {timeout=2}): the flags between are left out
			}
		}
		if err := r.read(a, in[i]); err != nil {
			return b.misuse(a, i, err)
		}
	}
	if a.next <= a.top {
		return Usage("%d arguments given, at most %d are taken", a.top-b.receiver(), a.next-1-b.receiver())
	}
	return nil
}

// misuse names the argument that err complains of.
func (b *binding) misuse(a *Args, i int, err error) error {
	var bad *argumentError
	if errors.As(err, &bad) {
		return err
	}
	if b.method && i == 0 {
		return Usage("call it with a colon, %s; before the dot stands %s", b.name, a.Describe())
	}
	return BadArgument(b.params[i], "%s", err)
}

func (b *binding) receiver() int {
	if b.method {
		return 1
	}
	return 0
}

// fail raises err in Lua, or returns nil and the word of an outcome.
func (b *binding) fail(l *lua.LState, t *Task, err error) int {
	var word Outcome
	if errors.As(err, &word) {
		l.Push(lua.LNil)
		l.Push(lua.LString(word))
		return 2
	}
	b.rt.raise(l, t, err, b.row.Name, b.usage)
	return 0
}

func (b *binding) push(l *lua.LState, out []any) int {
	n := len(b.out)
	for n > 1 && b.out[n-1].optional && !out[n-1].(optional).given() {
		n--
	}
	if n > 0 && b.out[n-1].rest {
		rest := *out[n-1].(*Values)
		vm.Reserve(l, n+len(rest))
		b.pushSome(l, out, n-1)
		for _, v := range rest {
			l.Push(b.rt.toLua(v))
		}
		return n - 1 + len(rest)
	}
	return b.pushSome(l, out, n)
}

func (b *binding) pushSome(l *lua.LState, out []any, n int) int {
	for i := range n {
		l.Push(b.out[i].write(b.rt, out[i]))
	}
	return n
}

func (b *binding) takeFrame() *frame {
	if n := len(b.free); n > 0 {
		f := b.free[n-1]
		b.free = b.free[:n-1]
		return f
	}
	return b.fast.newFrame()
}

// giveFrame keeps a few frames for the next calls.
func (b *binding) giveFrame(f *frame) {
	f.clear()
	f.args = Args{}
	if len(b.free) < 16 {
		b.free = append(b.free, f)
	}
}
