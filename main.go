// Command lunawire is a playground for network protocols: a prompt and a
// script runner for Lua whose bindings are the real socket calls.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/repl"
	"lunawire/repl/lua"
	"lunawire/scripts"
)

func main() {
	if os.Getenv("GOGC") == "" {
		// What a script receives is garbage soon, and little else is alive: with
		// Go's 100 the collector runs after each 4 MB of it, a tenth of the time of
		// a script that receives all it can.
		debug.SetGCPercent(200)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit statuses. Those of a signal are 128 and its number, as in a shell.
const (
	exitFailure = 1
	exitUsage   = 2
)

// run is the whole program but for its exit.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	p := &program{stdin: stdin, stdout: &output{w: stdout, stop: stop}, stderr: stderr, stop: stop}
	p.stopAt(ctx, syscall.SIGTERM, syscall.SIGHUP)
	root := p.commands()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(p.stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	return p.status(err, context.Cause(ctx))
}

// A signalError is the end of the run by a signal.
type signalError struct{ syscall.Signal }

func (e signalError) Error() string { return "interrupted by " + e.String() }

// stopAt ends the run at the first of the signals; at the second the program
// dies, whatever it is stuck in.
func (p *program) stopAt(ctx context.Context, list ...os.Signal) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, list...)
	go func() {
		select {
		case s := <-signals:
			signal.Reset(list...)
			p.stop(signalError{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
}

// output ends the run when nobody reads it any more, as under `| head`.
type output struct {
	mu   sync.Mutex
	w    io.Writer
	stop context.CancelCauseFunc
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		o.stop(signalError{syscall.SIGPIPE})
	}
	return n, err
}

// program is what the commands share.
type program struct {
	stdin  io.Reader
	stdout *output
	stderr io.Writer
	code   string // -e

	color         string
	memory        int64 // in MiB
	stop          context.CancelCauseFunc
	trace, ladder bool
	save          string
}

// usageError is a command line that makes no sense.
type usageError struct{ error }

// status tells what went wrong and gives the exit status.
func (p *program) status(err, cause error) int {
	var sig signalError
	var usage usageError
	status, exited := bindings.ExitStatus(err)
	switch {
	case errors.As(cause, &sig):
		return 128 + int(sig.Signal)
	case exited:
		return status
	case errors.Is(err, errFailed):
		return exitFailure
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "lunawire: %v\nlunawire --help lists the commands\n", err)
		return exitUsage
	case err != nil:
		fmt.Fprintf(p.stderr, "lunawire: %v\n", err)
		return exitFailure
	}
	return 0
}

// defaultMemory is a quarter of what a small machine has.
const defaultMemory = 1024

// errFailed is a failure that has been told already.
var errFailed = errors.New("failed")

func (p *program) commands() *cobra.Command {
	root := &cobra.Command{
		Use:   "lunawire [SCRIPT.lua | - | -e CODE] [ARGUMENT...]",
		Short: "A network protocol playground: real sockets from Lua, at a prompt or from scripts",
		Args:  cobra.ArbitraryArgs, SilenceErrors: true, SilenceUsage: true,
		RunE: p.root,
	}
	root.Flags().StringVarP(&p.code, "execute", "e", "", "run `CODE`")
	root.PersistentFlags().StringVar(&p.color, "color", "auto", "colours: `WHEN` is auto, always or never")
	root.PersistentFlags().Int64Var(&p.memory, "memory", defaultMemory, "`MIB` of memory at which the task at fault ends with an error; 0 is no limit")
	root.Flags().SetInterspersed(false)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetHelpCommand(p.helpCommand())
	run := &cobra.Command{
		Use: "run NAME|FILE [ARGUMENT...]", Short: "Run a walkthrough or a script",
		Args: atLeastOne, ValidArgsFunction: completeScripts,
		RunE: func(c *cobra.Command, args []string) error { return p.run(c.Context(), args[0], args[1:]) },
	}
	run.Flags().SetInterspersed(false)
	run.Flags().BoolVar(&p.trace, "trace", false, "print a line for each socket call, to standard error")
	run.Flags().BoolVar(&p.ladder, "ladder", false, "draw the ladder at the end, to standard error")
	run.Flags().StringVar(&p.save, "save", "", "save the timeline at the end, as `FILE`.txt, .md, .svg, .html or .json")
	root.AddCommand(run, p.demoCommand(),
		&cobra.Command{Use: "list", Short: "List the walkthroughs", Args: none, RunE: p.list},
		&cobra.Command{Use: "show NAME", Short: "Print a walkthrough", Args: atLeastOne, ValidArgsFunction: completeScripts, RunE: p.show},
		&cobra.Command{Use: "reference", Short: "Print the reference of all functions, as Markdown", Args: none, RunE: p.print((*bindings.Runtime).Reference)},
		&cobra.Command{Use: "annotations", Short: "Print the annotations of all functions, for the Lua language server of an editor", Args: none, RunE: p.print((*bindings.Runtime).Annotations)},
		&cobra.Command{Use: "version", Short: "Print the version", Args: none, RunE: p.version},
	)
	return root
}

func atLeastOne(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError{errors.New("a name is missing; lunawire list shows the walkthroughs")}
	}
	return nil
}

func none(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("nothing is taken after the command, got %q", args[0])}
	}
	return nil
}

