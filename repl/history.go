package repl

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxEntry is the longest entry that is kept, in bytes.
	maxEntry = 4000

	// maxHistoryLines is when the file is cut back to historyLimit lines.
	maxHistoryLines = 2 * historyLimit

	// newlineMark stands for the newlines within an entry: in the file, where a line is an entry, and in the edited
	// line, which the editor can only draw in one piece.
	newlineMark = "\u2424"
)

// A history is the entries of earlier sessions and of this one, oldest first, as the editor recalls them. Several
// prompts may write to one file: each appends under a lock, and keeps its own order in memory.
type history struct {
	path    string // "" keeps nothing beyond the session
	entries []string
}

// HistoryFile returns where the history of the user is kept: in his folder for state.
func HistoryFile() (string, error) {
	folder := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(folder) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		folder = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(folder, "lunawire", "history"), nil
}

// loadHistory reads the file at path. What cannot be an entry is left out; a file that cannot be read is an error,
// and the history then begins empty.
func loadHistory(path string) (*history, error) {
	h := &history{path: path}
	if path == "" {
		return h, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		h.path = ""
		return h, err
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.path = ""
		return h, err
	}
	lines := historyLines(string(data))
	h.entries = lines[max(0, len(lines)-historyLimit):]
	if strings.Count(string(data), "\n") > maxHistoryLines {
		return h, h.compact()
	}
	return h, nil
}

// historyLines returns the lines of data that can be entries.
func historyLines(data string) []string {
	var lines []string
	for line := range strings.Lines(data) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && len(line) <= maxEntry && utf8.ValidString(line) && !strings.ContainsFunc(line, isControl) {
			lines = append(lines, line)
		}
	}
	return lines
}

// add keeps an entry. One that begins with a space is nobody's business, the same twice is kept once.
func (h *history) add(entry string) error {
	line := toOneLine(entry)
	if strings.HasPrefix(line, " ") || len(historyLines(line)) != 1 {
		return nil
	}
	if len(h.entries) > 0 && h.entries[len(h.entries)-1] == line {
		return nil
	}
	h.entries = append(h.entries, line)
	if len(h.entries) > historyLimit {
		h.entries = slices.Clone(h.entries[1:])
	}
	if h.path == "" {
		return nil
	}
	return h.locked(func() error { return appendLine(h.path, line) })
}

// appendLine adds a line in one write. If the last one has no end, because a process was killed or a disk was full,
// it is ended first.
func appendLine(path, line string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	last := []byte{'\n'}
	if info.Size() > 0 {
		if _, err := f.ReadAt(last, info.Size()-1); err != nil {
			return err
		}
	}
	if last[0] != '\n' {
		line = "\n" + line
	}
	_, err = f.WriteString(line + "\n")
	return err
}

// compact cuts the file to the newest entries. It reads again under the lock: another prompt may have written.
func (h *history) compact() error {
	return h.locked(func() error {
		data, err := os.ReadFile(h.path)
		if err != nil {
			return err
		}
		lines := historyLines(string(data))
		lines = lines[max(0, len(lines)-historyLimit):]
		temporary, err := os.CreateTemp(filepath.Dir(h.path), "history-*")
		if err != nil {
			return err
		}
		defer os.Remove(temporary.Name())
		_, err = temporary.WriteString(strings.Join(lines, "\n") + "\n")
		if err = errors.Join(err, temporary.Close()); err != nil {
			return err
		}
		return os.Rename(temporary.Name(), h.path)
	})
}

// locked runs f while no other prompt is in it. The lock has a file of its own, for compact exchanges the other.
func (h *history) locked(f func() error) error {
	lock, err := os.OpenFile(h.path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := lockFile(lock); err != nil {
		return err
	}
	return f()
}

func toOneLine(entry string) string { return strings.ReplaceAll(entry, "\n", newlineMark) }

// fromOneLine is what a recalled and edited entry stands for.
func fromOneLine(line string) string { return strings.ReplaceAll(line, newlineMark, "\n") }
