package sock

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sysInfo reads TCP_INFO; an older kernel fills less of it. The states of the
// kernel have the numbers of State.
func sysInfo(fd int) (Info, syscall.Errno) {
	var raw unix.TCPInfo
	size := uint32(unsafe.Sizeof(raw))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.IPPROTO_TCP, unix.TCP_INFO,
		uintptr(unsafe.Pointer(&raw)), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return Info{}, errno
	}
	info := Info{
		State: State(raw.State),
		RTT:   micros(raw.Rtt), RTTVar: micros(raw.Rttvar), MinRTT: micros(raw.Min_rtt), RTO: micros(raw.Rto),
		SendMSS: int(raw.Snd_mss), RecvMSS: int(raw.Rcv_mss), PathMTU: int(raw.Pmtu),
		CongestionWindow: int(raw.Snd_cwnd), SlowStartLimit: int(raw.Snd_ssthresh),
		SendWindow: int(raw.Snd_wnd), RecvWindow: int(raw.Rcv_wnd),
		Unacked: int(raw.Unacked), Lost: int(raw.Lost),
		Retransmits: int(raw.Retransmits), TotalRetrans: int(raw.Total_retrans), Probes: int(raw.Probes),
		NotSent: int(raw.Notsent_bytes), BytesSent: raw.Bytes_sent, BytesAcked: raw.Bytes_acked, BytesReceived: raw.Bytes_received,
		SegmentsOut: uint64(raw.Segs_out), SegmentsIn: uint64(raw.Segs_in),
	}
	const noMinimum = ^uint32(0)
	if raw.Min_rtt == noMinimum {
		info.MinRTT = 0
	}
	if info.State == Listening {
		info.Backlog = int(raw.Sacked)
	}
	return info, 0
}

func micros(n uint32) time.Duration { return time.Duration(n) * time.Microsecond }
