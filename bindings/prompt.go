package bindings

import (
	"context"
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// A Prompt runs entries in the main task of a Runtime, one after the other, and
// looks at what they left. The local variables that an entry declares at its top
// level stay for the entries that follow: they remain local variables, shared
// with the functions that use them (vm.Locals says how).
//
// Its methods are called from one goroutine at a time, without the lock of the
// machine.
type Prompt struct {
	rt     *Runtime
	locals vm.Locals
	looker *Task // holds the lock for those who look
}

// NewPrompt makes the prompt of rt. There is one main task, so there is one
// prompt.
func (rt *Runtime) NewPrompt() *Prompt {
	return &Prompt{rt: rt, looker: rt.newTask("prompt", nil)}
}

// Eval runs one entry, an expression or statements, and returns its results;
// the first is also in the global _. When ctx ends, the entry is interrupted;
// background tasks go on.
func (p *Prompt) Eval(ctx context.Context, source string) ([]Value, error) {
	return p.run(ctx, func() ([]lua.LValue, error) {
		fn, err := p.load(source)
		if err != nil {
			return nil, err
		}
		results, err := p.rt.main.thread.Call(fn)
		if len(results) > 0 {
			p.rt.vm.Globals().RawSetString("_", results[0])
		}
		return results, err
	})
}

// Step runs a part of a script as an entry: its local variables stay for the
// next ones, and messages name the script. Empty lines before it keep the
// numbers of its lines.
func (p *Prompt) Step(ctx context.Context, name, source string) error {
	_, err := p.run(ctx, func() ([]lua.LValue, error) {
		fn, err := p.rt.vm.LoadEntry(name, source, &p.locals)
		if err != nil {
			return nil, err
		}
		return p.rt.main.thread.Call(fn)
	})
	return err
}

// Script runs a script as if it were an entry: it returns when its chunk ends,
// and the tasks that it started go on. Its arguments are in arg and in `...`;
// its local variables are its own.
func (p *Prompt) Script(ctx context.Context, name, source string, args ...string) error {
	fn, err := p.rt.vm.Load(name, source)
	if err != nil {
		return err
	}
	p.rt.setArg(name, args)
	_, err = p.run(ctx, func() ([]lua.LValue, error) {
		values := make([]lua.LValue, len(args))
		for i, a := range args {
			values[i] = lua.LString(a)
		}
		return p.rt.main.thread.Call(fn, values...)
	})
	return err
}

// run runs an entry in the main task, under the lock.
func (p *Prompt) run(ctx context.Context, entry func() ([]lua.LValue, error)) ([]Value, error) {
	main := p.rt.main.thread
	var exit *vm.ExitError
	if errors.As(main.Canceled(), &exit) { // of a background task, since the last entry
		return nil, exit
	}
	main.Reset()
	stop := p.rt.cancelWith(ctx, func() { main.Cancel(context.Canceled) })
	main.Lock()
	results, err := entry()
	main.Unlock()
	stop()
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(results))
	for i, v := range results {
		values[i] = Value{v}
	}
	return values, nil
}

// load compiles an entry, as an expression where it is one. The error is an
// incomplete one if either reading only lacks its end.
func (p *Prompt) load(source string) (*lua.LFunction, error) {
	source = strings.TrimPrefix(strings.TrimLeft(source, " \t"), "=")
	expression := "return " + source
	fn, err := p.rt.vm.LoadEntry("prompt", expression, &p.locals)
	if err == nil {
		return fn, nil
	}
	fn, statementErr := p.rt.vm.LoadEntry("prompt", source, &p.locals)
	if statementErr != nil && vm.Incomplete(err, expression) {
		return nil, err
	}
	return fn, statementErr
}

// Compiles tells whether source is a whole chunk of statements.
func (p *Prompt) Compiles(source string) bool {
	_, err := p.rt.vm.Load("prompt", source)
	return err == nil
}

// IsSyntax tells whether err means that nothing has run, because the source is
// no Lua.
func IsSyntax(err error) bool {
	var syntax *vm.SyntaxError
	return errors.As(err, &syntax)
}
