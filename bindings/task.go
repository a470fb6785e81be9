package bindings

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/record"
	"lunawire/bindings/vm"
)

// A Task is one line of execution of Lua: the main one, which runs the script
// or the prompt's entries, and those that task.spawn starts. All share one
// machine and its variables; a call that waits blocks its own task only.
type Task struct {
	Object
	*record.Task // its number, 1 for the main task, and its name

	rt       *Runtime
	thread   *vm.Thread
	ctx      callContext
	encoding string // used last; guarded by the machine's lock
	doing    string // the waiting call it is in; guarded by the machine's lock

	done chan struct{} // closed at its end; then results and err stand
	// results and failure are what it returned or raised.
	results []lua.LValue
	failure error

	mu    sync.Mutex
	heard bool // somebody joins or has joined it, or its failure has been told
}

// callContext is the context of the calls that a task makes, one at a time. It
// is a value of its own so that no call needs to allocate one; its deadline is
// reckoned only when somebody asks, which is when a call has to wait.
type callContext struct {
	task     *Task
	limited  bool
	timeout  time.Duration
	deadline time.Time
}

type taskKey struct{}

// Deadline is the time limit set by Within.
func (c *callContext) Deadline() (time.Time, bool) {
	if c.limited && c.deadline.IsZero() {
		c.deadline = time.Now().Add(c.timeout)
		if c.timeout <= 0 {
			c.deadline = time.Unix(1, 0)
		}
	}
	return c.deadline, c.limited
}

// Done is closed when the task is interrupted or cancelled.
func (c *callContext) Done() <-chan struct{} { return c.task.thread.Done() }

// Err is why Done is closed.
func (c *callContext) Err() error { return c.task.thread.Canceled() }

// Value finds the task; a context of ours carries nothing else.
func (c *callContext) Value(key any) any {
	if key == (taskKey{}) {
		return c.task
	}
	return nil
}

// Arm registers wake for the time of a wait: it is called when the task is
// interrupted. If it is already, Arm says why at once.
func (c *callContext) Arm(wake func()) error { return c.task.thread.Arm(wake) }

// Disarm ends what Arm began; afterwards wake is not called any more.
func (c *callContext) Disarm() { c.task.thread.Disarm() }

// TaskOf is the task whose call ctx belongs to.
func TaskOf(ctx context.Context) *Task {
	if c, ok := ctx.(*callContext); ok {
		return c.task
	}
	t, _ := ctx.Value(taskKey{}).(*Task)
	return t
}

// Within limits the rest of the current call to d, 0 meaning: do not wait at
// all. It is meant for the context that a binding was given, costs nothing and
// ends with the call.
func Within(ctx context.Context, d time.Duration) context.Context {
	if c, ok := ctx.(*callContext); ok {
		c.limited, c.timeout, c.deadline = d < LongestTime, d, time.Time{}
	}
	return ctx
}

// waiting runs the call of a frame with the lock of the machine given up.
func (t *Task) waiting(f *frame, name string) error {
	t.doing = name
	t.thread.Unlock()
	defer t.waited()
	return f.call(t)
}

func (t *Task) waited() {
	t.thread.Lock()
	t.doing, t.ctx.limited = "", false
}

// enterLua takes the lock for a callback within a waiting call, whose limits and
// name come back when leaveLua gives the lock up again: calls of the callback
// have their own.
func (t *Task) enterLua() (outer waitingCall) {
	t.thread.Lock()
	outer = waitingCall{t.ctx, t.doing}
	t.doing = ""
	return outer
}

func (t *Task) leaveLua(outer waitingCall) {
	t.ctx, t.doing = outer.ctx, outer.doing
	t.thread.Unlock()
}

type waitingCall struct {
	ctx   callContext
	doing string
}

