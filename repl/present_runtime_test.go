package repl_test

import (
	"context"
	"io"

	"lunawire/repl"
	"lunawire/repl/lua"
)

// Presentations are tested on the stage that the program has.
func init() {
	repl.RunPresentation = func(t *repl.Terminal, p repl.Presentation) error {
		p.Stage = func(out, report io.Writer) (repl.Stage, error) {
			return lua.NewStage(lua.StageConfig{Terminal: t, Name: p.Name, Args: []string{"first"}, Out: out, Report: report})
		}
		return repl.Present(context.Background(), t, p)
	}
}
