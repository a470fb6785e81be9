package lua

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/bindings/record"
	"lunawire/bindings/record/ladder"
	"lunawire/repl"
)

// Stage is a Runtime of its own on which a script is presented. NewStage makes
// it; Close ends it.
type Stage struct {
	*Interpreter
	name  string // of the script, in messages
	lines record.Lines
	seen  uint64 // the last event that was news
}

var (
	_ repl.Stage     = (*Stage)(nil)
	_ repl.Presenter = (*Interpreter)(nil)
)

// A StageConfig says what a stage is for. Only Memory may be left out.
type StageConfig struct {
	Terminal    *repl.Terminal // where the script asks its questions
	Name        string         // of the script
	Args        []string       // what it finds in arg
	Out, Report io.Writer      // what it prints; in whole lines what its tasks print and what nobody asked for
	Memory      int64          // bytes of live heap that end the task at fault; 0 is no limit
}

// NewStage makes a stage with everything that the program ships.
func NewStage(c StageConfig) (*Stage, error) {
	plugins := all.Plugins()
	rt, err := bindings.New(bindings.Config{
		Plugins: plugins, Stdin: os.Stdin, Stdout: c.Out, TaskStdout: c.Report, Stderr: c.Report,
		ReadLine: c.Terminal.ReadLine, Columns: c.Terminal.Width, Color: c.Terminal.Coloured(), Memory: c.Memory,
	})
	if err != nil {
		return nil, err
	}
	rt.SearchIn(filepath.Dir(c.Name)) // modules lie beside the script
	s := &Stage{name: c.Name}
	s.Interpreter = New(rt, plugins, func(error) {})
	s.lines = record.Lines{Notation: record.Notation{Decode: s.decode}, Color: c.Terminal.Coloured()}
	if err := s.prompt.Script(context.Background(), c.Name, "", c.Args...); err != nil { // which sets arg
		rt.Close()
		return nil, err
	}
	return s, nil
}

// Stage makes a stage beside the Runtime of l.
func (l *Interpreter) Stage(t *repl.Terminal, name string, args []string, out, report io.Writer) (repl.Stage, error) {
	return NewStage(StageConfig{Terminal: t, Name: name, Args: args, Out: out, Report: report})
}

// RunStep runs a step in the main task. Background tasks then have a moment to
// do what the step has brought about.
func (s *Stage) RunStep(ctx context.Context, source string) *repl.Failure {
	err := s.prompt.Step(ctx, s.name, source)
	if status, exited := bindings.ExitStatus(err); exited {
		return &repl.Failure{Message: fmt.Sprintf("%s has ended itself with status %d", s.name, status)}
	}
	if err != nil {
		return s.failure(err, source)
	}
	s.settle(ctx)
	return nil
}

const (
	quiet   = 20 * time.Millisecond // without an event: nothing more comes for now
	longest = time.Second           // that settle waits for tasks that never rest
)

// settle returns when the background tasks rest.
func (s *Stage) settle(ctx context.Context) {
	if len(s.rt.Tasks()) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	timeline := s.rt.Timeline()
	sub := timeline.Subscribe(timeline.Last())
	defer sub.Close()
	for {
		wait, stop := context.WithTimeout(ctx, quiet)
		_, _, err := sub.Next(wait)
		stop()
		if err != nil {
			return
		}
	}
}

// News returns the calls and the rows of the ladder since it was last asked.
func (s *Stage) News(width int) repl.News {
	timeline := s.rt.Timeline()
	since := s.seen
	events, _ := timeline.Since(since)
	if len(events) == 0 {
		return repl.News{}
	}
	s.seen = events[len(events)-1].Seq
	var news repl.News
	for i := range events {
		if line := s.lines.Line(&events[i]); line != "" {
			news.Calls = append(news.Calls, line)
		}
	}
	if width < narrowest {
		return news
	}
	var b strings.Builder
	recording := timeline.Recording(record.Filter{})
	_ = ladder.Text(&b, recording, ladder.Options{Width: min(width, widest), Since: since, Decode: s.decode}) // to memory
	news.Ladder = b.String()
	return news
}

// The ladder needs a certain width, and is hard to read beyond another.
const (
	narrowest = 71
	widest    = 120
)

// decode is the text of bytes in the encoding that the task used last.
func (s *Stage) decode(task int, data string) (decoded, encoding string, ok bool) {
	encoding = s.rt.Encoding(task)
	decoded, ok = all.Decode(encoding, data)
	return decoded, encoding, ok
}

// Close cancels what still runs and closes what is open.
func (s *Stage) Close() { s.rt.Close() }
