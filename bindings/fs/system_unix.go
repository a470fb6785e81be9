//go:build unix

package fs

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// openWithoutWaiting lets the opening of a pipe return at once.
const openWithoutWaiting = syscall.O_NONBLOCK

func errnoName(errno syscall.Errno) string { return unix.ErrnoName(errno) }
