package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	promptFirst = "> "
	promptMore  = ">> "
)

// Options say how a prompt behaves.
type Options struct {
	History  string // the file that keeps the entries; "" keeps none. See HistoryFile.
	Greeting string // what is printed first to a person
}

// A session is one run of the prompt.
type session struct {
	terminal   *Terminal
	lua        Interpreter
	history    *history
	interrupts *interrupts
	commands   []command
	pending    string    // the beginning of an entry that needs more lines
	done       []success // for .save
	written    map[string]bool
	listed     string // the text whose candidates were listed last
	hadFailure bool
}

// A success is an entry that came to its end, and whether it showed a value.
type success struct {
	entry string
	shown bool
}

// errQuit is how the command that leaves says so.
var errQuit = errors.New("quit")

// Run reads entries from t, lets lua evaluate them and prints what comes out, until the input ends, the person leaves
// or ctx ends. Only trouble with the terminal itself, and the end of ctx, are errors.
func Run(ctx context.Context, t *Terminal, lua Interpreter, o Options) error {
	s := &session{terminal: t, lua: lua, commands: commandTable(), written: map[string]bool{}}
	h, err := loadHistory(o.History)
	s.history = h
	if t.asks && o.Greeting != "" {
		s.print(strings.TrimSuffix(o.Greeting, "\n"))
	}
	if err != nil {
		s.remark("the history is not kept: " + err.Error())
	}
	s.interrupts = newInterrupts(t)
	defer s.interrupts.close()
	if t.editor != nil {
		t.editor.quiet()
	}
	return s.loop(ctx)
}

func (s *session) loop(ctx context.Context) error {
	for ctx.Err() == nil {
		line, err := s.readLine(ctx)
		switch {
		case errors.Is(err, ErrInterrupted):
			s.dropped()
		case err == io.EOF && s.pending != "" && s.terminal.asks:
			s.pending = ""
		case err == io.EOF:
			s.unfinished()
			return nil
		case err != nil:
			return fmt.Errorf("read a line: %w", err)
		default:
			if s.take(ctx, line) == errQuit {
				return nil
			}
		}
	}
	return context.Cause(ctx)
}

// dropped forgets the entry that Ctrl-C was pressed in.
func (s *session) dropped() {
	s.pending = ""
	s.afterEcho()
}

// afterEcho goes to a fresh row where no line is edited: the terminal itself shows ^C, and nothing for Ctrl-D.
func (s *session) afterEcho() {
	if s.terminal.asks && s.terminal.editor == nil {
		s.print("")
	}
}

// unfinished tells of an entry that the input ended in.
func (s *session) unfinished() {
	s.afterEcho()
	if s.pending == "" {
		return
	}
	s.interrupts.during(context.Background(), func(ctx context.Context) {
		if _, failure := s.lua.Eval(ctx, s.pending); failure != nil {
			s.fail(s.pending, failure)
		}
	})
}

func (s *session) readLine(ctx context.Context) (line string, err error) {
	s.listed = ""
	prompt := promptFirst
	if s.pending != "" {
		prompt = promptMore
	}
	r := request{
		prompt: prompt, painted: s.terminal.paint(stylePrompt, prompt),
		history: s.history.entries, complete: s.completer(ctx),
	}
	s.interrupts.during(ctx, func(ctx context.Context) {
		line, err = s.terminal.readOwnLine(ctx, r)
	})
	if s.terminal.editor != nil {
		line = fromOneLine(line)
	}
	return line, err
}

// take adds a line to the entry, and acts on the entry if it is whole.
func (s *session) take(ctx context.Context, line string) error {
	if s.pending == "" && strings.TrimSpace(line) == "" {
		return nil
	}
	if s.pending != "" {
		line = s.pending + "\n" + line
	}
	s.pending = line
	if s.terminal.pasted() && !isOrder(line) {
		return nil
	}
	return s.act(ctx)
}

// isOrder reports whether an entry is for the prompt itself: a command or a question.
func isOrder(entry string) bool {
	_, _, command := commandWords(entry)
	_, asks := question(entry)
	return command || asks
}

// act runs the pending entry and keeps it in the history once it is whole.
func (s *session) act(ctx context.Context) error {
	entry := s.pending
	var err error
	s.interrupts.during(ctx, func(ctx context.Context) {
		if isOrder(entry) {
			s.pending = ""
			err = s.obey(ctx, entry)
		} else {
			err = s.evaluate(ctx, entry)
		}
	})
	if s.pending == "" && s.terminal.asks {
		if errKeep := s.history.add(entry); errKeep != nil {
			s.remark("the history is not kept: " + errKeep.Error())
			s.history.path = ""
		}
	}
	return err
}

