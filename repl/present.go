package repl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
)

// A Stage is what a presentation needs of the Lua side: a machine of its own, on which the steps of a script run one
// after the other. It is an Interpreter too, for what the presenter types in between.
type Stage interface {
	Interpreter

	// RunStep runs a step of the script. Its messages name the script; the local variables of its top level stay for
	// the steps that follow and for what is typed.
	RunStep(ctx context.Context, source string) *Failure

	// News returns what has happened on the timeline since it was last asked, the ladder at most width columns wide.
	News(width int) News

	// Close ends everything that the steps have started.
	Close()
}

// News is what a step left on the timeline.
type News struct {
	Calls  []string // a line for each socket call
	Ladder string   // the rows that are new
}

// A Presentation is a script and how it is presented. Name, Source and Stage are required.
type Presentation struct {
	Name, Source string

	// Stage makes a machine on which nothing has run yet. It prints to out what the script prints and to report, in
	// whole lines, what its tasks print and what nobody asked for.
	Stage func(out, report io.Writer) (Stage, error)

	Projector bool          // larger spacing and no clutter, for a room that looks on
	Auto      time.Duration // present without being asked, and give each step that long; 0 waits for Enter
}

// Present presents a script on t, step by step, until its end, until the person leaves or until ctx ends. Where nobody
// can answer, it shows all steps; a step that fails is then an error, and ErrInterrupted says that Ctrl-C was pressed.
func Present(ctx context.Context, t *Terminal, p Presentation) error {
	in := newInterrupts(t)
	defer in.close()
	if t.editor != nil {
		t.editor.quiet()
	}
	return present(ctx, t, in, p)
}

func present(ctx context.Context, t *Terminal, in *interrupts, p Presentation) error {
	pr := &presenter{Presentation: p, attended: t.attended()}
	pr.session = session{terminal: t, interrupts: in, history: &history{}, written: map[string]bool{}, hadFailure: true}
	pr.commands = slices.DeleteFunc(commandTable(), func(c command) bool { return c.name == "demo" }) // not within itself
	defer pr.leave()
	if err := pr.restart(); err != nil {
		return err
	}
	pr.lesson = newLesson(p.Name, p.Source, pr.stage.Compiles)
	pr.ran = make([]string, len(pr.lesson.steps))
	pr.write(pr.layout().opening(pr.lesson))
	if pr.attended && !p.Projector {
		pr.remark(presentKeys)
	}
	if !pr.attended || p.Auto > 0 {
		if err := pr.byItself(ctx); err != nil || !pr.attended || pr.atEnd() {
			return err
		}
	}
	return pr.loop(ctx)
}

// attended reports whether there is a person who sees what is printed and can answer.
func (t *Terminal) attended() bool {
	out, ok := t.screen.tty.(*os.File)
	return t.asks && ok && term.IsTerminal(int(out.Fd()))
}

// A presenter leads through a lesson. The session evaluates what is typed that is no key of the presenter's.
type presenter struct {
	session
	Presentation
	lesson   lesson
	stage    Stage
	attended bool
	next     int        // the step that Enter runs
	view     int        // the step that is shown: next, or an earlier one
	onScreen int        // the step that was shown last, nowhere if something has run since
	ran      []string   // what each step printed, to be shown again
	output   transcript // of the step that runs
}

const presentKeys = `Enter runs the step, n goes on without it, b shows the one before,
g N goes to step N, c runs on to the end, r restarts, q leaves, ? shows
this. Ctrl-C stops a step. Anything else is Lua, and sees the variables
of the script.
`

// nowhere is no step.
const nowhere = -1

// errLeave is how a key says that the presentation is over.
var errLeave = errors.New("leave")

