package repl

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestHistoryComesBackAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "lunawire", "history")
	h, err := loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range []string{"x = 1", "for i = 1, 3 do\n  print(i)\nend", " secret", "x = 1", "x = 1", "你好", strings.Repeat("y", 5000), "a\x1bb"} {
		if err := h.add(entry); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"x = 1", "for i = 1, 3 do\u2424  print(i)\u2424end", "x = 1", "你好"}
	again, err := loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.entries, want) || !slices.Equal(h.entries, want) {
		t.Errorf("got %q, then %q; want %q", h.entries, again.entries, want)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Separator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %o, want 600", info.Mode().Perm())
	}
}

func TestSeveralPromptsLoseNoEntry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	const prompts, entries = 8, 50
	var all sync.WaitGroup
	for p := range prompts {
		all.Go(func() {
			h, err := loadHistory(path)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range entries {
				if err := h.add(fmt.Sprintf("entry %d of %d", i, p)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	h, err := loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(h.entries); got != prompts*entries {
		t.Errorf("got %d entries, want %d", got, prompts*entries)
	}
}

func TestADamagedHistoryIsSurvived(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	damaged := "good 1\n\xff\xfe\n" + strings.Repeat("z", 100000) + "\n\x00\x00\n\ngood 2\nunfinished"
	if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.add("good 3"); err != nil {
		t.Fatal(err)
	}
	h, err = loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"good 1", "good 2", "unfinished", "good 3"}; !slices.Equal(h.entries, want) {
		t.Errorf("got %q, want %q", h.entries, want)
	}
}

func TestALongHistoryIsCutToItsNewest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var b strings.Builder
	for i := range maxHistoryLines + 10 {
		fmt.Fprintf(&b, "entry %d\n", i)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := loadHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	want := fmt.Sprintf("entry %d", maxHistoryLines+9)
	if len(lines) != historyLimit || lines[len(lines)-1] != want || len(h.entries) != historyLimit {
		t.Errorf("got %d lines, the last %q, %d entries; want %d lines, the last %q", len(lines), lines[len(lines)-1], len(h.entries), historyLimit, want)
	}
}

func TestAHistoryThatCannotBeKeptIsNoObstacle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := loadHistory(path)
	if err == nil {
		t.Error("a folder was read as a history")
	}
	if err := h.add("x"); err != nil || !slices.Equal(h.entries, []string{"x"}) {
		t.Errorf("got %q and %v, want the entry in memory", h.entries, err)
	}
}
