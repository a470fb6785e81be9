//go:build unix

package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/peterh/liner"
	"golang.org/x/term"
)

// historyLimit is how many entries the arrow keys reach.
const historyLimit = liner.HistoryLimit

// An editor edits lines on the terminal of the process. It stands between the line-editing library and the
// terminal: the library's output goes through a pipe to the screen, the library's input comes from the pump. Both
// are the library's idea of the standard streams, which are exchanged for that.
type editor struct {
	drawing *drawing
	pump    *pump
	stdout  *os.File // the real one
	drawer  *os.File // what os.Stdout is meanwhile
	tasks   sync.WaitGroup
	gone    chan struct{} // closed when nobody draws any more
	events  *terminalSignals
	pasting atomic.Bool // the terminal has been asked to mark pastes
	ending  atomic.Bool // the process is about to end, with the terminal restored

	cooked  *term.State // as it was found
	mu      sync.Mutex
	idle    *term.State // while no line is edited
	library *liner.State
	raw     *term.State
	columns int // the width that the library knows
}

// A request describes a line to be edited.
type request struct {
	prompt, painted string
	history         []string
	complete        func(line string, pos int) (head string, candidates []string, tail string)
}

// canEdit reports whether lines can be edited between in and out.
func canEdit(in io.Reader, out io.Writer) bool {
	return in == os.Stdin && out == os.Stdout && os.Stdin.Fd() == 0 && os.Stdout.Fd() == 1 &&
		capable() && term.IsTerminal(0) && term.IsTerminal(1)
}

func newEditor(k *keyboard, s *screen) (*editor, error) {
	cooked, err := term.GetState(k.fd)
	if err != nil {
		return nil, err
	}
	output, drawer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	e := &editor{drawing: newDrawing(s), stdout: os.Stdout, drawer: drawer, cooked: cooked, idle: cooked, gone: make(chan struct{})}
	e.pump = newPump(k, e.suspend)
	os.Stdout = drawer
	e.spawn(func() { e.forward(output) })
	e.watchSignals()
	return e, nil
}

// spawn runs f in a goroutine that close waits for. If f panics, the terminal is restored first.
func (e *editor) spawn(f func()) {
	e.tasks.Go(func() {
		ended := false
		defer func() {
			if !ended {
				e.giveUp()
			}
		}()
		f()
		ended = true
	})
}

// forward draws what the library prints until the pipe is closed.
func (e *editor) forward(output *os.File) {
	defer close(e.gone)
	defer output.Close()
	buf := make([]byte, 16<<10)
	for {
		n, err := output.Read(buf)
		e.drawing.draw(buf[:n])
		if err != nil {
			return
		}
	}
}

// close restores the terminal and ends what newEditor began.
func (e *editor) close() error {
	os.Stdout = e.stdout
	e.events.stop()
	e.pump.stop()
	err := e.drawer.Close()
	e.tasks.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle = e.cooked
	e.dropLibrary()
	e.restore()
	return err
}

// restore puts the terminal back as it was found. It takes no lock, for it is called on the way out of the process.
func (e *editor) restore() {
	term.Restore(e.pump.keyboard.fd, e.cooked)
	e.markPastes(false)
}

// giveUp is restore for a process that is about to end, while its other goroutines go on: none of them may change
// the terminal any more. The library may be at it in this moment, and asks nobody, so it gets a while to finish.
func (e *editor) giveUp() {
	const while = 10 * time.Millisecond
	e.ending.Store(true)
	e.restore()
	time.Sleep(while)
	e.restore()
}

// setMode changes the mode of the terminal.
func (e *editor) setMode(mode *term.State) {
	if !e.ending.Load() {
		term.Restore(e.pump.keyboard.fd, mode)
	}
}

// markPastes asks the terminal to mark what is pasted, or no longer to. It asks for nothing that is so already.
func (e *editor) markPastes(on bool) {
	switch {
	case on && e.ending.Load():
	case e.pasting.Swap(on) == on:
	case on:
		io.WriteString(e.stdout, pasteOn)
	default:
		io.WriteString(e.stdout, pasteOff)
	}
}

