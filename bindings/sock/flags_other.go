//go:build !linux && !darwin

package sock

// The flags of sending and receiving calls that every system has, with the
// numbers that all of them give to the first three.
const (
	Peek       Flags = 0x2
	OutOfBand  Flags = 0x1
	DontRoute  Flags = 0x4
	WaitAll    Flags = 0x8
	Truncated  Flags = 0x100
	CutControl Flags = 0x200
	DontWait   Flags = 0x1000
)

var flagTable = [...]FlagName{
	{"MSG_PEEK", Peek, "leaves the data in the queue"},
	{"MSG_OOB", OutOfBand, "sends or receives urgent data"},
	{"MSG_WAITALL", WaitAll, "waits until all that was asked for is there"},
}
