package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// Errors of ReadLine. The end of the input is io.EOF.
var (
	// ErrInterrupted says that Ctrl-C was pressed while a line was read.
	ErrInterrupted = errors.New("interrupted")
	// ErrBusy says that somebody else is reading a line: there is one keyboard.
	ErrBusy = errors.New("the keyboard is in use: only one at a time can ask for input")
)

// A Terminal is the one place where the process reads and prints. See the package comment for what that means.
// Open makes one; Close must end it.
type Terminal struct {
	in       io.Reader
	screen   *screen
	keyboard *keyboard // nil if in is not a file
	plain    plainReader
	editor   *editor // nil where no line can be edited
	colour   bool
	asks     bool // somebody sits at both ends: prompts are for him
	reading  sync.Mutex
	close    sync.Once
}

// Open takes over in and out. Lines can be edited if the two are the standard streams of the process and a
// terminal with control sequences; everywhere else the Terminal works with plain lines.
func Open(in io.Reader, out io.Writer, colour Colour) (*Terminal, error) {
	narrowAmbiguous()
	t := &Terminal{in: in, colour: colour.wanted(out)}
	t.screen = newScreen(out, func() int { return columnsOf(out) })
	t.plain.in = in
	if file, ok := in.(*os.File); ok {
		k, err := newKeyboard(file)
		if err != nil {
			return nil, err
		}
		t.keyboard, t.plain.keyboard, t.plain.in = k, k, k
		t.plain.typed = isTerminal(in)
		t.asks = t.plain.typed && isTerminal(out)
	}
	if t.keyboard != nil && canEdit(in, out) {
		e, err := newEditor(t.keyboard, t.screen)
		if err != nil {
			return nil, errors.Join(err, t.Close())
		}
		t.editor = e
	}
	t.screen.plain = t.editor == nil
	return t, nil
}

// Close gives the terminal back as Open found it. It may be called more than once, but not while a line is read.
func (t *Terminal) Close() error {
	var err error
	t.close.Do(func() {
		t.screen.flush()
		if t.editor != nil {
			err = t.editor.close()
		}
		if t.keyboard != nil {
			t.keyboard.close()
		}
	})
	return err
}

// Guard restores the terminal if the goroutine that defers it panics. The panic goes on.
func (t *Terminal) Guard() {
	if r := recover(); r != nil {
		t.giveUp()
		panic(r)
	}
}

// giveUp restores the terminal when the process is about to end.
func (t *Terminal) giveUp() {
	if t.editor != nil {
		t.editor.giveUp()
	}
}

// Write prints what the foreground has to say. While a line is edited, whole lines appear above it.
func (t *Terminal) Write(p []byte) (int, error) { return t.screen.Write(p) }

// Background returns where background tasks print. Whole lines appear above whatever is unfinished: the edited
// line, or a line that the foreground has begun. The rest of a line waits for its end.
func (t *Terminal) Background() io.Writer { return backgroundWriter{t.screen} }

type backgroundWriter struct{ screen *screen }

func (w backgroundWriter) Write(p []byte) (int, error) { return w.screen.Background(p) }

// Width returns the columns of the terminal; 80 where there is none, or one that does not know.
func (t *Terminal) Width() int {
	if columns := t.screen.columns(); columns > 0 {
		return columns
	}
	return 80
}

// Coloured reports whether what is printed may have colours.
func (t *Terminal) Coloured() bool { return t.colour }

// Lend gives the terminal to a child process for as long as run lasts: in the mode that Open found, and with the
// files themselves.
func (t *Terminal) Lend(run func(in, out *os.File) error) error {
	if t.editor != nil {
		return t.editor.lend(run)
	}
	return run(os.Stdin, os.Stdout)
}

// ReadLine asks the person at the keyboard for a line, for a program that runs: without history and completion.
// What the program has printed since the last newline belongs to the prompt. Ctrl-C gives ErrInterrupted and
// interrupts the process, as it does while no line is read; Ctrl-D on an empty line gives io.EOF.
func (t *Terminal) ReadLine(ctx context.Context, prompt string) (string, error) {
	if i := strings.LastIndexByte(prompt, '\n'); i >= 0 {
		if _, err := io.WriteString(t, prompt[:i+1]); err != nil {
			return "", err
		}
		prompt = prompt[i+1:]
	}
	if !t.reading.TryLock() {
		return "", ErrBusy
	}
	defer t.reading.Unlock()
	if !t.editable(0) {
		return t.readPlain(ctx, prompt)
	}
	line, err := t.editor.readLine(ctx, t.programPrompt(prompt))
	if errors.Is(err, ErrInterrupted) && ctx.Err() == nil {
		interruptAll(ctx)
	}
	return line, err
}

// interruptAll does what the terminal does on Ctrl-C while no line is edited, and waits until that has reached ctx: the
// program must not go on as if only the question had failed.
func interruptAll(ctx context.Context) {
	const limit = time.Second
	interruptSelf()
	select {
	case <-ctx.Done():
	case <-time.After(limit):
	}
}

// programPrompt makes a prompt of what a program has printed last. What the editor cannot draw as a prompt, being
// too long or no plain text, is printed and the line edited below it.
func (t *Terminal) programPrompt(prompt string) request {
	prompt = t.screen.takeTail() + prompt
	plain := plainText(prompt)
	if strings.ContainsFunc(plain, unfitForPrompt) || !t.editable(textWidth(plain)) {
		io.WriteString(t, prompt+"\n")
		return request{}
	}
	return request{prompt: plain, painted: plain}
}

// readOwnLine reads a line for the prompt itself.
func (t *Terminal) readOwnLine(ctx context.Context, r request) (string, error) {
	if !t.reading.TryLock() {
		return "", ErrBusy
	}
	defer t.reading.Unlock()
	if t.editable(textWidth(r.prompt)) {
		return t.editor.readLine(ctx, r)
	}
	if !t.asks {
		return t.readPlain(ctx, "")
	}
	return t.readPlain(ctx, r.prompt)
}

func (t *Terminal) readPlain(ctx context.Context, prompt string) (string, error) {
	if t.editor != nil {
		defer t.editor.cook()()
	}
	if _, err := io.WriteString(t, prompt); err != nil {
		return "", err
	}
	line, err := t.plain.readLine(ctx)
	if t.asks && err == nil {
		t.screen.entered()
	}
	if err != nil && ctx.Err() != nil {
		return "", ErrInterrupted
	}
	return line, err
}

// editable reports whether a line can be edited after a prompt of that width. A terminal that is too narrow, or
// does not know how wide it is, gives plain lines until it is wider.
func (t *Terminal) editable(promptWidth int) bool {
	const workingSpace = 10
	return t.editor != nil && t.screen.columns() >= promptWidth+workingSpace
}

// pasted reports whether lines of a paste wait to be read.
func (t *Terminal) pasted() bool { return t.editor != nil && t.editor.pasted() }

// columnsOf returns the width of the terminal that out is, 0 if it does not know, 80 if it is none.
func columnsOf(out io.Writer) int {
	file, ok := out.(*os.File)
	if !ok {
		return 80
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 80
	}
	return columns
}

// isTerminal reports whether an input or output is a terminal.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
