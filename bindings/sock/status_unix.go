//go:build linux || darwin

package sock

import "golang.org/x/sys/unix"

// sysReadiness asks poll(2) what select(2) would say.
func sysReadiness(fd int) Readiness {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN | unix.POLLOUT | unix.POLLPRI}}
	if _, err := unix.Poll(fds, 0); err != nil {
		return Readiness{}
	}
	got := fds[0].Revents
	return Readiness{
		Readable:    got&(unix.POLLIN|unix.POLLHUP|unix.POLLERR) != 0,
		Writable:    got&(unix.POLLOUT|unix.POLLERR) != 0,
		Exceptional: got&unix.POLLPRI != 0,
	}
}
