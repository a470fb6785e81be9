package bindings

import (
	"context"
	"errors"
	"io"

	lua "github.com/yuin/gopher-lua"
)

// core is the module of the globals that every Runtime has, and the type of
// error values.
func (rt *Runtime) core() Module {
	return Module{
		Doc: "What needs no module name.",
		Funcs: []Func{
			{
				Name: "help", Params: "topic?",
				Doc: "Prints what there is to know about a topic.\n\nA topic is a module (udp), a function (udp.socket), a value (a socket) or a name in quotes (\"recvfrom\").\nhelp() lists the modules.",
				Go:  rt.help,
			},
			{
				Name: "with", Params: "value, fn", Results: "results...",
				Doc: "Calls fn(value), then closes value, however fn ends.\n\nReturns what fn returned and raises what it raised. Closes anything that has a close method.",
				Example: `
local port = with(udp.socket(), function(s)
  s:bind("127.0.0.1", 0)
  return s:getsockname().port
end)
print(port > 0)   --> true`,
				Go: with,
			},
			{
				Name: "input", Params: "prompt?", Results: "line",
				Doc: "Reads a line that the user types.\n\nShows prompt first, as Python's input does. At the end of input it returns nil, \"closed\". Only the main task reads.",
				Go:  rt.input,
			},
		},
		Types: []Type{errorRow},
	}
}

var errorRow = Type{
	Name: "error", Var: "err", Of: (*Error)(nil),
	Doc: "What a failed call raises; pcall catches it. tostring(err) is the message.",
	Fields: []Field{
		{"op", "the call that failed: \"bind\"", func(e *Error) any { return orNil(e.Op) }},
		{"code", "the symbolic code: \"EADDRINUSE\"", func(e *Error) any { return orNil(e.Code) }},
		{"message", "what came back, in words", func(e *Error) any { return orNil(e.Message) }},
		{"address", "the address it was attempted on", func(e *Error) any { return orNil(e.Address) }},
		{"hint", "what to do about it", func(e *Error) any { return orNil(e.Hint) }},
		{"where", "the place in the script: \"script.lua:12\"", func(e *Error) any { return orNil(e.Where) }},
		{"sent", "how many bytes a failed send handed over", func(e *Error) any { return e.Details["sent"] }},
		{"position", "where in the text an encoding failed, from 1", func(e *Error) any { return e.Details["position"] }},
	},
}

// orNil makes a word that is not there nil in Lua.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (rt *Runtime) help(task *Task, topic Opt[Value]) error {
	text, err := rt.overview(), error(nil)
	if topic.Set {
		text, err = rt.helpOn(topic.Value.value())
	}
	if err != nil {
		return Usage("%s", err)
	}
	_, err = io.WriteString(rt.config.Stdout, text)
	return err
}

// with closes value on every exit of fn.
func with(ctx context.Context, value Value, fn Function) (Values, error) {
	results, err := fn.Call(ctx, value)
	if closeErr := value.close(ctx, fn.rt); err == nil {
		err = closeErr
	}
	return results, err
}

// close closes a value of ours directly, which works in a cancelled task too,
// and any other by its close method.
func (v Value) close(ctx context.Context, rt *Runtime) error {
	if ud, ok := v.lua.(*lua.LUserData); ok {
		if c, ok := ud.Value.(io.Closer); ok {
			return c.Close()
		}
	}
	t := TaskOf(ctx)
	outer := t.enterLua()
	method := lua.LNil
	if table, ok := v.lua.(*lua.LTable); ok {
		method = t.thread.State().GetField(table, "close")
	}
	t.leaveLua(outer)
	fn, ok := method.(*lua.LFunction)
	if !ok {
		return BadArgument("value", "something with a close method expected, got %s", describe(v.lua, false))
	}
	_, err := Function{fn, rt}.Call(ctx, v)
	return err
}

func (rt *Runtime) input(ctx context.Context, prompt Opt[string]) (string, error) {
	line, err := rt.readInput(ctx, prompt.Or(""))
	if errors.Is(err, io.EOF) {
		return "", Closed
	}
	return line, err
}
