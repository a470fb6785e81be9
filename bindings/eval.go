package bindings

import (
	"context"
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// Failure is an uncaught error in the words that a person reads.
type Failure struct {
	Message   string // with its position in front: "chat.lua:12: bind 127.0.0.1:80: permission denied (EACCES)"
	Hint      string
	Traceback string
	Canceled  bool // it was interrupted, nothing failed
}

// Text is the message, the hint on a line of its own and the traceback.
func (f Failure) Text() string {
	s := f.Message
	if f.Hint != "" {
		s += "\n  hint: " + f.Hint
	}
	if f.Traceback != "" {
		s += "\n" + f.Traceback
	}
	return s
}

// Describe puts an error of Run, Eval or Join into words. The caller does not hold
// the lock of the machine.
func (rt *Runtime) Describe(err error) Failure {
	f := Failure{Message: err.Error(), Canceled: errors.Is(err, context.Canceled)}
	var raised *vm.Error
	if errors.As(err, &raised) {
		f.Message, f.Traceback = rt.text(raised.Value), raised.Traceback
	}
	if e := errorValue(err); e != nil {
		f.Message, f.Hint = e.Error(), e.Hint
		if e.Where != "" {
			f.Message = e.Where + ": " + f.Message
		}
	}
	return f
}

// errorValue is the error value of ours that err is or carries.
func errorValue(err error) *Error {
	var raised *vm.Error
	if errors.As(err, &raised) {
		if ud, ok := raised.Value.(*lua.LUserData); ok {
			e, _ := ud.Value.(*Error)
			return e
		}
		return nil
	}
	var e *Error
	errors.As(err, &e)
	return e
}

// raise raises err in Lua. An interrupt goes before it, so that no pcall can
// swallow one; what Lua raised in a callback is raised again as it was.
func (rt *Runtime) raise(l *lua.LState, t *Task, err error, op, usage string) {
	vm.Check(l)
	var raised *vm.Error
	if errors.As(err, &raised) {
		vm.Raise(l, raised.Value)
	}
	vm.Raise(l, rt.toLua(asError(err, op, usage, vm.Where(l))))
}

// Run runs a script as the main task: its arguments are in arg and in `...`.
// It returns when the script and the tasks that it started have ended; when
// the script fails or ctx ends, its tasks are cancelled.
func (rt *Runtime) Run(ctx context.Context, name, source string, args ...string) error {
	fn, err := rt.vm.Load(name, source)
	if err != nil {
		return err
	}
	rt.setArg(name, args)
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a
	}
	stop := context.AfterFunc(ctx, func() {
		rt.main.Cancel()
		rt.CancelTasks()
	})
	_, err = rt.call(fn, values...)
	if err != nil {
		rt.CancelTasks()
	}
	rt.running.Wait()
	if !stop() {
		rt.main.thread.Reset()
		return context.Cause(ctx)
	}
	return err
}

// setArg sets the global arg as the lua program does: arg[0] is the script.
func (rt *Runtime) setArg(name string, args []string) {
	rt.main.thread.Lock()
	defer rt.main.thread.Unlock()
	table := rt.main.thread.State().CreateTable(len(args), 1)
	table.RawSetInt(0, lua.LString(name))
	for i, a := range args {
		table.RawSetInt(i+1, lua.LString(a))
	}
	rt.vm.Globals().RawSetString("arg", table)
}

// call runs fn in the main task.
func (rt *Runtime) call(fn *lua.LFunction, args ...any) ([]lua.LValue, error) {
	rt.main.thread.Lock()
	defer rt.main.thread.Unlock()
	results, err := rt.main.thread.Call(fn, rt.toLuaAll(args)...)
	return results, err
}

// Incomplete tells whether source is the beginning of something: the prompt
// then asks for more.
func Incomplete(err error, source string) bool { return vm.Incomplete(err, source) }

// Eval evaluates one entry of the prompt, an expression or statements, and
// returns its results, ready to be shown. When ctx ends, the entry is
// interrupted; background tasks go on.
func (rt *Runtime) Eval(ctx context.Context, source string) ([]Value, error) {
	fn, err := rt.loadEntry(source)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, rt.main.Cancel)
	results, err := rt.call(fn)
	if !stop() {
		rt.main.thread.Reset()
	}
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(results))
	for i, v := range results {
		values[i] = Value{v}
	}
	return values, nil
}

// Print prints values as the function print does.
func (rt *Runtime) Print(values ...Value) {
	if len(values) == 0 {
		return
	}
	words := make([]string, len(values))
	rt.main.thread.Lock()
	for i, v := range values {
		words[i] = rt.vm.ToString(v.value())
	}
	rt.main.thread.Unlock()
	rt.Write(strings.Join(words, "\t") + "\n")
}

// loadEntry compiles an entry, as an expression where it is one. The error is
// an incomplete one if either reading only lacks its end.
func (rt *Runtime) loadEntry(source string) (*lua.LFunction, error) {
	source = strings.TrimPrefix(strings.TrimSpace(source), "=")
	expression := "return " + source
	fn, err := rt.vm.Load("prompt", expression)
	if err == nil {
		return fn, nil
	}
	fn, statementErr := rt.vm.Load("prompt", source)
	if statementErr != nil && vm.Incomplete(err, expression) {
		return nil, err
	}
	return fn, statementErr
}