// obey carries out an order.
func (s *session) obey(ctx context.Context, order string) error {
	if topic, asks := question(order); asks {
		s.explain(ctx, topic)
		return nil
	}
	name, args, _ := commandWords(order)
	return s.command(ctx, name, args)
}

// evaluate runs an entry of Lua, unless it needs more lines. Several lines that are no chunk together may be several
// entries that came as one, as pasted lines do.
func (s *session) evaluate(ctx context.Context, entry string) error {
	values, failure := s.run(ctx, entry)
	switch {
	case failure == nil:
		s.pending = ""
		s.succeed(entry, values)
	case failure.Incomplete && !isPythonBlock(entry):
	case failure.Syntax && strings.Contains(entry, "\n") && s.beginsWhole(entry):
		s.pending = ""
		return s.lineByLine(ctx, entry)
	default:
		s.pending = ""
		s.fail(entry, failure)
	}
	return nil
}

// run evaluates an entry, which may ask for its value as calculators are asked.
func (s *session) run(ctx context.Context, entry string) ([]Value, *Failure) {
	return s.lua.Eval(ctx, withoutEquals(entry))
}

func withoutEquals(entry string) string {
	return strings.TrimPrefix(strings.TrimLeft(entry, " \t"), "=")
}

// beginsWhole reports whether a part of an entry, up to the end of one of its lines but the last, can stand alone.
func (s *session) beginsWhole(entry string) bool {
	for i := range entry {
		if entry[i] == '\n' && s.isWhole(entry[:i]) {
			return true
		}
	}
	return false
}

func (s *session) isWhole(entry string) bool {
	entry = withoutEquals(entry)
	return s.lua.Compiles(entry) || s.lua.Compiles("return "+entry)
}

// lineByLine runs the lines of an entry as if they had been typed, and stops at the first that fails.
func (s *session) lineByLine(ctx context.Context, entry string) error {
	part := ""
	for line := range strings.Lines(entry) {
		part += line
		whole := strings.TrimSuffix(part, "\n")
		if isOrder(whole) {
			if err := s.obey(ctx, whole); err != nil {
				return err
			}
			part = ""
			continue
		}
		values, failure := s.run(ctx, whole)
		if failure != nil && failure.Incomplete {
			continue
		}
		if failure != nil {
			s.fail(whole, failure)
			return nil
		}
		s.succeed(whole, values)
		part = ""
	}
	s.pending = strings.TrimSuffix(part, "\n")
	return nil
}

func (s *session) succeed(entry string, values []Value) {
	if strings.TrimSpace(entry) == "" {
		return
	}
	s.done = append(s.done, success{entry, len(values) > 0})
	if len(values) > 0 {
		s.print(show(values, s.terminal.Width()))
	}
}

// fail tells what went wrong, what to do about it, and once, where to ask.
func (s *session) fail(entry string, f *Failure) {
	if f.Canceled {
		s.afterEcho()
		s.print(s.terminal.paint(styleError, "interrupted"))
		return
	}
	s.print(s.terminal.paint(styleError, f.Message))
	hint := f.Hint
	if way := luaWay(entry, s.hasMethod); hint == "" && way != "" {
		hint = "in Lua, " + way
	}
	if hint != "" {
		s.print(s.terminal.paint(styleHint, wordWrap("  hint: "+hint, s.terminal.Width())))
	}
	if f.Traceback != "" {
		s.remark(strings.TrimRight(f.Traceback, "\n"))
	}
	if !s.hadFailure && s.terminal.asks {
		s.remark("  Ask for help with: help, help(udp), tcp.connect?; .help is about the prompt.")
	}
	s.hadFailure = true
}

// hasMethod reports whether a variable holds a value with that method; the
// functions of a module are no methods.
func (s *session) hasMethod(variable, method string) bool {
	return s.offers(variable+":"+method) && !s.offers(variable+"."+method)
}

// offers reports whether completion knows a name to its end.
func (s *session) offers(name string) bool {
	c := s.candidates(context.Background(), name)
	return slices.ContainsFunc(c.list, func(candidate string) bool {
		return strings.TrimSuffix(name[:c.start]+candidate, "(") == name
	})
}

func (s *session) print(text string) { fmt.Fprintln(s.terminal, text) }

func (s *session) remark(text string) { s.print(s.terminal.paint(styleRemark, text)) }