func completeScripts(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range scripts.List() {
		names = append(names, s.Name+"\t"+s.Title)
	}
	return names, cobra.ShellCompDirectiveDefault
}

// root is lunawire without a command: code, a file, standard input, or the prompt.
func (p *program) root(c *cobra.Command, args []string) error {
	switch {
	case c.Flags().Changed("execute"):
		return p.execute(c.Context(), "-e", p.code, args)
	case len(args) == 0:
		return p.prompt(c.Context())
	case args[0] == "-":
		source, err := io.ReadAll(p.stdin)
		if err != nil {
			return err
		}
		return p.execute(c.Context(), "stdin", string(source), args[1:])
	case strings.HasSuffix(args[0], ".lua") || strings.ContainsRune(args[0], os.PathSeparator):
		return p.run(c.Context(), args[0], args[1:])
	}
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	return usageError{fmt.Errorf("no command %q%s", args[0], bindings.DidYouMean(args[0], names))}
}

// prompt talks to a person, or evaluates the lines of a pipe. Ctrl-C is the
// prompt's own: it stops a call, not the program.
func (p *program) prompt(ctx context.Context) (err error) {
	colour, err := repl.ParseColour(p.color)
	if err != nil {
		return usageError{err}
	}
	t, err := repl.Open(p.stdin, p.stdout.w, colour)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	plugins := all.Plugins()
	rt, err := bindings.New(bindings.Config{
		Plugins: plugins, Stdin: p.stdin, Stdout: t, TaskStdout: t.Background(), Stderr: t.Background(), ReadLine: t.ReadLine,
		Columns: t.Width, Color: t.Coloured(), Guard: t.Guard, Memory: p.memory << 20,
	})
	if err != nil {
		return err
	}
	defer rt.Close()
	history, err := repl.HistoryFile()
	if err != nil {
		fmt.Fprintln(t, "the history is not kept:", err)
	}
	return repl.Run(ctx, t, lua.New(rt, plugins, p.stop), repl.Options{History: history, Greeting: greeting})
}

// greeting is what a person sees first.
const greeting = "lunawire: sockets at a prompt. help explains, .scripts lists the walkthroughs, Ctrl-D leaves."

// runtime makes a Runtime with everything in it.
func (p *program) runtime() (*bindings.Runtime, error) {
	return bindings.New(bindings.Config{
		Plugins: all.Plugins(), Stdin: p.stdin, Stdout: p.stdout, Stderr: p.stderr,
		Columns: p.columns, Memory: p.memory << 20,
	})
}

