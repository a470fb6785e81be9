package repl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// save writes the entries that succeeded as a script. It writes over no file but one that it has written before.
func (s *session) save(_ context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: .save FILE")
	}
	if len(s.done) == 0 {
		return errors.New("nothing to save yet: no entry has succeeded")
	}
	path := args[0]
	if filepath.Ext(path) == "" {
		path += ".lua"
	}
	source, err := s.script(filepath.Base(path))
	if err != nil {
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if s.written[path] {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: choose another name", path)
	}
	if err != nil {
		return err
	}
	s.written[path] = true
	_, err = f.WriteString(source)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	s.remark(fmt.Sprintf("saved %d entries; .run %s runs them", len(s.done), path))
	return nil
}

// script makes a script of the entries. Local variables of the top level need nothing: they live as long as a script
// does, as they did at the prompt.
func (s *session) script(name string) (string, error) {
	var b strings.Builder
	b.WriteString("-- " + strings.TrimSuffix(name, ".lua") + ": saved from the prompt\n\n")
	for i := range s.done {
		b.WriteString(s.statement(i) + "\n")
	}
	if !s.lua.Compiles(b.String()) {
		return "", errors.New("the entries are no script together: Lua allows 200 local variables in one, and one meaning for each goto")
	}
	return b.String(), nil
}

var lastResult = regexp.MustCompile(`\b_\b`)

// statement returns an entry as a script may have it: what the prompt has shown, the script prints, and keeps in _
// where the next entry asks for it.
func (s *session) statement(i int) string {
	entry := withoutEquals(s.done[i].entry)
	if !s.done[i].shown || !s.lua.Compiles("return "+entry) {
		return entry
	}
	if i+1 < len(s.done) && lastResult.MatchString(s.done[i+1].entry) {
		return "_ = " + entry + "\nprint(_)"
	}
	if strings.Contains(entry, "--") { // a comment must not take the bracket with it
		entry += "\n"
	}
	return "print(" + entry + ")"
}
