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
	{"MSG_TRUNC", Truncated, "the datagram was longer than the memory for it"},
	{"MSG_CTRUNC", CutControl, "some control data was cut off"},
	{"MSG_EOR", unix.MSG_EOR, "ends a record"},
	{"MSG_EOF", unix.MSG_EOF, "ends the sending direction with this data"},
}
