//go:build !linux && !darwin

package sock

import "syscall"

// Systems for which this package has no layer yet: everything compiles, and every
// socket call answers errNotHere. A layer of its own replaces this file.

const (
	canSpin           = false
	sendsWithoutEvent = false
	impatient         = DontWait
)

// sockaddr is an address as the system would read and write it.
type sockaddr struct{}

func (*sockaddr) set(Addr) syscall.Errno { return errNotHere }
func (*sockaddr) addr() Addr             { return Addr{} }

// Number returns the number of the family, which is the same wherever a system
// has it, but for Inet6.
func (f Family) Number() int {
	switch f {
	case Inet:
		return 2
	case Inet6:
		return 23
	case Unix:
		return 1
	}
	return int(f)
}

// Number returns the number of the kind, the same everywhere.
func (k Kind) Number() int { return int(k) }

func yieldThread() {}

func sysSocket(Family, Kind, int) (int, syscall.Errno)                  { return -1, errNotHere }
func sysPair(Family, Kind) ([2]int, syscall.Errno)                      { return [2]int{}, errNotHere }
func sysBind(int, *sockaddr) syscall.Errno                              { return errNotHere }
func sysListen(int, int) syscall.Errno                                  { return errNotHere }
func sysConnect(int, *sockaddr) syscall.Errno                           { return errNotHere }
func sysConnected(int, *sockaddr) syscall.Errno                         { return errNotHere }
func sysAccept(int, *sockaddr) (int, syscall.Errno)                     { return -1, errNotHere }
func sysRecv(int, []byte, Flags, *sockaddr) (int, syscall.Errno)        { return 0, errNotHere }
func sysSend(int, []byte, Flags, *sockaddr) (int, syscall.Errno)        { return 0, errNotHere }
func sysRecvMsg(int, *message) syscall.Errno                            { return errNotHere }
func sysSendMsg(int, *message) syscall.Errno                            { return errNotHere }
func sysShutdown(int, How) syscall.Errno                                { return errNotHere }
func sysCloseAtOnce(int) syscall.Errno                                  { return errNotHere }
func sysClose(int) syscall.Errno                                        { return errNotHere }
func sysSockname(int, *sockaddr) syscall.Errno                          { return errNotHere }
func sysPeername(int, *sockaddr) syscall.Errno                          { return errNotHere }
func sysSendfile(int, int, *int64, int) (int, syscall.Errno)            { return 0, errNotHere }
func sysSetOption(fd, level, number int, value []byte) syscall.Errno    { return errNotHere }
func sysGetOption(fd, level, number int, v []byte) (int, syscall.Errno) { return 0, errNotHere }
func sysPending(int) int                                                { return 0 }
func sysPoll([]pollItem, int) syscall.Errno                             { return errNotHere }
func parseControl([]byte) []Control                                     { return nil }
func formatControl([]Control) []byte                                    { return nil }

func sysRecvDatagram(int, []byte, Flags, *sockaddr) (n, full int, errno syscall.Errno) {
	return 0, 0, errNotHere
}

func sysInfo(int) (Info, syscall.Errno) { return Info{}, errNotHere }
