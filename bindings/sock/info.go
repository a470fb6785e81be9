package sock

import (
	"syscall"
	"time"
)

// Info is what the system knows about a TCP connection. What a system does not
// tell is zero.
type Info struct {
	State State

	RTT    time.Duration // smoothed round-trip time
	RTTVar time.Duration // its variation
	MinRTT time.Duration
	RTO    time.Duration // how long to wait before a segment is sent again

	SendMSS, RecvMSS int // longest segments, in bytes
	PathMTU          int

	CongestionWindow int // in segments; in bytes on macOS
	SlowStartLimit   int // in the same unit; very large as long as nothing was lost
	SendWindow       int // what the peer has room for, in bytes
	RecvWindow       int // what this side has room for, in bytes

	Unacked       int // segments sent and not acknowledged; of a listener: connections to accept
	Backlog       int // of a listener: how many may wait
	Lost          int // segments taken for lost
	Retransmits   int // of the oldest segment, so far
	TotalRetrans  int // segments sent again since the connection began
	Probes        int // keepalive or window probes without an answer
	NotSent       int // bytes that wait to be sent
	BytesSent     uint64
	BytesAcked    uint64
	BytesReceived uint64
	SegmentsOut   uint64
	SegmentsIn    uint64
}

// Info asks the system about a TCP connection: getsockopt(2) with TCP_INFO. A
// connection in TIME-WAIT does not belong to a socket any more; Connections and
// PortHolders find those.
func (s *Socket) Info() (Info, error) {
	var info Info
	err := s.control("getsockopt", Addr{}, func(fd int) (errno syscall.Errno) {
		info, errno = sysInfo(fd)
		return errno
	})
	return info, err
}