// Check belongs into every long loop of a function that does not wait. made is
// how many bytes it has made so far. The call ends here when the task is
// interrupted or when that is more than Lua may make at once, and other tasks
// run, which may use what the call uses.
func (t *Task) Check(made int) {
	t.CheckAlone(made)
	vm.Check(t.thread.State())
}

// CheckAlone is Check without letting other tasks run.
func (t *Task) CheckAlone(made int) {
	l := t.thread.State()
	vm.CheckRoom(l, float64(made))
	vm.CheckAlone(l)
}

// taskOf is the task that runs l, whichever coroutine that is.
func taskOf(l *lua.LState) *Task { return vm.Running(l).Owner.(*Task) }

// Recorded is the task as the timeline names it, which may keep it: it is a
// value of its own, so that a task that has ended can go.
func (t *Task) Recorded() *record.Task { return t.Task }

// Runtime is the Runtime that the task belongs to.
func (t *Task) Runtime() *Runtime { return t.rt }

// IsMain tells whether t is the task of the script or the prompt.
func (t *Task) IsMain() bool { return t == t.rt.main }

// String is what tostring(task) gives.
func (t *Task) String() string { return fmt.Sprintf("<task %d %s %s>", t.ID, t.Name, t.State()) }

// State is "running", "done", "failed" or "cancelled"; a waiting task is named
// by the call it waits in: "waiting in s:recv".
func (t *Task) State() string {
	if !t.ended() {
		if t.doing != "" {
			return "waiting in " + t.doing
		}
		return "running"
	}
	switch {
	case t.failure == nil:
		return "done"
	case t.thread.Canceled() != nil:
		return "cancelled"
	}
	return "failed"
}

// hear notes that somebody knows how the task ended; it tells whether nobody did.
func (t *Task) hear() (first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first = !t.heard
	t.heard = true
	return first
}

func (t *Task) ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// Cancel interrupts the task for good: the call it waits in ends, pcall does
// not catch it, and its sockets are closed.
func (t *Task) Cancel() { t.thread.Cancel(context.Canceled) }

// Join waits for the end of t and returns what its function returned. What it
// raised is returned as the error, to be raised again.
func (t *Task) Join(ctx context.Context) (Values, error) {
	err := Wait(ctx, t.done)
	if err != nil && !t.ended() {
		return nil, err
	}
	t.hear()
	switch {
	case t.failure != nil && t.thread.Canceled() != nil:
		return nil, &Error{Op: "join", Code: "ECANCELED", Message: "the task was cancelled"}
	case t.failure != nil:
		return nil, t.failure
	}
	values := make(Values, len(t.results))
	for i, v := range t.results {
		values[i] = Value{v}
	}
	return values, nil
}

// Wait waits until done is closed or has something, until the deadline of ctx
// (then Timeout) or until ctx ends (then its error).
func Wait[T any](ctx context.Context, done <-chan T) error {
	select {
	case <-done:
		return nil
	default:
	}
	var expired <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok {
		timer := time.NewTimer(time.Until(deadline))
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-done:
		return nil
	case <-expired:
		return Timeout
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Pause waits for d, or until ctx ends.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Keep makes t the owner of c: it is closed when t fails or is cancelled, and
// when the Runtime closes, unless it is dropped before.
func (t *Task) Keep(c io.Closer) {
	t.rt.mu.Lock()
	defer t.rt.mu.Unlock()
	t.rt.kept[c] = t
}

// Drop ends what Keep began: c has been closed.
func (rt *Runtime) Drop(c io.Closer) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	delete(rt.kept, c)
}

// closeKept closes what t owns, or everything for nil.
func (rt *Runtime) closeKept(t *Task) {
	var list []io.Closer
	rt.mu.Lock()
	for c, owner := range rt.kept {
		if t == nil || owner == t {
			list = append(list, c)
			delete(rt.kept, c)
		}
	}
	rt.mu.Unlock()
	for _, c := range list {
		_ = c.Close() // nobody is left to hear of it
	}
}
