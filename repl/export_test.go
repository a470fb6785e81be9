//go:build unix

package repl

import (
	"errors"
	"os"
)

// RunPrompt runs the prompt on a terminal. A test file outside of the package sets it.
var RunPrompt func(t *Terminal, o Options) error

func init() {
	children["prompt"] = func() error {
		t, err := Open(os.Stdin, os.Stdout, ColourAuto)
		if err != nil {
			return err
		}
		path, err := HistoryFile()
		if err == nil {
			err = RunPrompt(t, Options{History: path, Greeting: "welcome"})
		}
		return errors.Join(err, t.Close())
	}
}
