package sock

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// sockaddr is an address as x/sys reads and writes it.
type sockaddr struct{ sa unix.Sockaddr }

// set makes b the system's form of a.
func (b *sockaddr) set(a Addr) syscall.Errno {
	switch a.family {
	case Inet:
		b.sa = &unix.SockaddrInet4{Port: int(a.port), Addr: a.ip.As4()}
	case Inet6:
		scope, err := zoneID(a.ip.Zone())
		if err != nil {
			return syscall.ENXIO
		}
		b.sa = &unix.SockaddrInet6{Port: int(a.port), Addr: a.ip.As16(), ZoneId: uint32(scope)}
	case Unix:
		b.sa = &unix.SockaddrUnix{Name: a.path}
	default:
		return syscall.EAFNOSUPPORT
	}
	return 0
}

// addr returns the address that the system gave, the zero Addr if it gave none.
func (b *sockaddr) addr() Addr {
	switch sa := b.sa.(type) {
	case *unix.SockaddrInet4:
		return InetAddr(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		ip := netip.AddrFrom16(sa.Addr)
		if sa.ZoneId != 0 {
			ip = ip.WithZone(zoneName(int(sa.ZoneId)))
		}
		return InetAddr(ip, uint16(sa.Port))
	case *unix.SockaddrUnix:
		return UnixAddr(sa.Name)
	}
	return Addr{}
}
