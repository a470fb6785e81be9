package bindings

import (
	"context"
	"fmt"
	"io"

	"lunawire/bindings/record"
)

// Encoding is the text encoding that a task used last, "" if none. The
// timeline shows its data by it.
func (rt *Runtime) Encoding(task int) string {
	if name, ok := rt.encodings.Load(task); ok {
		return name.(string)
	}
	return ""
}

// UsesEncoding says that the task has encoded or decoded text.
func (t *Task) UsesEncoding(name string) {
	if t.encoding != name {
		t.encoding = name
		t.rt.encodings.Store(t.ID, name)
	}
}

// Timeline is the record of what happened, from the start of the Runtime.
func (rt *Runtime) Timeline() *record.Timeline { return rt.record }

// Report tells of something that nobody asked for, such as the error of a task.
func (rt *Runtime) Report(text string) {
	fmt.Fprintln(rt.config.Stderr, text)
}

// ReportTo is where reports go.
func (rt *Runtime) ReportTo() io.Writer { return rt.config.Stderr }

// Write prints text as print does, without a newline. An output that is gone
// ends the run by other ways than this.
func (rt *Runtime) Write(text string) {
	_, _ = io.WriteString(rt.config.Stdout, text)
}

// Columns is the width of the terminal, 0 where the output is none.
func (rt *Runtime) Columns() int {
	if rt.config.Columns == nil {
		return 0
	}
	return rt.config.Columns()
}

// Colored tells whether what is printed may have colours.
func (rt *Runtime) Colored() bool { return rt.config.Color }

// Background runs a view of the timeline beside everything else. It is no
// task: a run does not wait for its end. The function returned ends it and
// waits; Close does the same.
func (rt *Runtime) Background(view func(context.Context)) context.CancelFunc {
	ctx, cancel := context.WithCancel(rt.untilClose)
	done := make(chan struct{})
	rt.views.Go(func() {
		defer close(done)
		defer rt.config.Guard()
		view(ctx)
	})
	return func() {
		cancel()
		<-done
	}
}
