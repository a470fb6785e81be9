package sock

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// The system calls of macOS, through the wrappers of x/sys: a program there has to
// call the system's library, not the kernel.

const (
	// canSpin: there are no figures that would speak for it here.
	canSpin = false

	// sendsWithoutEvent: a full datagram queue of family Unix is never announced.
	sendsWithoutEvent = true

	// sendFlags is empty: sockets have SO_NOSIGPIPE instead.
	sendFlags = 0

	// ioctlPending is FIONREAD.
	ioctlPending = 0x4004667f

	// impatient are the flags under which a call does not wait.
	impatient = Flags(unix.MSG_DONTWAIT)
)

func yieldThread() {}

// newDescriptor makes descriptors that no child inherits and that never block.
func newDescriptor(create func() error, fds ...*int) syscall.Errno {
	syscall.ForkLock.RLock()
	err := create()
	if err == nil {
		for _, fd := range fds {
			unix.CloseOnExec(*fd)
		}
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return errnoOf(err)
	}
	for _, fd := range fds {
		if err = unix.SetNonblock(*fd, true); err == nil {
			err = unix.SetsockoptInt(*fd, unix.SOL_SOCKET, unix.SO_NOSIGPIPE, 1)
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		return 0
	}
	for _, fd := range fds {
		unix.Close(*fd)
	}
	return errnoOf(err)
}

func sysSocket(family Family, kind Kind, proto int) (fd int, errno syscall.Errno) {
	errno = newDescriptor(func() (err error) {
		fd, err = unix.Socket(family.Number(), kind.Number(), proto)
		return err
	}, &fd)
	return fd, errno
}

func sysPair(family Family, kind Kind) (fds [2]int, errno syscall.Errno) {
	errno = newDescriptor(func() (err error) {
		fds, err = unix.Socketpair(family.Number(), kind.Number(), 0)
		return err
	}, &fds[0], &fds[1])
	return fds, errno
}

func sysBind(fd int, a *sockaddr) syscall.Errno { return errnoOf(unix.Bind(fd, a.sa)) }

func sysConnect(fd int, a *sockaddr) syscall.Errno {
	return errnoOf(unix.Connect(fd, a.sa))
}

// sysConnected asks how a connect that was begun stands: to connect again would
// only say that one is under way.
func sysConnected(fd int, _ *sockaddr) syscall.Errno {
	pending, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return errnoOf(err)
	}
	if pending != 0 {
		return syscall.Errno(pending)
	}
	if _, err := unix.Getpeername(fd); err != nil {
		return syscall.EALREADY
	}
	return 0
}

func sysAccept(fd int, from *sockaddr) (nfd int, errno syscall.Errno) {
	errno = newDescriptor(func() (err error) {
		nfd, from.sa, err = unix.Accept(fd)
		return err
	}, &nfd)
	return nfd, errno
}

func sysRecv(fd int, p []byte, flags Flags, from *sockaddr) (int, syscall.Errno) {
	n, sa, err := unix.Recvfrom(fd, p, int(flags))
	if err != nil {
		return 0, errnoOf(err)
	}
	if from != nil {
		from.sa = sa
	}
	return n, 0
}

// sysRecvDatagram receives a datagram. This system tells that one was cut, but not
// by how much: then full is one more than n.
func sysRecvDatagram(fd int, p []byte, flags Flags, from *sockaddr) (n, full int, errno syscall.Errno) {
	n, _, got, sa, err := unix.Recvmsg(fd, p, nil, int(flags))
	if err != nil {
		return 0, 0, errnoOf(err)
	}
	if from != nil {
		from.sa = sa
	}
	if got&unix.MSG_TRUNC != 0 {
		return n, n + 1, 0
	}
	return n, n, 0
}

func sysSend(fd int, p []byte, flags Flags, to *sockaddr) (int, syscall.Errno) {
	var sa unix.Sockaddr
	if to != nil {
		sa = to.sa
	}
	n, err := unix.SendmsgN(fd, p, nil, sa, int(flags))
	if err != nil {
		return 0, errnoOf(err)
	}
	return n, 0
}

func sysRecvMsg(fd int, m *message) syscall.Errno {
	n, controlLen, got, sa, err := unix.Recvmsg(fd, m.p, m.control, int(m.flags))
	if err != nil {
		return errnoOf(err)
	}
	m.n, m.controlLen, m.flags, m.addr.sa = n, controlLen, Flags(got), sa
	return 0
}

func sysSendMsg(fd int, m *message) syscall.Errno {
	n, err := unix.SendmsgN(fd, m.p, m.control, m.addr.sa, int(m.flags))
	if err != nil {
		return errnoOf(err)
	}
	m.n = n
	return 0
}

func sysSockname(fd int, a *sockaddr) syscall.Errno {
	sa, err := unix.Getsockname(fd)
	a.sa = sa
	return errnoOf(err)
}

func sysPeername(fd int, a *sockaddr) syscall.Errno {
	sa, err := unix.Getpeername(fd)
	a.sa = sa
	return errnoOf(err)
}

// sysSendfile counts what went out even if the system then said "not now".
func sysSendfile(out, in int, offset *int64, count int) (int, syscall.Errno) {
	n, err := unix.Sendfile(out, in, offset, count)
	if n > 0 {
		*offset += int64(n)
		return n, 0
	}
	return 0, errnoOf(err)
}

func sysCloseAtOnce(fd int) syscall.Errno { return sysClose(fd) }
