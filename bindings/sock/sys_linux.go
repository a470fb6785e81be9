package sock

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The system calls of Linux, made directly: the wrappers of x/sys allocate an
// address for each datagram, hide short counts, and ask for more than they were
// told to (SO_PROTOCOL after each address), which would show in a trace. Those
// that never wait, as no descriptor here blocks, are made without telling Go's
// scheduler, which would look after each that lasts 20 us.

const (
	canSpin = true

	// sendsWithoutEvent: a connected socket is woken when it can send again.
	sendsWithoutEvent = false

	newFlags = unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK

	// Never a signal for writing to a connection that is gone.
	sendFlags = unix.MSG_NOSIGNAL

	// fullLength makes a receiving call return the true length of a datagram. On a
	// stream the same flag would discard data.
	fullLength = unix.MSG_TRUNC

	ioctlPending = unix.TIOCINQ

	// impatient are the flags under which a call does not wait.
	impatient = Flags(unix.MSG_DONTWAIT | unix.MSG_ERRQUEUE)

	// controlFlags keeps descriptors that arrive from being inherited.
	controlFlags = unix.MSG_CMSG_CLOEXEC
)

func yieldThread() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

func sysSocket(family Family, kind Kind, proto int) (int, syscall.Errno) {
	fd, _, errno := unix.RawSyscall(unix.SYS_SOCKET, uintptr(family.Number()), uintptr(kind.Number()|newFlags), uintptr(proto))
	return int(fd), errno
}

func sysPair(family Family, kind Kind) (fds [2]int, errno syscall.Errno) {
	var pair [2]int32
	_, _, errno = unix.Syscall6(unix.SYS_SOCKETPAIR, uintptr(family.Number()), uintptr(kind.Number()|newFlags), 0,
		uintptr(unsafe.Pointer(&pair)), 0, 0)
	return [2]int{int(pair[0]), int(pair[1])}, errno
}

func sysBind(fd int, a *sockaddr) syscall.Errno {
	_, _, errno := unix.Syscall(unix.SYS_BIND, uintptr(fd), uintptr(unsafe.Pointer(&a.raw)), uintptr(a.size))
	return errno
}

func sysConnect(fd int, a *sockaddr) syscall.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&a.raw)), uintptr(a.size))
	return errno
}

// sysConnected asks how a connect that was begun stands: here by connecting again.
func sysConnected(fd int, a *sockaddr) syscall.Errno {
	errno := sysConnect(fd, a)
	if errno == unix.EISCONN {
		return 0
	}
	return errno
}

func sysAccept(fd int, from *sockaddr) (int, syscall.Errno) {
	from.size = uint32(len(from.raw))
	nfd, _, errno := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(fd), uintptr(unsafe.Pointer(&from.raw)),
		uintptr(unsafe.Pointer(&from.size)), newFlags, 0, 0)
	return int(nfd), errno
}

// sysCloseAtOnce closes a socket that does not linger.
func sysCloseAtOnce(fd int) syscall.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
	return errno
}

// brief is up to how many bytes a call that moves data is over before another
// thread could have taken its place. The choice must not be a variable function:
// only a direct call keeps its pointers alive.
const brief = 64 << 10

// sysRecv receives into p; from may be nil. The count may exceed len(p) under
// fullLength.
func sysRecv(fd int, p []byte, flags Flags, from *sockaddr) (int, syscall.Errno) {
	var name, size unsafe.Pointer
	if from != nil {
		from.size = uint32(len(from.raw))
		name, size = unsafe.Pointer(&from.raw), unsafe.Pointer(&from.size)
	}
	var n uintptr
	var errno syscall.Errno
	if len(p) <= brief {
		n, _, errno = unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
			uintptr(flags), uintptr(name), uintptr(size))
	} else {
		n, _, errno = unix.Syscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
			uintptr(flags), uintptr(name), uintptr(size))
	}
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

// sysRecvDatagram receives a datagram and returns its true length as well.
func sysRecvDatagram(fd int, p []byte, flags Flags, from *sockaddr) (n, full int, errno syscall.Errno) {
	full, errno = sysRecv(fd, p, flags|fullLength, from)
	return min(full, len(p)), full, errno
}

func sysSend(fd int, p []byte, flags Flags, to *sockaddr) (int, syscall.Errno) {
	var name unsafe.Pointer
	var size uintptr
	if to != nil {
		name, size = unsafe.Pointer(&to.raw), uintptr(to.size)
	}
	var n uintptr
	var errno syscall.Errno
	if len(p) <= brief {
		n, _, errno = unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
			uintptr(flags|sendFlags), uintptr(name), size)
	} else {
		n, _, errno = unix.Syscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
			uintptr(flags|sendFlags), uintptr(name), size)
	}
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

func sysRecvMsg(fd int, m *message) syscall.Errno {
	m.addr.size = uint32(len(m.addr.raw))
	iov := unix.Iovec{Base: unsafe.SliceData(m.p)}
	iov.SetLen(len(m.p))
	msg := unix.Msghdr{Name: &m.addr.raw[0], Namelen: m.addr.size, Iov: &iov, Control: unsafe.SliceData(m.control)}
	msg.SetIovlen(1)
	msg.SetControllen(len(m.control))
	n, _, errno := unix.Syscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&msg)), uintptr(m.flags|controlFlags))
	if errno != 0 {
		return errno
	}
	m.n, m.controlLen = int(n), int(msg.Controllen)
	m.flags, m.addr.size = Flags(msg.Flags)&^controlFlags, msg.Namelen
	return 0
}

func sysSendMsg(fd int, m *message) syscall.Errno {
	iov := unix.Iovec{Base: unsafe.SliceData(m.p)}
	iov.SetLen(len(m.p))
	msg := unix.Msghdr{Iov: &iov, Control: unsafe.SliceData(m.control)}
	if m.addr.size > 0 {
		msg.Name, msg.Namelen = &m.addr.raw[0], m.addr.size
	}
	msg.SetIovlen(1)
	msg.SetControllen(len(m.control))
	n, _, errno := unix.Syscall(unix.SYS_SENDMSG, uintptr(fd), uintptr(unsafe.Pointer(&msg)), uintptr(m.flags|sendFlags))
	if errno != 0 {
		return errno
	}
	m.n = int(n)
	return 0
}

func sysSockname(fd int, a *sockaddr) syscall.Errno { return sysName(unix.SYS_GETSOCKNAME, fd, a) }

func sysPeername(fd int, a *sockaddr) syscall.Errno { return sysName(unix.SYS_GETPEERNAME, fd, a) }

func sysName(trap uintptr, fd int, a *sockaddr) syscall.Errno {
	a.size = uint32(len(a.raw))
	_, _, errno := unix.RawSyscall(trap, uintptr(fd), uintptr(unsafe.Pointer(&a.raw)), uintptr(unsafe.Pointer(&a.size)))
	return errno
}

func sysSendfile(out, in int, offset *int64, count int) (int, syscall.Errno) {
	n, err := unix.Sendfile(out, in, offset, count)
	if err != nil {
		return 0, errnoOf(err)
	}
	return n, 0
}
