// Package lua makes a Runtime of package bindings the Interpreter of the prompt.
//
// Wiring, for whoever owns the terminal:
//
//	terminal, err := repl.Open(os.Stdin, os.Stdout, repl.ColourAuto)
//	plugins := all.Plugins()
//	rt, err := bindings.New(bindings.Config{
//		Plugins: plugins, Stdin: os.Stdin, Stdout: terminal, Stderr: terminal.Background(),
//		ReadLine: terminal.ReadLine, Columns: terminal.Width,
//	})
//	ctx, exit := context.WithCancelCause(ctx)
//	err = repl.Run(ctx, terminal, lua.New(rt, plugins, exit), repl.Options{History: path})
//	rt.Close()
//	err = errors.Join(err, terminal.Close())
//
// The caller owns the Terminal and the Runtime and closes both; an Interpreter
// holds nothing that needs closing. Its methods are called from one goroutine at
// a time, while the tasks of the Runtime go on.
package lua

import (
	"context"
	"fmt"
	"os"
	"strings"

	"lunawire/bindings"
	"lunawire/bindings/socket"
	"lunawire/bindings/text"
	"lunawire/repl"
	"lunawire/scripts"
)

// Interpreter is a Runtime as the prompt sees it. New makes one.
type Interpreter struct {
	rt      *bindings.Runtime
	prompt  *bindings.Prompt
	sockets *socket.Plugin // nil if there are none
	exit    context.CancelCauseFunc
	words   bindings.Words
}

var _ repl.Interpreter = (*Interpreter)(nil)

// New makes the Interpreter of rt, which was made of those plugins. exit is told
// of os.exit, with an error that bindings.ExitStatus understands: the program
// ends by it.
func New(rt *bindings.Runtime, plugins []bindings.Plugin, exit context.CancelCauseFunc) *Interpreter {
	l := &Interpreter{rt: rt, prompt: rt.NewPrompt(), exit: exit, words: bindings.Words{"encoding": nil}}
	for _, p := range plugins {
		if sockets, ok := p.(*socket.Plugin); ok {
			l.sockets = sockets
		}
	}
	for _, codec := range text.All() {
		l.words["encoding"] = append(l.words["encoding"], codec.Name())
	}
	return l
}

// Eval runs one entry and keeps its first result in the global _. The local
// variables of its top level stay for the next entries.
func (l *Interpreter) Eval(ctx context.Context, source string) ([]repl.Value, *repl.Failure) {
	results, err := l.prompt.Eval(ctx, source)
	if err != nil {
		return nil, l.failure(err, source)
	}
	var values []repl.Value
	for _, v := range results {
		values = append(values, l.value(v))
	}
	return values, nil
}

// failure puts err into the prompt's words; nil where the program ends by it.
func (l *Interpreter) failure(err error, source string) *repl.Failure {
	if _, exited := bindings.ExitStatus(err); exited {
		l.exit(err)
		return nil
	}
	f := l.rt.Describe(err)
	return &repl.Failure{
		Message: f.Message, Hint: f.Hint, Traceback: informative(f.Traceback), Canceled: f.Canceled,
		Incomplete: bindings.Incomplete(err, source), Syntax: bindings.IsSyntax(err),
	}
}

// informative leaves a traceback out that tells no more than the message: the
// error happened in the entry itself.
func informative(traceback string) string {
	calls := 0
	for line := range strings.Lines(traceback) {
		if strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "\t[Go]:") {
			calls++
		}
	}
	if calls < 2 {
		return ""
	}
	return traceback
}

// Compiles reports whether source is a whole chunk of statements.
func (l *Interpreter) Compiles(source string) bool { return l.prompt.Compiles(source) }

// Complete returns what the end of text, from byte start on, may become.
func (l *Interpreter) Complete(ctx context.Context, text string) (start int, candidates []string) {
	return l.prompt.Complete(ctx, text, l.words)
}

// Help explains a topic.
func (l *Interpreter) Help(topic string) (string, error) { return l.rt.Help(topic) }

// Sockets lists the open sockets, oldest first.
func (l *Interpreter) Sockets() []repl.Socket {
	if l.sockets == nil {
		return nil
	}
	var list []repl.Socket
	for _, r := range l.sockets.Registry.Rows() {
		list = append(list, repl.Socket{
			ID: r.ID, Type: r.Protocol, Local: r.Local, Remote: r.Peer, State: r.State, In: r.In, Out: r.Out,
			Readable: r.Readable, Writable: r.Writable, Exceptions: r.Exceptional,
		})
	}
	return list
}

// Scripts lists the walkthroughs.
func (l *Interpreter) Scripts() []repl.Script {
	var list []repl.Script
	for _, s := range scripts.List() {
		list = append(list, repl.Script{Name: s.Name, Title: s.Title})
	}
	return list
}

// Script returns the source of a file or a walkthrough.
func (l *Interpreter) Script(name string) (string, error) {
	source, err := os.ReadFile(name)
	if err == nil {
		return string(source), nil
	}
	script, findErr := scripts.Find(name)
	if findErr == nil {
		return script.Source, nil
	}
	if strings.HasSuffix(name, ".lua") || !os.IsNotExist(err) {
		return "", err
	}
	return "", findErr
}

// RunScript runs a file or a walkthrough as if it were an entry: the tasks that
// it starts go on when it has ended.
func (l *Interpreter) RunScript(ctx context.Context, name string, args []string) *repl.Failure {
	source, err := l.Script(name)
	if err != nil {
		return &repl.Failure{Message: err.Error()}
	}
	if err := l.prompt.Script(ctx, name, source, args...); err != nil {
		f := l.failure(err, source)
		if f != nil {
			f.Incomplete = false // more lines do not come
		}
		return f
	}
	return nil
}

// Kill cancels the task with that number.
func (l *Interpreter) Kill(id int) error {
	for _, t := range l.rt.Tasks() {
		if t.ID == id {
			t.Cancel()
			return nil
		}
	}
	return fmt.Errorf("there is no task %d; .tasks lists them", id)
}
