package repl

import (
	"context"
	"regexp"
	"strings"
)

var (
	questionMark = regexp.MustCompile(`^\s*([A-Za-z_][\w.:]*(?:\(\))?)\s*\?+\s*$`)
	helpWord     = regexp.MustCompile(`^\s*help(?:\s+([A-Za-z_][\w.:]*))?\s*$`)
	plainName    = regexp.MustCompile(`^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$`)
)

// question takes an entry that asks for help: x? and help and help x.
func question(entry string) (topic string, ok bool) {
	if m := questionMark.FindStringSubmatch(entry); m != nil {
		return strings.TrimSuffix(m[1], "()"), true
	}
	if m := helpWord.FindStringSubmatch(entry); m != nil {
		return m[1], true
	}
	return "", false
}

// explain prints the help for a topic: what the program knows by that name, or the value of a variable, or for a
// method of a variable, the methods of that name.
func (s *session) explain(ctx context.Context, topic string) {
	text, err := s.lua.Help(topic)
	if err != nil && plainName.MatchString(topic) {
		values, failure := s.lua.Eval(ctx, "return "+topic)
		if failure == nil && len(values) == 1 && values[0].Text != "nil" {
			if _, failure = s.lua.Eval(ctx, "help("+topic+")"); failure != nil {
				s.fail(topic, failure)
			}
			return
		}
	}
	if _, method, found := strings.Cut(topic, ":"); err != nil && found {
		if about, errMethod := s.lua.Help(method); errMethod == nil {
			text, err = about, nil
		}
	}
	if err != nil {
		s.print(s.terminal.paint(styleError, err.Error()))
		return
	}
	s.print(wordWrap(strings.TrimRight(text, "\n"), s.terminal.Width()))
	if topic == "" {
		s.remark("At the prompt, .help tells about the prompt itself.")
	}
}
