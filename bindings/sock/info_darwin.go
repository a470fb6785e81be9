package sock

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// statesHere are the states by the numbers of this system.
var statesHere = [...]State{
	Closed, Listening, SynSent, SynReceived, Established, CloseWait, FinWait1, Closing, LastAck, FinWait2, TimeWait,
}

func sysInfo(fd int) (Info, syscall.Errno) {
	raw, err := unix.GetsockoptTCPConnectionInfo(fd, unix.IPPROTO_TCP, unix.TCP_CONNECTION_INFO)
	if err != nil {
		return Info{}, errnoOf(err)
	}
	info := Info{
		RTT: millis(raw.Srtt), RTTVar: millis(raw.Rttvar), RTO: millis(raw.Rto),
		SendMSS:          int(raw.Maxseg),
		CongestionWindow: int(raw.Snd_cwnd), SlowStartLimit: int(raw.Snd_ssthresh),
		SendWindow: int(raw.Snd_wnd), RecvWindow: int(raw.Rcv_wnd),
		TotalRetrans: int(raw.Txretransmitpackets), NotSent: int(raw.Snd_sbbytes),
		BytesSent: raw.Txbytes, BytesReceived: raw.Rxbytes, SegmentsOut: raw.Txpackets, SegmentsIn: raw.Rxpackets,
	}
	if int(raw.State) < len(statesHere) {
		info.State = statesHere[raw.State]
	}
	return info, 0
}

func millis(n uint32) time.Duration { return time.Duration(n) * time.Millisecond }
