package sock

import "golang.org/x/sys/unix"

// The flags of sending and receiving calls that this package treats specially or
// that every system has. FlagNames lists all.
const (
	Peek       Flags = unix.MSG_PEEK
	OutOfBand  Flags = unix.MSG_OOB
	WaitAll    Flags = unix.MSG_WAITALL
	DontWait   Flags = unix.MSG_DONTWAIT
	DontRoute  Flags = unix.MSG_DONTROUTE
	Truncated  Flags = unix.MSG_TRUNC
	CutControl Flags = unix.MSG_CTRUNC
)

var flagTable = [...]FlagName{
	{"MSG_PEEK", Peek, "leaves the data in the queue"},
	{"MSG_OOB", OutOfBand, "sends or receives urgent data"},
	{"MSG_WAITALL", WaitAll, "waits until all that was asked for is there"},
	{"MSG_DONTWAIT", DontWait, "fails with EAGAIN instead of waiting"},
	{"MSG_DONTROUTE", DontRoute, "sends to hosts on the same network only"},
	{"MSG_TRUNC", Truncated, "of a datagram: counts what was cut off as well; of a stream: discards the data"},
	{"MSG_CTRUNC", CutControl, "some control data was cut off"},
	{"MSG_EOR", unix.MSG_EOR, "ends a record"},
	{"MSG_MORE", unix.MSG_MORE, "more data will follow, so a segment may wait for it"},
	{"MSG_CONFIRM", unix.MSG_CONFIRM, "tells the link layer that the peer answers"},
	{"MSG_ERRQUEUE", unix.MSG_ERRQUEUE, "receives from the queue of errors"},
	{"MSG_NOSIGNAL", unix.MSG_NOSIGNAL, "never raises SIGPIPE; it is always set here"},
	{"MSG_FASTOPEN", unix.MSG_FASTOPEN, "connects and sends in one call"},
	{"MSG_CMSG_CLOEXEC", unix.MSG_CMSG_CLOEXEC, "closes received descriptors on exec; it is always set here"},
}
