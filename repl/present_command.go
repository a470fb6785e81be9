package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// A Presenter is an Interpreter that can also present scripts: it makes a stage for the script of that name, with those
// arguments. The stage prints to out and report, and asks its questions on t.
type Presenter interface {
	Interpreter
	Stage(t *Terminal, name string, args []string, out, report io.Writer) (Stage, error)
}

// demo presents a script on a machine of its own: what was typed before is as it was.
func (s *session) demo(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: .demo NAME [ARG...]; .scripts lists the names")
	}
	lua, ok := s.lua.(Presenter)
	if !ok {
		return errors.New("there is nothing here to present scripts with")
	}
	source, err := lua.Script(args[0])
	if err != nil {
		return err
	}
	err = present(ctx, s.terminal, s.interrupts, Presentation{
		Name: args[0], Source: source,
		Stage: func(out, report io.Writer) (Stage, error) {
			return lua.Stage(s.terminal, args[0], args[1:], out, report)
		},
	})
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the presentation ended: %w", err)
	}
	return nil
}

func liveWord(*session, string) []string { return []string{"live"} }

// ladder draws the ladder of what happened at the prompt, or lets it be drawn while things happen.
func (s *session) ladder(ctx context.Context, args []string) error {
	entry := "trace.ladder()"
	switch {
	case len(args) == 1 && args[0] == "live":
		entry = "trace.ladder{live = true}"
		s.remark(".trace off ends it")
	case len(args) > 0:
		return errors.New("usage: .ladder [live]")
	}
	if _, failure := s.lua.Eval(ctx, entry); failure != nil {
		s.fail("", failure)
	}
	return nil
}