// columns is the width of the terminal that standard output is, else 0.
func (p *program) columns() int {
	f, isFile := p.stdout.w.(*os.File)
	if !isFile {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// run runs a file if there is one of that name, else a walkthrough.
func (p *program) run(ctx context.Context, name string, args []string) error {
	source, err := sourceOf(name)
	if err != nil {
		return err
	}
	return p.execute(ctx, name, source, args)
}

// sourceOf reads a file if there is one of that name, else a walkthrough.
func sourceOf(name string) (string, error) {
	source, err := os.ReadFile(name)
	if err == nil {
		return string(source), nil
	}
	script, findErr := scripts.Find(name)
	switch {
	case findErr == nil:
		return script.Source, nil
	case strings.HasSuffix(name, ".lua") || !errors.Is(err, os.ErrNotExist):
		return "", err
	}
	return "", usageError{findErr}
}

func (p *program) demoCommand() *cobra.Command {
	var projector bool
	var auto float64
	demo := &cobra.Command{
		Use: "demo NAME|FILE [ARGUMENT...]", Short: "Present a walkthrough or a script, step by step",
		Args: atLeastOne, ValidArgsFunction: completeScripts,
		RunE: func(c *cobra.Command, args []string) error {
			if !(auto >= 0 && auto <= 3600) {
				return usageError{fmt.Errorf("--auto %v: 0 to 3600 seconds", auto)}
			}
			return p.demo(c.Context(), args[0], args[1:], repl.Presentation{
				Projector: projector, Auto: time.Duration(auto * float64(time.Second)),
			})
		},
	}
	demo.Flags().SetInterspersed(false)
	demo.Flags().BoolVar(&projector, "projector", false, "larger spacing and no clutter")
	demo.Flags().Float64Var(&auto, "auto", 0, "go on by itself after so many `SECONDS` at each step")
	return demo
}

// demo presents a script as how says. Ctrl-C is the presentation's own.
func (p *program) demo(ctx context.Context, name string, args []string, how repl.Presentation) (err error) {
	how.Name = name
	if how.Source, err = sourceOf(name); err != nil {
		return err
	}
	colour, err := repl.ParseColour(p.color)
	if err != nil {
		return usageError{err}
	}
	t, err := repl.Open(p.stdin, p.stdout.w, colour)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	how.Stage = func(out, report io.Writer) (repl.Stage, error) {
		return lua.NewStage(lua.StageConfig{
			Terminal: t, Name: name, Args: args, Out: out, Report: report, Memory: p.memory << 20,
		})
	}
	err = repl.Present(ctx, t, how)
	if errors.Is(err, repl.ErrInterrupted) {
		p.stop(signalError{syscall.SIGINT})
	}
	return err
}

// execute runs a script to its end and tells how it failed.
func (p *program) execute(ctx context.Context, name, source string, args []string) error {
	p.stopAt(ctx, os.Interrupt)
	rt, err := p.runtime()
	if err != nil {
		return err
	}
	defer rt.Close()
	rt.SearchIn(filepath.Dir(name)) // modules lie beside the script
	if p.trace {
		p.view(rt, "trace.on()")
	}
	err = rt.Run(ctx, name, source, args...)
	p.view(rt, "trace.off()")
	if p.ladder {
		p.view(rt, "trace.ladder{stderr=true}")
	}
	if p.save != "" {
		p.view(rt, fmt.Sprintf("trace.save(%q)", p.save))
	}
	if err == nil && rt.Failures() == 0 {
		return nil
	}
	if _, exited := bindings.ExitStatus(err); exited || ctx.Err() != nil {
		return err
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "lunawire:", rt.Describe(err).Text())
	}
	return errFailed
}

// view looks at the timeline in the words that a script would use. The run is
// told to have failed only by itself.
func (p *program) view(rt *bindings.Runtime, code string) {
	if _, err := rt.NewPrompt().Eval(context.Background(), code); err != nil {
		fmt.Fprintln(p.stderr, "lunawire:", rt.Describe(err).Message)
	}
}

func (p *program) list(*cobra.Command, []string) error {
	for _, s := range scripts.List() {
		if _, err := fmt.Fprintf(p.stdout, "%-16s %s\n", s.Name, s.Title); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) show(_ *cobra.Command, args []string) error {
	s, err := scripts.Find(args[0])
	if err != nil {
		return usageError{err}
	}
	_, err = io.WriteString(p.stdout, s.Source)
	return err
}

// print makes a command of a text that is computed from the table.
func (p *program) print(text func(*bindings.Runtime) string) func(*cobra.Command, []string) error {
	return func(*cobra.Command, []string) error {
		rt, err := p.runtime()
		if err != nil {
			return err
		}
		defer rt.Close()
		_, err = io.WriteString(p.stdout, text(rt))
		return err
	}
}

func (p *program) version(*cobra.Command, []string) error {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	_, err := fmt.Fprintf(p.stdout, "lunawire %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// helpCommand explains Lua's side by topic, and the commands without one.
func (p *program) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [TOPIC]", Short: "Explain a module, a function or a method: help udp, help tcp.connect",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return p.topics(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			rt, err := p.runtime()
			if err != nil {
				return err
			}
			defer rt.Close()
			if len(args) > 0 {
				if sub, _, err := c.Root().Find(args); err == nil && sub != c.Root() {
					return sub.Help()
				}
			} else if err := c.Root().Help(); err != nil {
				return err
			}
			text, err := rt.Help(strings.Join(args, " "))
			if err != nil {
				return usageError{err}
			}
			_, err = io.WriteString(p.stdout, text)
			return err
		},
	}
}

func (p *program) topics() []string {
	rt, err := p.runtime()
	if err != nil {
		return nil
	}
	defer rt.Close()
	var names []string
	for _, t := range rt.Topics() {
		names = append(names, t.Name+"\t"+t.Summary)
	}
	return names
}
