package lua

import (
	"context"
	"strings"
	"time"

	"lunawire/repl"
)

// patience is how long a list waits for a task that does not let others look.
const patience = 100 * time.Millisecond

// Tasks lists the tasks that run in the background, oldest first.
func (l *Interpreter) Tasks() []repl.Task {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var list []repl.Task
	for _, t := range l.rt.Tasks() {
		row := repl.Task{ID: t.ID, Name: t.Name, State: "running"}
		l.prompt.Look(ctx, func() {
			state := t.State()
			if doing, waits := strings.CutPrefix(state, "waiting in "); waits {
				state, row.Doing = "waiting", doing
			}
			row.State = state
		})
		list = append(list, row)
	}
	return list
}