// quiet keeps what is typed while nobody reads off the screen: it would mix with what is printed, and appears in
// the next line anyway. Ctrl-C and Ctrl-Z work as ever.
func (e *editor) quiet() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.prepare() == nil {
		e.idle = e.raw
		e.setMode(e.idle)
	}
}

// cook sets the mode that was found, for a while.
func (e *editor) cook() (undo func()) {
	e.setMode(e.cooked)
	return func() { e.setMode(e.idle) }
}

func (e *editor) lend(run func(in, out *os.File) error) error {
	defer e.cook()()
	return run(os.Stdin, e.stdout)
}

func (e *editor) pasted() bool { return e.pump.linesWait() }

// readLine edits one line.
func (e *editor) readLine(ctx context.Context, r request) (string, error) {
	if ctx.Err() != nil {
		return "", ErrInterrupted
	}
	e.drawing.begin(r.prompt, r.painted)
	defer e.drawing.end()
	line, whole := e.pump.nextPasted()
	if whole {
		io.WriteString(e.drawer, r.prompt+line+"\n")
		return line, e.drawn()
	}
	line, err := e.edit(ctx, r, line)
	if errSync := e.drawn(); errSync != nil {
		err = errors.Join(err, errSync)
	}
	return line, err
}

// edit lets the library edit a line that begins as draft.
func (e *editor) edit(ctx context.Context, r request, draft string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending.Load() {
		select {} // nothing is read any more
	}
	if err := e.prepare(); err != nil {
		return "", err
	}
	e.library.ClearHistory()
	for _, entry := range r.history {
		e.library.AppendHistory(entry)
	}
	e.library.SetWordCompleter(r.complete)
	e.setMode(e.raw)
	e.markPastes(true)
	e.pump.start(e.spawn)
	defer e.afterLine()
	defer whenDone(ctx, e.pump.abort)()
	line, err := e.library.PromptWithSuggestion(r.prompt, draft, -1)
	switch {
	case errors.Is(err, liner.ErrPromptAborted):
		return "", ErrInterrupted
	case errors.Is(err, liner.ErrInternal): // the terminal has lost its width
		e.dropLibrary()
		return "", ErrInterrupted
	case err == io.EOF:
		io.WriteString(e.drawer, "\n")
	}
	return line, err
}

func (e *editor) afterLine() {
	e.pump.stop()
	e.markPastes(false)
	e.setMode(e.idle)
	e.columns = columnsOf(e.stdout)
}

// drawn waits until the screen has drawn all that the library has printed.
func (e *editor) drawn() error {
	if _, err := io.WriteString(e.drawer, syncMark); err != nil {
		return err
	}
	select {
	case <-e.drawing.synced:
		return nil
	case <-e.gone:
		return os.ErrClosed
	}
}

// prepare makes the library's state, anew when the width has changed since the last line: the library decides by
// the width that it knew before whether it can edit at all.
func (e *editor) prepare() error {
	columns := columnsOf(e.stdout)
	if e.library != nil && columns == e.columns {
		return nil
	}
	e.dropLibrary()
	typed, feed, err := os.Pipe()
	if err != nil {
		return err
	}
	e.setMode(e.cooked)
	stdin := os.Stdin
	os.Stdin = typed
	e.library = liner.NewLiner()
	os.Stdin = stdin
	e.columns = columns
	if e.raw, err = term.GetState(e.pump.keyboard.fd); err != nil {
		return err
	}
	e.pump.feedTo(feed, typed)
	e.library.SetMultiLineMode(true)
	e.library.SetCtrlCAborts(true)
	e.library.SetBeep(false)
	return nil
}

// dropLibrary ends the library's state; its reader ends with the pipe that it reads.
func (e *editor) dropLibrary() {
	if e.library == nil {
		return
	}
	e.pump.feedTo(nil, nil)
	e.library.Close()
	e.library = nil
	e.setMode(e.idle)
}

// unfitForPrompt is the library's own rule of what a prompt may not contain.
func unfitForPrompt(r rune) bool { return unicode.Is(unicode.C, r) }
