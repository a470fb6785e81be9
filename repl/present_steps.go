package repl

import (
	"slices"
	"strings"
)

const (
	stepMark    = "--- "
	expectation = "--> " // begins what a script says it prints: its reader sees that when it is printed
)

// A lesson is a script in steps, as it is presented.
type lesson struct {
	title string
	intro []string // what the script says of itself before its first step, a line each
	steps []step
}

// A step is the part of a script between two marks.
type step struct {
	title     string
	narration []string   // the comment lines below the mark
	code      []codeLine // what is shown of the rest
	source    string     // what runs: the part on the lines that it has in the script
}

// A codeLine is a line of the script with its number.
type codeLine struct {
	number int
	text   string
}

// runs reports whether the line is more than a comment.
func (l codeLine) runs() bool { return l.text != "" && !strings.HasPrefix(l.text, "--") }

// newLesson takes a script apart. whole reports whether a text is a whole chunk: a mark counts only where the text
// before it is one, so never in a string, a table or a function. Code before the first mark belongs to the first step;
// a script without marks is one step.
func newLesson(name, source string, whole func(string) bool) lesson {
	lines := strings.Split(strings.TrimPrefix(source, "\ufeff"), "\n")
	if strings.HasPrefix(lines[0], "#") {
		lines[0] = ""
	}
	marks := findMarks(lines, whole)
	ends := append(marks, len(lines))
	l := lesson{title: name}
	preamble := l.readIntro(lines[:ends[0]])
	for i, at := range marks {
		l.steps = append(l.steps, newStep(lines[:ends[i+1]], at))
	}
	if len(preamble) == 0 {
		return l
	}
	if len(l.steps) == 0 {
		l.steps = []step{{title: l.title}}
	}
	first := &l.steps[0]
	first.code = append(preamble, first.code...)
	first.source = sourceOf(lines[:ends[min(1, len(marks))]], 0)
	return l
}

// findMarks returns the indexes of the lines that are marks.
func findMarks(lines []string, whole func(string) bool) []int {
	var marks []int
	begin := 0
	for i, line := range lines {
		if !strings.HasPrefix(line, stepMark) || strings.TrimSpace(line[len(stepMark):]) == "" {
			continue
		}
		if whole(strings.Join(lines[:i], "\n")) && whole(strings.Join(lines[begin:i], "\n")) {
			marks = append(marks, i)
			begin = i
		}
	}
	return marks
}

// readIntro reads what stands before the first mark: the title in the first comment line, and what the script says of
// itself below it. It returns the code.
func (l *lesson) readIntro(lines []string) []codeLine {
	at := 0
	for at < len(lines) && strings.TrimSpace(lines[at]) == "" {
		at++
	}
	comments, code := narrationOf(lines, at)
	if len(comments) > 0 {
		l.title, l.intro = comments[0], comments[1:]
	}
	l.intro = slices.DeleteFunc(l.intro, func(line string) bool { return strings.HasPrefix(line, "usage:") })
	if shown := shownCode(lines, code); slices.ContainsFunc(shown, codeLine.runs) {
		return shown
	}
	return nil
}

// newStep makes the step whose mark is the line at that index and whose last line is the last one.
func newStep(lines []string, mark int) step {
	narration, code := narrationOf(lines, mark+1)
	return step{
		title:     strings.TrimSpace(strings.TrimPrefix(lines[mark], stepMark)),
		narration: narration,
		code:      shownCode(lines, code),
		source:    sourceOf(lines, mark),
	}
}

// narrationOf returns the comment lines from an index on, without their dashes, and the index of the line after them.
func narrationOf(lines []string, at int) (narration []string, next int) {
	for ; at < len(lines); at++ {
		text, isComment := strings.CutPrefix(lines[at], "--")
		if !isComment || strings.HasPrefix(text, "[") || strings.HasPrefix(lines[at], expectation) {
			break
		}
		narration = append(narration, strings.TrimRight(strings.TrimPrefix(text, " "), " \r"))
	}
	return narration, at
}

// shownCode returns the lines from an index on as they are shown: without what they are expected to print and
// without empty lines around them.
func shownCode(lines []string, from int) []codeLine {
	var code []codeLine
	for i, line := range lines[from:] {
		line = strings.TrimRight(line, " \t\r")
		text, _, expects := strings.Cut(line, expectation)
		text = strings.TrimRight(text, " \t")
		if text == "" && (expects || len(code) == 0) {
			continue
		}
		code = append(code, codeLine{from + i + 1, strings.ReplaceAll(text, "\t", "    ")})
	}
	for len(code) > 0 && code[len(code)-1].text == "" {
		code = code[:len(code)-1]
	}
	return code
}

// sourceOf returns the lines from an index on, with empty ones for those before, so that messages name the lines of
// the script. It begins with a statement that does nothing, which keeps a step from being read as an expression.
func sourceOf(lines []string, from int) string {
	return "do end " + strings.Repeat("\n", from) + strings.Join(lines[from:], "\n")
}
