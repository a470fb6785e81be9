//go:build !unix

package fs

import (
	"errors"
	"io/fs"
	"strconv"
	"syscall"
)

// openWithoutWaiting is not needed where a folder holds no pipes.
const openWithoutWaiting = 0

func errnoName(errno syscall.Errno) string {
	if errors.Is(errno, fs.ErrPermission) {
		return "EACCES"
	}
	return "E" + strconv.Itoa(int(errno))
}
