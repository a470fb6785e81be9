package bindings

import (
	"context"
	"errors"

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
	rt.mu.Lock()
	rt.stopping = false
	rt.mu.Unlock()
	rt.setArg(name, args)
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a
	}
	stop := rt.cancelWith(ctx, func() {
		rt.main.Cancel()
		rt.CancelTasks()
	})
	_, err = rt.call(fn, values...)
	if err != nil {
		rt.CancelTasks()
	}
	rt.running.Wait()
	rt.tellAll()
	var exit *vm.ExitError
	if errors.As(rt.main.thread.Canceled(), &exit) { // of a task, perhaps
		err = exit
	}
	if stop() {
		err = context.Cause(ctx)
	}
	return err
}

// SearchIn makes require look for modules in folder first.
func (rt *Runtime) SearchIn(folder string) {
	rt.main.thread.Lock()
	defer rt.main.thread.Unlock()
	rt.vm.SetSearchPath(folder)
}

// cancelWith runs cancel when ctx ends. The function returned ends the watch,
// leaves no trace of it in the main task and tells whether cancel ran.
func (rt *Runtime) cancelWith(ctx context.Context, cancel func()) (stop func() bool) {
	canceled := make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		defer close(canceled)
		cancel()
	})
	return func() bool {
		ran := !unwatch()
		if ran {
			<-canceled // a cancel that came later would hit the next entry
		}
		rt.main.thread.Reset()
		return ran
	}
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
