package repl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// script makes a script of the entries. Top-level locals stay what they are, unless there are more of them than a
// function may have.
func (s *session) script(name string) (string, error) {
	title := "-- " + strings.TrimSuffix(name, ".lua") + ": saved from the prompt\n\n"
	plain := func(source string) string { return source }
	for _, locals := range []func(string) string{plain, keepLocals} {
		source := title
		for i := range s.done {
			source += locals(s.statement(i)) + "\n"
		}
		if s.lua.Compiles(source) {
			return source, nil
		}
	}
	return "", errors.New("the entries together are no script that Lua accepts")
}

// statement returns an entry as a script may have it: what the prompt has shown, the script prints, or keeps in _ where
// the next entry asks for it.
func (s *session) statement(i int) string {
	entry := strings.TrimPrefix(strings.TrimLeft(s.done[i].entry, " \t"), "=")
	if !s.done[i].shown || !s.lua.Compiles("return "+entry) {
		return entry
	}
	if i+1 < len(s.done) && mentions(s.done[i+1].entry, "_") {
		return "_ = " + entry
	}
	if strings.Contains(entry, "--") { // a comment must not take the bracket with it
		entry += "\n"
	}
	return "print(" + entry + ")"
}
