//go:build linux || darwin

package sock

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// errnoName returns the name as socket(7) and its relatives spell it. Where one
// number has two names, x/sys prefers the one that no socket call documents.
func errnoName(errno syscall.Errno) string {
	switch errno {
	case unix.EOPNOTSUPP:
		return "EOPNOTSUPP"
	case unix.EAGAIN:
		return "EAGAIN"
	case unix.EDEADLK:
		return "EDEADLK"
	}
	if name := unix.ErrnoName(errno); name != "" {
		return name
	}
	return "E" + strconv.Itoa(int(errno))
}

func errnoMessage(errno syscall.Errno) string { return errno.Error() }
