package repl

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// completionLimit is how long a person waits for Tab, whatever the background does.
	completionLimit = 100 * time.Millisecond

	// maxCandidates is how many candidates are listed.
	maxCandidates = 100

	indentation = "    "
)

// candidates are what the end of a text, from byte start on, may become.
type candidates struct {
	start int
	list  []string
}

// completer is what the editor calls on Tab. Where there is one way to go on, it goes; where there are several, it
// lists them above the line. At the beginning of a line, Tab indents.
func (s *session) completer(ctx context.Context) func(string, int) (string, []string, string) {
	return func(line string, pos int) (head string, choice []string, tail string) {
		runes := []rune(line)
		before, tail := string(runes[:pos]), string(runes[pos:])
		if strings.TrimSpace(before) == "" {
			return before, []string{indentation}, tail
		}
		c := s.candidates(ctx, before)
		head, word := before[:c.start], before[c.start:]
		if len(c.list) == 0 {
			return before, nil, tail
		}
		common := commonPrefix(c.list)
		if len(c.list) == 1 || len(common) > len(word) && strings.HasPrefix(common, word) {
			return head, []string{common}, tail
		}
		if s.listed != before {
			s.print(columns(c.list, s.terminal.Width()))
		}
		s.listed = before
		return before, nil, tail
	}
}

func (s *session) candidates(ctx context.Context, text string) candidates {
	ctx, cancel := context.WithTimeout(ctx, completionLimit)
	defer cancel()
	var c candidates
	if s.pending == "" && strings.HasPrefix(text, ".") {
		c = s.commandCandidates(text)
	} else {
		c.start, c.list = s.lua.Complete(ctx, text)
	}
	c.start = max(0, min(c.start, len(text)))
	slices.Sort(c.list)
	c.list = slices.Compact(c.list)
	return c
}

// commandCandidates completes the name of a command, or its argument.
func (s *session) commandCandidates(text string) candidates {
	name, _, hasArgs := strings.Cut(text, " ")
	if !hasArgs {
		var names []string
		for _, c := range s.commands {
			if strings.HasPrefix("."+c.name, text) {
				names = append(names, "."+c.name)
			}
		}
		return candidates{list: names}
	}
	c := candidates{start: strings.LastIndex(text, " ") + 1}
	command, err := s.findCommand(strings.TrimPrefix(name, "."))
	if err != nil || command.complete == nil {
		return c
	}
	word := text[c.start:]
	for _, candidate := range command.complete(s, word) {
		if strings.HasPrefix(candidate, word) {
			c.list = append(c.list, candidate)
		}
	}
	return c
}

func scriptNames(s *session, _ string) []string {
	var names []string
	for _, script := range s.lua.Scripts() {
		names = append(names, script.Name)
	}
	return names
}

func scriptNamesAndFiles(s *session, word string) []string {
	return append(scriptNames(s, word), fileNames(s, word)...)
}

// fileNames lists the files that word may become, folders with a slash at their end.
func fileNames(_ *session, word string) []string {
	folder, _ := filepath.Split(word)
	entries, err := os.ReadDir(filepath.Join(".", folder))
	if filepath.IsAbs(folder) {
		entries, err = os.ReadDir(folder)
	}
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		name := folder + e.Name()
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		names = append(names, name)
	}
	return names
}

// commonPrefix returns what all candidates begin with, in whole characters.
func commonPrefix(list []string) string {
	prefix := []rune(list[0])
	for _, s := range list[1:] {
		n := 0
		for _, r := range s {
			if n == len(prefix) || prefix[n] != r {
				break
			}
			n++
		}
		prefix = prefix[:n]
	}
	return string(prefix)
}

// columns lays out a list for a screen of that width, top to bottom.
func columns(list []string, width int) string {
	more := len(list) - maxCandidates
	list = list[:min(len(list), maxCandidates)]
	widest := 0
	for _, s := range list {
		widest = max(widest, textWidth(s)+2)
	}
	across := max(1, width/widest)
	rows := (len(list) + across - 1) / across
	var b strings.Builder
	for row := range rows {
		line := ""
		for i := row; i < len(list); i += rows {
			line += padRight(list[i], widest)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if more > 0 {
		b.WriteString("… and more\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
