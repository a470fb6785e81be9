//go:build unix

package fs_test

import (
	"syscall"
	"testing"
)

func TestAPipeIsRefusedWithoutWaitingForIt(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := syscall.Mkfifo("pipe", 0o666); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	expect(t, `
local d = fs.dir(".")
d:mkdir("folder")
for _, mode in ipairs{"r", "w", "a", "r+"} do print(select(2, pcall(d.open, d, "pipe", mode))) end
print(select(2, pcall(d.read, d, "pipe")))
print(select(2, pcall(d.write, d, "pipe", "x")))
print(select(2, pcall(d.open, d, "folder")))
print(d:stat("pipe").kind)
`, `open pipe: it is a pipe (NotAFile)
open pipe: it is a pipe (NotAFile)
open pipe: it is a pipe (NotAFile)
open pipe: it is a pipe (NotAFile)
read pipe: it is a pipe (NotAFile)
write pipe: it is a pipe (NotAFile)
open folder: it is a folder (EISDIR)
other
`)
}
