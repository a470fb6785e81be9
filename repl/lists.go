package repl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// grid lays rows out under a heading, each column as wide as it needs, within the screen. A last column that says
// nothing is left out.
func (s *session) grid(heading []string, rows [][]string) (lines []string) {
	last := len(heading) - 1
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[last] != "" }) {
		heading = heading[:last]
	}
	widths := make([]int, len(heading))
	for _, row := range append([][]string{heading}, rows...) {
		for i, text := range row[:len(heading)] {
			widths[i] = max(widths[i], textWidth(text))
		}
	}
	for i, row := range append([][]string{heading}, rows...) {
		line := ""
		for j, text := range row[:len(heading)] {
			line += padRight(text, widths[j]) + "  "
		}
		line = cutTo(strings.TrimRight(line, " "), max(20, s.terminal.Width()-1))
		if i == 0 {
			line = s.terminal.paint(styleRemark, line)
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *session) sockets(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "watch":
		s.watch(ctx, s.socketTable)
		return nil
	case len(args) > 0:
		return fmt.Errorf("usage: .sockets [watch]")
	}
	s.print(strings.Join(s.socketTable(), "\n"))
	return nil
}

func (s *session) socketTable() []string {
	var rows [][]string
	for _, k := range s.lua.Sockets() {
		rows = append(rows, []string{
			strconv.Itoa(k.ID), k.Type, k.State, k.Local, k.Remote,
			strconv.FormatInt(k.In, 10), strconv.FormatInt(k.Out, 10), k.marks(),
		})
	}
	if len(rows) == 0 {
		return []string{s.terminal.paint(styleRemark, "no socket is open")}
	}
	return s.grid([]string{"id", "type", "state", "local", "remote", "in", "out", "ready"}, rows)
}

// marks tells what a socket is ready for: r to read, w to write, x for an exception.
func (k Socket) marks() string {
	marks := []byte("---")
	for i, set := range []bool{k.Readable, k.Writable, k.Exceptions} {
		if set {
			marks[i] = "rwx"[i]
		}
	}
	return string(marks)
}

func (s *session) tasks(context.Context, []string) error {
	var rows [][]string
	for _, t := range s.lua.Tasks() {
		rows = append(rows, []string{strconv.Itoa(t.ID), t.Name, t.State, t.Doing})
	}
	if len(rows) == 0 {
		s.remark("no task runs in the background")
		return nil
	}
	s.print(strings.Join(s.grid([]string{"id", "name", "state", "doing"}, rows), "\n"))
	return nil
}

func (s *session) kill(_ context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: .kill TASK...; .tasks lists the numbers")
	}
	for _, arg := range args {
		id, err := strconv.Atoi(arg)
		if err != nil {
			return fmt.Errorf("%q is not the number of a task; .tasks lists them", arg)
		}
		if err := s.lua.Kill(id); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) scripts(context.Context, []string) error {
	width := 0
	for _, script := range s.lua.Scripts() {
		width = max(width, textWidth(script.Name))
	}
	for _, script := range s.lua.Scripts() {
		s.print(cutTo(padRight(script.Name, width)+"  "+script.Title, max(20, s.terminal.Width()-1)))
	}
	return nil
}

func (s *session) showScript(_ context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: .show NAME; .scripts lists the names")
	}
	source, err := s.lua.Script(args[0])
	if err != nil {
		return err
	}
	s.print(strings.TrimRight(source, "\n"))
	return nil
}

func (s *session) runScript(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: .run NAME [ARG...]; .scripts lists the names")
	}
	if failure := s.lua.RunScript(ctx, args[0], args[1:]); failure != nil {
		s.fail("", failure)
	}
	return nil
}
