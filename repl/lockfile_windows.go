package repl

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockFile waits until the file is this process's. Closing it, or the end of the process, gives it up.
func lockFile(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &windows.Overlapped{})
	return os.NewSyscallError("LockFileEx", err)
}
