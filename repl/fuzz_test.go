package repl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// FuzzHistory reads any file as a history and adds any entry to it.
func FuzzHistory(f *testing.F) {
	f.Add("", "x = 1")
	f.Add("good\n\xff\n\n unfinished", "for i = 1, 3 do\n  print(i)\nend")
	f.Add("a\r\nb\x00c\u2424d\u2028e", "\u2424")
	f.Add(strings.Repeat("x\n", maxHistoryLines+1), strings.Repeat("y", maxEntry))
	f.Add("last", "last")
	f.Fuzz(func(t *testing.T, file, entry string) {
		path := filepath.Join(t.TempDir(), "history")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		h, err := loadHistory(path)
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(h.entries)
		if err := h.add(entry); err != nil {
			t.Fatal(err)
		}
		again, err := loadHistory(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.entries, h.entries) {
			t.Errorf("got %q from the file, want %q\nafter %q and %q", again.entries, h.entries, file, entry)
		}
		if !slices.Equal(h.entries, before) && h.entries[len(h.entries)-1] != toOneLine(entry) {
			t.Errorf("got %q at the end, want %q\nafter %q", h.entries[len(h.entries)-1], entry, file)
		}
		for _, line := range h.entries {
			if strings.ContainsFunc(line, isControl) || len(line) > maxEntry || line == "" {
				t.Errorf("got the entry %q\nafter %q and %q", line, file, entry)
			}
		}
	})
}
