package repl

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A command is what the prompt does itself: it begins with a dot, for no Lua does.
type command struct {
	name, args, doc string
	complete        func(s *session, word string) []string // what the last word of the arguments may become
	run             func(s *session, ctx context.Context, args []string) error
}

// commandTable is all of them, in the order in which .help lists them.
func commandTable() []command {
	return []command{
		{name: "help", args: "[TOPIC]", doc: "tells about this prompt, or about a topic", complete: helpTopics, run: (*session).help},
		{name: "scripts", doc: "lists the walkthroughs", run: (*session).scripts},
		{name: "run", args: "NAME [ARG...]", doc: "runs a walkthrough or a file", complete: scriptNamesAndFiles, run: (*session).runScript},
		{name: "show", args: "NAME", doc: "shows the source of a walkthrough or a file", complete: scriptNamesAndFiles, run: (*session).showScript},
		{name: "demo", args: "NAME [ARG...]", doc: "presents a walkthrough or a file, step by step", complete: scriptNamesAndFiles, run: (*session).demo},
		{name: "sockets", args: "[watch]", doc: "lists the open sockets, or keeps a list up to date", complete: watchWord, run: (*session).sockets},
		{name: "tasks", doc: "lists the tasks that run in the background", run: (*session).tasks},
		{name: "kill", args: "TASK...", doc: "ends tasks, by their numbers", complete: taskNumbers, run: (*session).kill},
		{name: "trace", args: "[on|off|ladder]", doc: "shows each socket call, or what has happened so far", complete: traceWords, run: (*session).trace},
		{name: "ladder", args: "[live]", doc: "draws who sent what to whom so far, or goes on drawing", complete: liveWord, run: (*session).ladder},
		{name: "save", args: "FILE", doc: "writes what was entered, as a script that runs", complete: fileNames, run: (*session).save},
		{name: "history", args: "[WORD]", doc: "lists earlier entries, those with WORD in them", run: (*session).showHistory},
		{name: "clear", doc: "clears the screen", run: (*session).clear},
		{name: "quit", doc: "leaves, as Ctrl-D does", run: func(*session, context.Context, []string) error { return errQuit }},
	}
}

var commandForm = regexp.MustCompile(`^\s*\.([A-Za-z?]\w*)(?:[ \t]+(.*))?$`)

// commandWords takes an entry that is a command apart.
func commandWords(entry string) (name string, args []string, ok bool) {
	m := commandForm.FindStringSubmatch(entry)
	if m == nil {
		return "", nil, false
	}
	return m[1], splitWords(m[2]), true
}

// splitWords splits at spaces, but not within quotes.
func splitWords(text string) []string {
	var words []string
	var word strings.Builder
	inWord, quoted := false, rune(0)
	for _, r := range text {
		switch {
		case r == quoted:
			quoted = 0
		case quoted == 0 && (r == '"' || r == '\''):
			quoted, inWord = r, true
		case quoted == 0 && (r == ' ' || r == '\t'):
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}

// command runs one. What it returns is told, except that the session shall end.
func (s *session) command(ctx context.Context, name string, args []string) error {
	c, err := s.findCommand(name)
	if err == nil {
		err = c.run(s, ctx, args)
	}
	if err == errQuit {
		return err
	}
	if err != nil {
		s.print(s.terminal.paint(styleError, err.Error()))
	}
	return nil
}

// findCommand finds a command by its name or the beginning of it, where that leaves no doubt.
func (s *session) findCommand(name string) (command, error) {
	var found []command
	for _, c := range s.commands {
		if c.name == name {
			return c, nil
		}
		if strings.HasPrefix(c.name, name) {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var names []string
	for _, c := range found {
		names = append(names, "."+c.name)
	}
	if len(names) > 0 {
		return command{}, fmt.Errorf(".%s may be %s", name, strings.Join(names, " or "))
	}
	return command{}, fmt.Errorf("there is no .%s; .help lists the commands", name)
}

func (c command) usage() string { return strings.TrimRight("."+c.name+" "+c.args, " ") }

func helpTopics(s *session, word string) []string {
	_, list := s.lua.Complete(context.Background(), word)
	for _, c := range s.commands {
		list = append(list, c.name)
	}
	return list
}

func taskNumbers(s *session, _ string) []string {
	var numbers []string
	for _, t := range s.lua.Tasks() {
		numbers = append(numbers, strconv.Itoa(t.ID))
	}
	return numbers
}

func watchWord(*session, string) []string { return []string{"watch"} }

func traceWords(*session, string) []string { return []string{"on", "off", "ladder"} }

const promptHelp = `What you type is Lua. An expression shows its value; _ holds the last one.
An entry that is not finished goes on at >> . Local variables stay for the next
entries: the prompt keeps them. A space first keeps an entry out of the history.

  help  help(x)  x?    explain it: help, help(udp), tcp.connect?, s:bind?
  Tab                  completes names, methods of a value, walkthroughs, files
  Up  Down  Ctrl-R     bring back earlier entries, look for one
  Ctrl-C               stops what runs, or drops what you type
  Ctrl-C Ctrl-C        leaves when a call is stuck
  Ctrl-D               leaves
  Ctrl-Z               stops the program until you type fg

Commands, which may be shortened:
`

func (s *session) help(ctx context.Context, args []string) error {
	if len(args) > 0 {
		if i := slices.IndexFunc(s.commands, func(c command) bool { return c.name == strings.TrimPrefix(args[0], ".") }); i >= 0 {
			s.print(s.commands[i].usage() + "  " + s.commands[i].doc)
			return nil
		}
		s.explain(ctx, args[0])
		return nil
	}
	var b strings.Builder
	b.WriteString(promptHelp)
	for _, c := range s.commands {
		b.WriteString("  " + padRight(c.usage(), 24) + "  " + c.doc + "\n")
	}
	s.print(wordWrap(strings.TrimSuffix(b.String(), "\n"), s.terminal.Width()))
	return nil
}

func (s *session) showHistory(_ context.Context, args []string) error {
	word := strings.Join(args, " ")
	for i, entry := range s.history.entries {
		if strings.Contains(entry, word) {
			s.print(fmt.Sprintf("%4d  %s", i+1, strings.ReplaceAll(fromOneLine(entry), "\n", "\n      ")))
		}
	}
	return nil
}

func (s *session) clear(context.Context, []string) error {
	if s.terminal.editor != nil {
		fmt.Fprint(s.terminal, "\x1b[H\x1b[2J")
	}
	return nil
}

// trace is what the module of that name does, said shortly.
func (s *session) trace(ctx context.Context, args []string) error {
	what := "on"
	if len(args) > 0 {
		what = args[0]
	}
	if !slices.Contains(traceWords(s, ""), what) || len(args) > 1 {
		return fmt.Errorf("usage: .trace [on|off|ladder]")
	}
	values, failure := s.lua.Eval(ctx, "trace."+what+"()")
	if failure != nil {
		s.fail("", failure)
		return nil
	}
	for _, v := range values {
		if v.Kind == KindString {
			s.print(strings.TrimSuffix(v.Text, "\n"))
		}
	}
	return nil
}
