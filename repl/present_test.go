package repl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// presented is what a presentation prints where nobody can answer.
func presented(t *testing.T, colour Colour, p Presentation) (string, error) {
	t.Helper()
	var out bytes.Buffer
	terminal, err := Open(strings.NewReader("this is not read"), &out, colour)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	p.Name = "lesson.lua"
	err = RunPresentation(terminal, p)
	return out.String(), err
}

const lessonOfMarks = `#!/usr/bin/env lunawire
-- The title of it (标题)
-- usage: lunawire run it [arg]
-- What it is
-- about.
local word = arg[1]

--- 第一步 First
-- It shows how
-- a sentence goes on.
--
--   this stands as it is
local text = [[
--- not a mark
]]
local list = {
--- nor this
}
local function f()
--- nor this
  return text
end
--[[
--- nor this
]]
print(word)    --> first

--- 第二步 Second
print(#f(), #list) --> 15	0
-- done
--> nothing

---
--- 
goto over
--- nor this
::over::
`

func TestWithoutATerminalAllStepsArePrinted(t *testing.T) {
	got, err := presented(t, ColourAuto, Presentation{Source: lessonOfMarks})
	if err != nil {
		t.Fatal(err)
	}
	want := `
  The title of it (标题)

  What it is about.

── 1/2 ─ 第一步 First ─────────────────────────────────────────────────────────

  It shows how a sentence goes on.

    this stands as it is

    6 │ local word = arg[1]
   13 │ local text = [[
   14 │ --- not a mark
   15 │ ]]
   16 │ local list = {
   17 │ --- nor this
   18 │ }
   19 │ local function f()
   20 │ --- nor this
   21 │   return text
   22 │ end
   23 │ --[[
   24 │ --- nor this
   25 │ ]]
   26 │ print(word)

first

── 2/2 ─ 第二步 Second ────────────────────────────────────────────────────────

   29 │ print(#f(), #list)
   30 │ -- done
   32 │
   33 │ ---
   34 │ ---
   35 │ goto over
   36 │ --- nor this
   37 │ ::over::

15	0

`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAScriptWithoutMarksIsOneStep(t *testing.T) {
	got, err := presented(t, ColourAuto, Presentation{Source: "print(1)\n\nprint(2)"})
	want := "\n  lesson.lua\n\n── 1/1 ─ lesson.lua " + strings.Repeat("─", 59) + "\n\n    1 │ print(1)\n    2 │\n    3 │ print(2)\n\n1\n2\n\n"
	if got != want || err != nil {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}

func TestWithoutATerminalAFailedStepIsAnError(t *testing.T) {
	for _, test := range []struct{ step, want string }{
		{"local t\n\nt.x = 1", "\nlesson.lua:5: attempt to index"},
		{"tcp.socket():bind('127.0.0.1', 70000)", "lesson.lua:3: "},
		{"os.exit(3)", "lesson.lua has ended itself with status 3"},
		{"error{}", "lesson.lua"},
		{"x = = 1", "lesson.lua:3: "},
	} {
		got, err := presented(t, ColourAuto, Presentation{Source: "--- One\nprint'one'\n" + test.step + "\n--- Two\nprint'two'"})
		if test.step == "x = = 1" {
			got, err = presented(t, ColourAuto, Presentation{Source: "--- One\n\n" + test.step})
		}
		if !strings.Contains(got, test.want) || strings.Contains(got, "\ntwo\n") || err == nil || !strings.HasPrefix(err.Error(), "step 1 of lesson.lua") {
			t.Errorf("%s: got the error %v and\n%s\nwant %q", test.step, err, got, test.want)
		}
	}
}

func TestAStepShowsItsCallsAndWhatIsNewOnTheLadder(t *testing.T) {
	source := `--- Sockets
local a, b = udp.socket(), udp.socket()
a:bind("127.0.0.1", 0) b:bind("127.0.0.1", 0)
--- Talk
a:sendto(("你好"):encode("gbk"), b:getsockname())
b:recvfrom(100)`
	got, err := presented(t, ColourNever, Presentation{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	_, talk, _ := strings.Cut(got, "Talk")
	for _, want := range []string{
		`  main     udp#1    sendto("你好" gbk, "127.0.0.1", `, `  main     udp#2    recvfrom(100) = "你好" gbk, 127.0.0.1:`,
		` ├─ #1 sendto "你好" gbk 4 B `, `recvfrom(100) = "你好" gbk 4 B `, " #1▷ │\n",
	} {
		if !strings.Contains(talk, want) {
			t.Errorf("got\n%s\nwant in it %q", talk, want)
		}
	}
	if strings.Contains(talk, "bind(") {
		t.Errorf("got what is not new:\n%s", talk)
	}
	got, err = presented(t, ColourNever, Presentation{Source: source, Projector: true})
	if strings.Contains(got, "udp#1") || !strings.Contains(got, "\n\n      2  Talk\n") || err != nil {
		t.Errorf("for a projector, got %v\n%s", err, got)
	}
}

func TestAStepIncludesWhatTasksDoThen(t *testing.T) {
	got, err := presented(t, ColourNever, Presentation{Source: `--- Serve
local server = tcp.serve("127.0.0.1", 0, function(c) c:send(c:recv(10)) end)
--- Call
local c = tcp.connect(server:getsockname())
c:send("hello")
c:recv(10)
--- Close
server:close()
`})
	if err != nil {
		t.Fatal(err)
	}
	_, call, _ := strings.Cut(got, "Call ─")
	call, _, _ = strings.Cut(call, "Close ─")
	if !regexp.MustCompile(`\S+ +tcp#\d+ +close\(\)`).MatchString(call) {
		t.Errorf("got\n%s\nwant in it the close at the server's end", call)
	}
}

func TestColoursAreAsAskedFor(t *testing.T) {
	source := "--- One\nudp.socket()\nerror('x')"
	got, _ := presented(t, ColourAlways, Presentation{Source: source})
	for _, want := range []string{"\x1b[1m 1/1 ─ One \x1b[0m", "\x1b[90m    2 │\x1b[0m udp.socket()", "\x1b[31mlesson.lua:3: x\x1b[0m", "\x1b[2m"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want in it %q", got, want)
		}
	}
	if got, _ = presented(t, ColourNever, Presentation{Source: source}); strings.Contains(got, "\x1b") {
		t.Errorf("got %q, want no colours", got)
	}
}

func TestProseIsWrappedByItsWidthOnTheScreen(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"one two three", 7, []string{"one two", "three"}},
		{"一二三四五六", 5, []string{"一二", "三四", "五六"}},
		{"ab 一二三四五六 cd", 9, []string{"ab", "一二三四", "五六 cd"}},
		{"一二", 1, []string{"一", "二"}},
	} {
		if got := wrap(test.text, test.width); strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("wrap(%q, %d): got %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

// lessonFile writes a script for the child that presents.
func lessonFile(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lesson.lua")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s=%s", scriptVariable, path)
}