// loop does what is typed until somebody leaves.
func (p *presenter) loop(ctx context.Context) error {
	p.showNext()
	for ctx.Err() == nil {
		line, err := p.ask(ctx)
		switch {
		case errors.Is(err, ErrInterrupted):
			p.dropped()
			continue
		case err == io.EOF:
			p.print("")
			return nil
		case err != nil:
			return fmt.Errorf("read a line: %w", err)
		}
		if err := p.obey(ctx, line); err == errLeave || err == errQuit {
			return nil
		} else if err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// ask reads a key or a line of Lua.
func (p *presenter) ask(ctx context.Context) (line string, err error) {
	prompt := fmt.Sprintf("%d/%d> ", p.view+1, len(p.lesson.steps))
	switch {
	case p.pending != "":
		prompt = promptMore
	case p.view == len(p.lesson.steps):
		prompt = "end> "
	}
	r := request{
		prompt: prompt, painted: p.terminal.paint(stylePrompt, prompt),
		history: p.history.entries, complete: p.completer(ctx),
	}
	p.interrupts.during(ctx, func(ctx context.Context) { line, err = p.terminal.readOwnLine(ctx, r) })
	return fromOneLine(line), err
}

// obey does what a line says: a key of the presenter's, or Lua.
func (p *presenter) obey(ctx context.Context, line string) error {
	key, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch {
	case p.pending != "":
		return p.take(ctx, line)
	case line == "" || key == "":
		return p.enter(ctx)
	case key == "g":
		if number, err := strconv.Atoi(strings.TrimSpace(argument)); err == nil {
			return p.goTo(ctx, number)
		}
	case argument != "":
	case key == "q":
		return errLeave
	case key == "b":
		p.view = max(0, p.view-1)
		p.show()
		return nil
	case key == "n":
		p.next = min(p.next+1, len(p.lesson.steps))
		p.showNext()
		return nil
	case key == "r":
		return p.again()
	case key == "c":
		return p.runOn(ctx, len(p.lesson.steps))
	case key == "?":
		p.remark(presentKeys)
		return nil
	}
	return p.take(ctx, line)
}

// enter goes on: to the next of the steps that have run already, or by running one.
func (p *presenter) enter(ctx context.Context) error {
	switch {
	case p.view < p.next:
		p.view++
		p.show()
		return nil
	case p.atEnd():
		return errLeave
	}
	if p.run(ctx) == nil {
		p.showNext()
	}
	return nil
}

func (p *presenter) atEnd() bool { return p.next == len(p.lesson.steps) }

// goTo shows a step that is ready to run: those before it have run. For an earlier one all begins anew.
func (p *presenter) goTo(ctx context.Context, number int) error {
	if number < 1 || number > len(p.lesson.steps) {
		p.print(p.terminal.paint(styleError, fmt.Sprintf("there is no step %d; the last one is %d", number, len(p.lesson.steps))))
		return nil
	}
	if number-1 < p.next {
		if err := p.restart(); err != nil {
			return err
		}
	}
	return p.runOn(ctx, number-1)
}

// again begins anew.
func (p *presenter) again() error {
	if err := p.restart(); err != nil {
		return err
	}
	p.write(p.layout().opening(p.lesson))
	p.showNext()
	return nil
}

// runOn runs the steps before the one at that index, and shows that one.
func (p *presenter) runOn(ctx context.Context, end int) error {
	for p.next < end {
		p.showNext()
		if p.run(ctx) != nil {
			return nil
		}
	}
	p.showNext()
	return nil
}

// byItself presents the steps from the next one on without being asked. Ctrl-C hands over to the keys.
func (p *presenter) byItself(ctx context.Context) error {
	for !p.atEnd() && ctx.Err() == nil {
		goesOn := false
		p.interrupts.during(ctx, func(ctx context.Context) {
			p.showNext()
			goesOn = p.pause(ctx)
		})
		switch failure := p.runUnless(ctx, !goesOn); {
		case failure == nil:
		case p.attended:
			return context.Cause(ctx)
		case failure.Canceled:
			return cmp.Or(context.Cause(ctx), ErrInterrupted)
		default:
			return fmt.Errorf("step %d of %s failed", p.next+1, p.Name)
		}
	}
	return context.Cause(ctx)
}

// runUnless runs the next step, unless it was interrupted before.
func (p *presenter) runUnless(ctx context.Context, interrupted bool) *Failure {
	if interrupted {
		return &Failure{Canceled: true}
	}
	return p.run(ctx)
}

// pause gives those who look on their time, and reports whether nobody ended it.
func (p *presenter) pause(ctx context.Context) bool {
	timer := time.NewTimer(p.Auto)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		p.print("")
		return false
	}
}

// restart makes a machine on which nothing has run, in place of the one before.
func (p *presenter) restart() error {
	p.leave()
	stage, err := p.Stage(io.MultiWriter(p.terminal, &p.output), io.MultiWriter(p.terminal.Background(), &p.output))
	if err != nil {
		return fmt.Errorf("present %s: %w", p.Name, err)
	}
	p.stage, p.session.lua = stage, stage
	p.next, p.view, p.onScreen, p.pending = 0, 0, nowhere, ""
	return nil
}

// leave ends what the steps have started.
func (p *presenter) leave() {
	if p.stage != nil {
		p.stage.Close()
		p.stage = nil
	}
}

// showNext shows the step that Enter runs, if it is not what was shown last.
func (p *presenter) showNext() {
	if p.view = p.next; p.onScreen != p.view {
		p.show()
	}
}

// show shows the step in view: as it is before it runs, and what it did if it has run.
func (p *presenter) show() {
	p.onScreen = p.view
	if p.Projector {
		_ = p.clear(context.Background(), nil)
	}
	if p.view == len(p.lesson.steps) {
		if p.attended {
			p.remark("That was the last step. Enter leaves, b shows it again, r restarts.")
		}
		return
	}
	p.write(p.layout().step(p.lesson.steps[p.view], p.view+1, len(p.lesson.steps)))
	if p.view < p.next {
		p.write(p.ran[p.view])
	}
}

// run runs the next step and shows what it did, and why it did not come to its end.
func (p *presenter) run(ctx context.Context) *Failure {
	p.onScreen = nowhere
	p.output.begin()
	var failure *Failure
	p.interrupts.during(ctx, func(ctx context.Context) {
		failure = p.stage.RunStep(ctx, p.lesson.steps[p.next].source)
	})
	after := p.output.lineEnd()
	if failure != nil {
		after += p.failed(failure)
	}
	news := p.layout().news(p.stage.News(p.width()))
	if news == "" || p.output.printed() || failure != nil {
		news = p.layout().gap() + news
	}
	after += news
	p.write(after)
	p.ran[p.next] = p.output.end() + after
	if failure == nil {
		p.next++
		p.view = p.next
	}
	return failure
}

// failed says how a step ended that did not come to its end.
func (p *presenter) failed(f *Failure) string {
	paint := p.terminal.paint
	if f.Canceled {
		return paint(styleError, "the step was interrupted") + p.anew()
	}
	text := paint(styleError, f.Message)
	if f.Hint != "" {
		text += "\n" + paint(styleHint, "  hint: "+f.Hint)
	}
	return text + p.anew()
}

// anew says what may be done about a step that did not come to its end.
func (p *presenter) anew() string {
	if !p.attended {
		return "\n"
	}
	return "\n" + p.terminal.paint(styleRemark, "Enter runs it once more, n goes on without it.") + "\n"
}

func (p *presenter) width() int { return max(20, p.terminal.Width()-1) }

func (p *presenter) layout() layout {
	return layout{width: p.terminal.Width(), projector: p.Projector, paint: p.terminal.paint}
}

func (p *presenter) write(text string) { fmt.Fprint(p.terminal, text) }
