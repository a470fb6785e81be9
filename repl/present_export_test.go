package repl

import (
	"errors"
	"os"
	"time"
)

// RunPresentation presents a script on a terminal. A test file outside of the package sets it.
var RunPresentation func(t *Terminal, p Presentation) error

// The environment tells the child that presents what to present, and how.
const (
	scriptVariable    = "LUNAWIRE_REPL_SCRIPT"
	projectorVariable = "LUNAWIRE_REPL_PROJECTOR"
	autoVariable      = "LUNAWIRE_REPL_AUTO"
)

// presentChild is what the child does.
func presentChild() error {
	source, err := os.ReadFile(os.Getenv(scriptVariable))
	if err != nil {
		return err
	}
	t, err := Open(os.Stdin, os.Stdout, ColourAuto)
	if err != nil {
		return err
	}
	auto, _ := time.ParseDuration(os.Getenv(autoVariable))
	return errors.Join(RunPresentation(t, Presentation{
		Name: "lesson.lua", Source: string(source), Projector: os.Getenv(projectorVariable) != "", Auto: auto,
	}), t.Close())
}
