//go:build !linux && !darwin

package sock

import (
	"strconv"
	"syscall"
)

// errNotHere is what every socket call answers where this package has no layer
// for the system.
const errNotHere = syscall.ENOSYS

// errnoName knows the errors that the portable part of the package makes itself.
func errnoName(errno syscall.Errno) string {
	switch errno {
	case errNotHere:
		return "ENOSYS"
	case syscall.EBADF:
		return "EBADF"
	case syscall.EINVAL:
		return "EINVAL"
	case syscall.EAFNOSUPPORT:
		return "EAFNOSUPPORT"
	case syscall.ENOPROTOOPT:
		return "ENOPROTOOPT"
	}
	return "E" + strconv.Itoa(int(errno))
}

func errnoMessage(errno syscall.Errno) string {
	if errno == errNotHere {
		return "socket calls are not on this system yet"
	}
	return errno.Error()
}
