package sock

import "syscall"

// A Status is how a socket stands at one moment.
type Status struct {
	Local, Peer Addr // invalid where there is none
	Readiness
}

// Readiness is what select(2) says of a socket: which calls would not wait, and
// whether there is something out of the ordinary, such as urgent data.
type Readiness struct{ Readable, Writable, Exceptional bool }

// Status looks at the socket. It is no call of the program that uses the socket, so
// no observer hears of it. The zero Status is that of a closed socket.
func (s *Socket) Status() Status {
	var status Status
	_ = s.control("status", Addr{}, func(fd int) syscall.Errno {
		var local, peer sockaddr
		if sysSockname(fd, &local) == 0 {
			status.Local = local.addr()
		}
		if sysPeername(fd, &peer) == 0 {
			status.Peer = peer.addr()
		}
		status.Readiness = sysReadiness(fd)
		return 0
	}) // closed meanwhile: nothing to tell
	return status
}
