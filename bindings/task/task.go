// Package task is the Lua module "task": many things at one prompt.
package task

import (
	"context"
	"time"

	"lunawire/bindings"
)

// Plugin is the module task.
type Plugin struct{}

// Module declares task for rt.
func (Plugin) Module(rt *bindings.Runtime) bindings.Module {
	return bindings.Module{
		Name: "task",
		Doc: "Tasks: Lua functions that run while others wait.\n\n" +
			"All tasks share one machine and all variables; a call that waits blocks its own task only. A statement without call or loop is never interrupted by another task.",
		Funcs: []bindings.Func{
			{
				Name: "spawn", Params: "fn, values...", Results: "t",
				Doc:     "Starts a task that runs fn(values...).\n\nAn error in it is printed with the task's name unless somebody joins it. Its sockets are closed when it fails or is cancelled.",
				Example: "local t = task.spawn(function(a, b) return a + b end, 1, 2)\nprint(t:join())   --> 3",
				Go: func(fn bindings.Function, values ...bindings.Value) *bindings.Task {
					args := make([]any, len(values))
					for i, v := range values {
						args[i] = v
					}
					return rt.Spawn(fn.Name(), fn, args...)
				},
			},
			{
				Name: "sleep", Params: "seconds",
				Doc: "Waits; other tasks go on.",
				Go:  bindings.Pause,
			},
			{
				Name: "queue", Params: "size?", Results: "q",
				Doc:     "Makes a queue through which tasks hand values over.\n\nWith a size, put waits while that many values are in it; without, it is unlimited.",
				Example: "local q = task.queue()\ntask.spawn(function() q:put(\"hello\"); q:close() end)\nprint(q:get())   --> hello\nprint(q:get())   --> nil\tclosed",
				Go:      newQueue,
			},
			{
				Name: "list", Results: "tasks",
				Doc:     "Lists the tasks that have not ended, oldest first, without the main one.",
				Example: "local t = task.spawn(function() task.sleep(10) end)\nprint(#task.list(), task.list()[1] == t)   --> 1\ttrue\nt:cancel()",
				Go:      rt.Tasks,
			},
			{
				Name: "current", Results: "t",
				Doc: "Returns the task that calls.",
				Go:  func(t *bindings.Task) *bindings.Task { return t },
			},
		},
		Types: []bindings.Type{taskRow, queueRow},
	}
}

var taskRow = bindings.Type{
	Name: "task", Var: "t", Of: (*bindings.Task)(nil),
	Doc: "A running or ended task.",
	Fields: []bindings.Field{
		{Name: "id", Doc: "its number; 1 is the main task", Go: func(t *bindings.Task) int { return t.ID }},
		{Name: "name", Doc: "its name", Go: func(t *bindings.Task) string { return t.Name }},
	},
	Methods: []bindings.Func{
		{
			Name: "join", Params: "opts?", Results: "values...",
			Doc:     "Waits for the end of the task; returns what its function returned.\n\nRaises again what the function raised, ECANCELED after a cancel. Returns nil, \"timeout\" when {timeout=seconds} is over first.",
			Example: "local t = task.spawn(function() error(\"no\") end)\nprint(pcall(t.join, t))   --> false\t<where>: no",
			Go:      join,
		},
		{
			Name:    "cancel",
			Doc:     "Ends the task: the call it waits in stops, pcall does not catch it.\n\nIts sockets are closed. A task that has ended stays as it is.",
			Example: "local t = task.spawn(function() task.sleep(1000) end)\nt:cancel()\nprint(select(2, pcall(t.join, t)).code)   --> ECANCELED",
			Go:      (*bindings.Task).Cancel,
		},
		{
			Name: "state", Results: "state",
			Doc: "Returns \"running\", \"waiting in s:recv\", \"done\", \"failed\" or \"cancelled\".",
			Go:  (*bindings.Task).State,
		},
	},
}

// joinOptions is {timeout=2}.
type joinOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
}

func join(t *bindings.Task, ctx context.Context, opts joinOptions) (bindings.Values, error) {
	return t.Join(bindings.Within(ctx, opts.Timeout.Or(bindings.LongestTime)))
}
