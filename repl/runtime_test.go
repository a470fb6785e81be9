//go:build unix

package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"lunawire/bindings"
	"lunawire/bindings/socket"
	"lunawire/bindings/task"
	"lunawire/bindings/tcp"
	"lunawire/bindings/text"
	"lunawire/bindings/udp"
)

// A runtimeLua is the Interpreter of the tests: the real Runtime, whose values come out through a function of its own.
type runtimeLua struct {
	terminal *Terminal
	rt       *bindings.Runtime
	results  []bindings.Value // what the last entry returned
	shown    []any            // what walk has emitted
}

// walk emits a value as a flat list: kind, text, and for a table, its keys and values up to "end".
const walk = `
function __walk(v, depth)
  local kind = type(v)
  if kind ~= "table" or getmetatable(v) and getmetatable(v).__tostring then
    return __emit(kind, kind == "string" and v or tostring(v))
  end
  __emit("table", tostring(v))
  if depth < 8 then
    for k, w in pairs(v) do __walk(k, 8) __walk(w, depth + 1) end
  end
  __emit("end", "")
end
function __show(...) for i = 1, select("#", ...) do __walk((select(i, ...)), 0) end end
function __names(t) for k in pairs(t) do __emit("name", tostring(k)) end end
`

func newRuntimeLua(t *Terminal) (*runtimeLua, error) {
	lua := &runtimeLua{terminal: t}
	sockets := socket.New()
	rt, err := bindings.New(bindings.Config{
		Plugins: []bindings.Plugin{
			sockets, sockets.Globals(), udp.New(sockets), tcp.New(sockets), text.Plugin, task.Plugin{}, lua.plugin(),
		},
		Stdin: os.Stdin, Stdout: t, Stderr: t.Background(), ReadLine: t.ReadLine,
	})
	if err != nil {
		return nil, err
	}
	lua.rt = rt
	_, err = rt.Eval(context.Background(), walk)
	return lua, err
}

type pluginOf bindings.Module

func (p pluginOf) Module(*bindings.Runtime) bindings.Module { return bindings.Module(p) }

func (r *runtimeLua) plugin() bindings.Plugin {
	return pluginOf{Doc: "What the tests need.", Funcs: []bindings.Func{
		{Name: "__emit", Params: "kind, text", Doc: "Keeps a word.", Go: func(kind, text string) {
			r.shown = append(r.shown, [2]string{kind, text})
		}},
		{Name: "__results", Results: "values...", Doc: "Returns what the last entry returned.", Go: func() bindings.Values {
			var values bindings.Values
			for _, v := range r.results {
				values = append(values, v)
			}
			return values
		}},
		{Name: "stuck", Doc: "Never returns and cannot be interrupted.", Go: func() { select {} }},
		{Name: "broken", Doc: "Panics where nobody recovers.", Go: func() {
			go func() {
				defer r.terminal.Guard()
				panic("on purpose")
			}()
		}},
	}}
}

func (r *runtimeLua) Eval(ctx context.Context, source string) ([]Value, *Failure) {
	results, err := r.rt.Eval(ctx, source)
	if err != nil {
		return nil, r.failure(err, source)
	}
	r.results, r.shown = results, nil
	if len(results) == 0 {
		return nil, nil
	}
	if _, err := r.rt.Eval(context.Background(), "_ = __results() __show(__results())"); err != nil {
		return nil, r.failure(err, "")
	}
	var values []Value
	for len(r.shown) > 0 {
		values = append(values, r.next())
	}
	return values, nil
}

// next builds the next value from what walk has emitted.
func (r *runtimeLua) next() Value {
	word := r.shown[0].([2]string)
	r.shown = r.shown[1:]
	switch word[0] {
	case "string":
		return Value{Kind: KindString, Text: word[1]}
	case "number":
		return Value{Kind: KindNumber, Text: word[1]}
	case "table":
		t := &namedList{name: word[1]}
		for r.shown[0].([2]string)[0] != "end" {
			key := r.next()
			t.set(key, r.next())
		}
		r.shown = r.shown[1:]
		return Value{Kind: KindTable, Table: t}
	}
	return Value{Text: word[1]}
}

// A namedList is a table of Lua: the same one wherever it has the same name.
type namedList struct {
	list
	name string
}

func (l *namedList) ID() any { return l.name }

func (r *runtimeLua) failure(err error, source string) *Failure {
	described := r.rt.Describe(err)
	return &Failure{
		Message: described.Message, Hint: described.Hint, Canceled: described.Canceled,
		Incomplete: bindings.Incomplete(err, source) || bindings.Incomplete(err, "return "+source),
		Syntax:     described.Traceback == "" && !described.Canceled,
	}
}

func (r *runtimeLua) Compiles(source string) bool {
	_, err := r.rt.Eval(context.Background(), "return function(...) "+source+"\nend")
	return err == nil
}

var lastWord = regexp.MustCompile(`[A-Za-z_][\w.]*[.:]?\w*$`)

func (r *runtimeLua) Complete(_ context.Context, text string) (int, []string) {
	start := len(text)
	if at := lastWord.FindStringIndex(text); at != nil {
		start = at[0]
	}
	word := text[start:]
	var list []string
	for _, topic := range r.rt.Topics() {
		variable, _, isMethod := strings.Cut(word, ":")
		_, method, _ := strings.Cut(topic.Name, ":")
		if isMethod && strings.HasPrefix(topic.Name, "socket:") && strings.HasPrefix(variable+":"+method, word) {
			list = append(list, variable+":"+method)
		}
		if !isMethod && !strings.Contains(topic.Name, ":") && strings.HasPrefix(topic.Name, word) {
			list = append(list, topic.Name)
		}
	}
	return start, list
}

func (r *runtimeLua) Help(topic string) (string, error) { return r.rt.Help(topic) }

func (r *runtimeLua) Sockets() []Socket { return nil }

func (r *runtimeLua) Tasks() []Task {
	var tasks []Task
	for _, t := range r.rt.Tasks() {
		tasks = append(tasks, Task{ID: t.ID, Name: t.Name, State: t.State()})
	}
	return tasks
}

func (r *runtimeLua) Kill(id int) error {
	for _, t := range r.rt.Tasks() {
		if t.ID == id {
			t.Cancel()
			return nil
		}
	}
	return fmt.Errorf("there is no task %d", id)
}

func (r *runtimeLua) Scripts() []Script { return []Script{{Name: "hello", Title: "says hello 你好"}} }

func (r *runtimeLua) Script(name string) (string, error) {
	if name == "hello" {
		return "print('hello ' .. (arg or 'you'))", nil
	}
	source, err := os.ReadFile(name)
	return string(source), err
}

func (r *runtimeLua) RunScript(ctx context.Context, name string, _ []string) *Failure {
	source, err := r.Script(name)
	if err != nil {
		return &Failure{Message: err.Error()}
	}
	_, failure := r.Eval(ctx, source)
	return failure
}

func init() {
	children["prompt"] = func() error {
		t, err := Open(os.Stdin, os.Stdout, ColourAuto)
		if err != nil {
			return err
		}
		lua, err := newRuntimeLua(t)
		if err != nil {
			return errors.Join(err, t.Close())
		}
		path, err := HistoryFile()
		if err != nil {
			return err
		}
		err = Run(context.Background(), t, lua, Options{History: path, Greeting: "welcome"})
		lua.rt.Close()
		return errors.Join(err, t.Close())
	}
}
