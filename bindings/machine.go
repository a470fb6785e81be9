package bindings

import (
	"context"
	"errors"
	"io"
	"runtime"
	"time"

	"lunawire/bindings/vm"
)

// machine is what the Lua machine may use.
func (rt *Runtime) machine() vm.Options {
	return vm.Options{
		Stdout: rt.config.Stdout,
		Stderr: rt.config.Stderr,
		Print:  rt.printsTo,
		Stdin:  rt.stdin,
		Exit:   rt.exit,
		Memory: rt.config.Memory,

		Computing: twoProcessors,
	}
}

// twoProcessors makes Go schedule on two processors even where there is one: a
// task that computes would keep those that talk waiting for the scheduler's
// slice of 10 ms each time. As long as nobody computes, one is faster there,
// since no second thread looks for work.
func twoProcessors() {
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2)
	}
}

// printsTo is where print writes: what a background task says must not stand in
// the middle of a line that the foreground has begun.
func (rt *Runtime) printsTo(t *vm.Thread) io.Writer {
	if rt.config.TaskStdout != nil && t.Owner != rt.main {
		return rt.config.TaskStdout
	}
	return rt.config.Stdout
}

// preparePoller makes Go set up its poller, which the first timer does. Go puts
// that off, and a program that has used up its descriptors until then ends
// without a word to Lua.
func preparePoller() { time.AfterFunc(time.Hour, func() {}).Stop() }

// exit is os.exit: the run ends in order, with everything closed.
func (rt *Runtime) exit(_ *vm.Thread, code int) {
	cause := &vm.ExitError{Code: code}
	rt.main.thread.Cancel(cause)
	rt.CancelTasks()
}

// ExitStatus is the status that a script gave to os.exit, if err says that one
// did.
func ExitStatus(err error) (status int, exited bool) {
	var exit *vm.ExitError
	if errors.As(err, &exit) {
		return exit.Code, true
	}
	return 0, false
}

// stdin is what io.read of a thread reads: the same lines as input.
func (rt *Runtime) stdin(t *vm.Thread) io.Reader {
	return &lineReader{task: t.Owner.(*Task)}
}

// lineReader makes a stream of the lines that input reads.
type lineReader struct {
	task *Task
	rest []byte
}

func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		line, err := r.task.rt.readInput(&r.task.ctx, "")
		if err != nil {
			return 0, err
		}
		r.rest = append([]byte(line), '\n')
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// readInput reads a line for the main task; no other may.
func (rt *Runtime) readInput(ctx context.Context, prompt string) (string, error) {
	if !TaskOf(ctx).IsMain() {
		return "", &Error{Op: "input", Message: "only the main task reads what is typed",
			Hint: "read in the main task and hand the line over with a task.queue"}
	}
	if rt.config.ReadLine != nil {
		return rt.config.ReadLine(ctx, prompt)
	}
	if _, err := io.WriteString(rt.config.Stdout, prompt); err != nil {
		return "", err
	}
	return rt.console.readLine(ctx)
}
