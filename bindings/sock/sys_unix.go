//go:build linux || darwin

package sock

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What Linux and macOS do alike.

var familyNumbers = [...]int{Unspec: unix.AF_UNSPEC, Inet: unix.AF_INET, Inet6: unix.AF_INET6, Unix: unix.AF_UNIX}

// Number returns the number of the family on this system.
func (f Family) Number() int {
	if f < 0 || int(f) >= len(familyNumbers) {
		return int(f)
	}
	return familyNumbers[f]
}

// Number returns the number of the kind on this system.
func (k Kind) Number() int {
	switch k {
	case Stream:
		return unix.SOCK_STREAM
	case Dgram:
		return unix.SOCK_DGRAM
	}
	return int(k)
}

// errnoOf returns the error number in an error of x/sys.
func errnoOf(err error) syscall.Errno {
	if err == nil {
		return 0
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EINVAL
}

func sysListen(fd, backlog int) syscall.Errno { return errnoOf(unix.Listen(fd, backlog)) }

func sysShutdown(fd int, how How) syscall.Errno {
	return errnoOf(unix.Shutdown(fd, int(how)))
}

func sysClose(fd int) syscall.Errno { return errnoOf(unix.Close(fd)) }

// sysPending returns how many bytes the next receiving call of a datagram gets.
func sysPending(fd int) int {
	n, err := unix.IoctlGetInt(fd, ioctlPending)
	if err != nil {
		return 0
	}
	return n
}

func sysSetOption(fd, level, number int, value []byte) syscall.Errno {
	_, _, errno := unix.Syscall6(unix.SYS_SETSOCKOPT, uintptr(fd), uintptr(level), uintptr(number),
		uintptr(unsafe.Pointer(unsafe.SliceData(value))), uintptr(len(value)), 0)
	return errno
}

// sysGetOption fills value and returns how much of it the system used.
func sysGetOption(fd, level, number int, value []byte) (int, syscall.Errno) {
	size := uint32(len(value))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), uintptr(level), uintptr(number),
		uintptr(unsafe.Pointer(unsafe.SliceData(value))), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return 0, errno
	}
	return int(size), 0
}

// sysPoll marks the items that are ready, as select(2) defines it, waiting at most
// that many milliseconds for one.
func sysPoll(items []pollItem, timeout int) syscall.Errno {
	fds := make([]unix.PollFd, len(items))
	for i, it := range items {
		fds[i] = unix.PollFd{Fd: int32(it.fd), Events: unix.POLLIN}
		if it.write {
			fds[i].Events = unix.POLLOUT
		}
	}
	if _, err := unix.Poll(fds, timeout); err != nil {
		return errnoOf(err)
	}
	const readable, writable = unix.POLLIN | unix.POLLHUP | unix.POLLERR, unix.POLLOUT | unix.POLLERR
	for i := range items {
		got := fds[i].Revents
		if got&unix.POLLNVAL != 0 {
			return syscall.EBADF
		}
		items[i].ready = items[i].write && got&writable != 0 || !items[i].write && got&readable != 0
	}
	return 0
}
