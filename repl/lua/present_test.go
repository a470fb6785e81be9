package lua_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"lunawire/repl"
	"lunawire/repl/lua"
	"lunawire/scripts"
)

// present presents a script where nobody can answer.
func present(t *testing.T, name, source string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	terminal, err := repl.Open(strings.NewReader(""), &out, repl.ColourNever)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	err = repl.Present(context.Background(), terminal, repl.Presentation{
		Name: name, Source: source,
		Stage: func(out, report io.Writer) (repl.Stage, error) {
			return lua.NewStage(lua.StageConfig{Terminal: terminal, Name: name, Args: args, Out: out, Report: report})
		},
	})
	return out.String(), err
}

var mark = regexp.MustCompile(`(?m)^--- (.*)$`)

func TestEveryWalkthroughThatNeedsNobodyElseIsPresentedStepByStep(t *testing.T) {
	for _, s := range scripts.List() {
		if !strings.Contains(s.Source, "\n--- ") || !strings.Contains(s.Source, "--> ") {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			out, err := present(t, s.Name, s.Source, "0")
			if err != nil {
				t.Fatalf("got %v\n%s", err, out)
			}
			marks := mark.FindAllStringSubmatch(s.Source, -1)
			for i, m := range marks {
				if heading := fmt.Sprintf("── %d/%d ─ %s ─", i+1, len(marks), m[1]); !strings.Contains(out, heading) {
					t.Errorf("got\n%s\nwant in it %q", out, heading)
				}
			}
		})
	}
}

func TestAStageFindsItsArgumentsAndItsName(t *testing.T) {
	out, err := present(t, "some/lesson.lua", "print(arg[0], arg[1], arg[2], #arg)", "one", "两")
	if want := "\nsome/lesson.lua\tone\t两\t2\n"; !strings.Contains(out, want) || err != nil {
		t.Errorf("got %v\n%s\nwant in it %q", err, out, want)
	}
}

func TestErrorsOfTasksAreReportedInAPresentation(t *testing.T) {
	out, err := present(t, "lesson.lua", "--- One\nlocal t = task.spawn(function() error('in a task', 0) end)\n--- Two\nprint(t:state())")
	if !strings.Contains(out, "): in a task\n") || !strings.Contains(out, "\nfailed\n") || err != nil {
		t.Errorf("got %v\n%s", err, out)
	}
}
