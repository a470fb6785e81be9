package scripts_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

func TestFileClientDrawsItsProgressOnATerminal(t *testing.T) {
	t.Parallel()
	folder, into := t.TempDir(), t.TempDir()
	want := randomFile(t, filepath.Join(folder, "a.bin"), 3<<20)
	_, port := fileServer(t, folder)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	client := exec.CommandContext(ctx, os.Getenv(programVariable), "run", "file_client", "a.bin", "127.0.0.1", port, into)
	terminal, err := pty.StartWithSize(client, &pty.Winsize{Rows: 24, Cols: 60})
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	defer terminal.Close()
	screen, _ := io.ReadAll(terminal) // ends with an error: nobody has the other side
	if err := client.Wait(); err != nil {
		t.Fatalf("%v\n%q", err, screen)
	}
	lines := strings.Split(string(screen), "\r")
	if first := lines[1]; !strings.HasPrefix(first, "a.bin ") || !strings.HasSuffix(first, "\x1b[K") {
		t.Errorf("got %q, want a line that is drawn over, in\n%q", first, screen)
	}
	contains(t, string(screen), "\ra.bin 3.0 MiB", "下载完成\t3145728\r\n")
	if got := checksum(t, filepath.Join(into, "a.bin")); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
}
