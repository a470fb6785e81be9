//go:build !unix

package repl

import (
	"context"
	"errors"
	"io"
	"os"
)

// historyLimit is how many entries are kept.
const historyLimit = 1000

// An editor edits lines; here the console does that itself, in plain lines.
type editor struct{}

// A request describes a line to be read.
type request struct {
	prompt, painted string
	history         []string
	complete        func(line string, pos int) (head string, candidates []string, tail string)
}

func canEdit(io.Reader, io.Writer) bool { return false }

func newEditor(*keyboard, *screen) (*editor, error) { return nil, errors.ErrUnsupported }

func (*editor) close() error { return nil }
func (*editor) giveUp()      {}
func (*editor) quiet()       {}
func (*editor) cook() func() { return func() {} }
func (*editor) pasted() bool { return false }

func (*editor) lend(run func(in, out *os.File) error) error { return run(os.Stdin, os.Stdout) }

func (*editor) readLine(context.Context, request) (string, error) { return "", errors.ErrUnsupported }

func unfitForPrompt(rune) bool { return false }

// interruptSelf: the console has interrupted the process already.
func interruptSelf() {}
