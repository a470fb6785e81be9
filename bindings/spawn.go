package bindings

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/record"
	"lunawire/bindings/vm"
)

// mainTask is the number of the main task; 0 is nobody's.
const mainTask = 1

// newTask makes a task that is not running yet.
func (rt *Runtime) newTask(name string, thread *vm.Thread) *Task {
	t := &Task{rt: rt, Task: &record.Task{Name: name}, done: make(chan struct{})}
	t.ctx.task = t
	if thread == nil {
		thread = rt.vm.NewThread(t)
	}
	thread.Owner = t
	t.thread = thread
	return t
}

// Spawn starts a task that runs fn with args. It may be called with and
// without the lock of the machine.
func (rt *Runtime) Spawn(name string, fn Function, args ...any) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) { return t.run(fn, args) })
}

// SpawnWith is Spawn for a task that owns c: c is closed when it ends, however
// it ends.
func (rt *Runtime) SpawnWith(name string, c io.Closer, fn Function, args ...any) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) {
		t.Keep(c)
		defer c.Close()
		return t.run(fn, args)
	})
}

// run calls the function of a task, unless it was cancelled before: it could
// start the next task before it noticed, and that one another.
func (t *Task) run(fn Function, args []any) ([]lua.LValue, error) {
	t.thread.Lock()
	defer t.thread.Unlock()
	if cause := t.thread.Canceled(); cause != nil {
		return nil, cause
	}
	return t.thread.Call(fn.fn, t.rt.toLuaAll(args)...)
}

// Go starts a task that runs Go code, such as the accepting half of a server.
// It ends when its context does.
func (rt *Runtime) Go(name string, run func(context.Context) error) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) { return nil, run(&t.ctx) })
}

func (rt *Runtime) start(name string, run func(*Task) ([]lua.LValue, error)) *Task {
	t := rt.newTask(name, nil)
	rt.mu.Lock()
	rt.lastTask++
	t.ID = rt.lastTask
	rt.tasks[t.ID] = t
	stopping := rt.stopping
	rt.mu.Unlock()
	if stopping { // by a server, say, that took a connection while the run was ending
		t.Cancel()
	}
	rt.record.StartTask(*t.Recorded(), "")
	rt.running.Go(func() {
		defer rt.config.Guard()
		results, err := run(t)
		t.finish(results, err)
	})
	return t
}

// finish keeps what the task returned or raised and tells of an error that
// nobody waits for.
func (t *Task) finish(results []lua.LValue, err error) {
	rt := t.rt
	var code, message string
	if err != nil {
		t.failure = err
		code, message = rt.endOf(t)
		rt.closeKept(t)
	}
	t.results = results
	rt.forget(t)
	rt.record.EndTask(*t.Recorded(), code, message)
	close(t.done)
	if err != nil && t.thread.Canceled() == nil {
		rt.tellSoon(t)
	}
}

// joinGrace is how long a failed task waits for somebody to join it before its
// error is told to all.
const joinGrace = 50 * time.Millisecond

// tellSoon tells of a failure that nobody joins.
func (rt *Runtime) tellSoon(t *Task) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.unheard[t] = time.AfterFunc(joinGrace, func() { rt.tell(t) })
}

// tell tells of a failure now, if nobody has heard of it.
func (rt *Runtime) tell(t *Task) {
	rt.mu.Lock()
	timer, pending := rt.unheard[t]
	if pending {
		delete(rt.unheard, t)
		rt.telling.Add(1)
	}
	rt.mu.Unlock()
	if !pending {
		return
	}
	defer rt.telling.Done()
	timer.Stop()
	if t.hear() {
		rt.mu.Lock()
		rt.failures++
		rt.mu.Unlock()
		rt.Report(t.label() + ": " + rt.Describe(t.failure).Text())
	}
}

// tellAll tells of every failure that nobody has heard of, as the run ends.
func (rt *Runtime) tellAll() {
	rt.mu.Lock()
	list := slices.SortedFunc(maps.Keys(rt.unheard), func(a, b *Task) int { return a.ID - b.ID })
	rt.mu.Unlock()
	for _, t := range list {
		rt.tell(t)
	}
	rt.telling.Wait()
}

// endOf is how the timeline tells of a task that did not end well.
func (rt *Runtime) endOf(t *Task) (code, message string) {
	if t.thread.Canceled() != nil {
		return record.Canceled, ""
	}
	if e := errorValue(t.failure); e != nil {
		return e.Code, e.Error()
	}
	return "", t.failure.Error()
}

// rememberedTasks is of how many tasks that have ended the timeline still
// knows the encoding.
const rememberedTasks = 4096

// forget takes an ended task out of the books, so that a server may run for days.
func (rt *Runtime) forget(t *Task) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	delete(rt.tasks, t.ID)
	rt.ended = append(rt.ended, t.ID)
	if len(rt.ended) > rememberedTasks {
		rt.encodings.Delete(rt.ended[0])
		rt.ended = rt.ended[1:]
	}
}

// label names the task in front of its error.
func (t *Task) label() string { return fmt.Sprintf("task %d (%s)", t.ID, t.Name) }

// Tasks lists the tasks that have not ended, oldest first, without the main one.
func (rt *Runtime) Tasks() []*Task {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	var list []*Task
	for _, t := range rt.tasks {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *Task) int { return a.ID - b.ID })
	return list
}

// Main is the task of the script or the prompt.
func (rt *Runtime) Main() *Task { return rt.main }

// Failures is how many tasks failed without anybody having joined them.
func (rt *Runtime) Failures() int {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.failures
}

// CancelTasks cancels every task but the main one, and those that start from
// now on until the next Run.
func (rt *Runtime) CancelTasks() {
	rt.mu.Lock()
	rt.stopping = true
	rt.mu.Unlock()
	for _, t := range rt.Tasks() {
		t.Cancel()
	}
}
