//go:build unix

package repl

import (
	"os"

	"golang.org/x/sys/unix"
)

// lockFile waits until the file is this process's. Closing it, or the end of the process, gives it up.
func lockFile(f *os.File) error {
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if err != unix.EINTR {
			return os.NewSyscallError("flock", err)
		}
	}
}
