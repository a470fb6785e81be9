package fs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lunawire/bindings"
)

func open(t *testing.T, data string) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return newFile(file, "f", "r")
}

// afterFirst is a context that ends when it has been asked once.
type afterFirst struct {
	context.Context
	asked bool
}

func (c *afterFirst) Err() error {
	if c.asked {
		return context.Canceled
	}
	c.asked = true
	return nil
}

func TestAnInterruptedReadLosesNoByte(t *testing.T) {
	data := strings.Repeat("x", piece) + strings.Repeat("y", piece)
	for name, read := range map[string]func(*File, context.Context) error{
		"read":     func(f *File, ctx context.Context) error { _, err := f.readAll(ctx); return err },
		"readline": func(f *File, ctx context.Context) error { _, err := f.readLine(ctx); return err },
		"lines":    func(f *File, ctx context.Context) error { _, err := f.lines(ctx); return err },
	} {
		f := open(t, data)
		if err := read(f, &afterFirst{Context: t.Context()}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want the end of the context", name, err)
		}
		if got, err := f.readAll(t.Context()); got != data || err != nil {
			t.Errorf("%s, then the rest: got %d bytes, %v, want %d", name, len(got), err, len(data))
		}
	}
}

func TestAFileTooLargeToHoldIsRefusedAndStaysReadable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	if err := os.WriteFile(path, []byte("head"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, largest+10); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	f := newFile(file, "sparse", "r")
	for _, n := range []bindings.Opt[int]{{}, bindings.Some(1 << 40)} {
		_, err = f.read(t.Context(), n)
		var e *bindings.Error
		if !errors.As(err, &e) || e.Code != "EFBIG" {
			t.Errorf("read(%v): got %v, want EFBIG", n, err)
		}
	}
	if got, err := f.read(t.Context(), bindings.Some(4)); got.Value != "head" || err != nil {
		t.Errorf("read(4) after it: got %q, %v, want head", got.Value, err)
	}
}

func TestAClosedFileHasNoFileToSend(t *testing.T) {
	f := open(t, "data")
	f.drop = func() {}
	if f.File() == nil {
		t.Error("an open file has none")
	}
	if err := f.Close(); err != nil || f.File() != nil {
		t.Errorf("after Close: %v, %v", f.File(), err)
	}
}
