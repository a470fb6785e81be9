package sock

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// sockaddr is an address as the kernel reads and writes it.
type sockaddr struct {
	size uint32
	raw  [unix.SizeofSockaddrAny]byte
}

// Where the parts lie in struct sockaddr_in, sockaddr_in6 and sockaddr_un.
const (
	offsetPort  = 2
	offsetIP4   = 4
	offsetIP6   = 8
	offsetScope = 24
	offsetPath  = 2
)

// set makes b the kernel's form of a.
func (b *sockaddr) set(a Addr) syscall.Errno {
	binary.NativeEndian.PutUint16(b.raw[:], uint16(a.family.Number()))
	switch a.family {
	case Inet:
		ip := a.ip.As4()
		b.size = unix.SizeofSockaddrInet4
		clear(b.raw[offsetIP4:b.size])
		binary.BigEndian.PutUint16(b.raw[offsetPort:], a.port)
		copy(b.raw[offsetIP4:], ip[:])
	case Inet6:
		scope, err := zoneID(a.ip.Zone())
		if err != nil {
			return syscall.ENXIO
		}
		ip := a.ip.As16()
		b.size = unix.SizeofSockaddrInet6
		clear(b.raw[offsetIP4:offsetIP6])
		binary.BigEndian.PutUint16(b.raw[offsetPort:], a.port)
		copy(b.raw[offsetIP6:], ip[:])
		binary.NativeEndian.PutUint32(b.raw[offsetScope:], uint32(scope))
	case Unix:
		return b.setPath(a.path)
	default:
		b.size = unix.SizeofSockaddrInet4
		clear(b.raw[:b.size])
	}
	return 0
}

// setPath writes a path with its final zero, an abstract name without one.
func (b *sockaddr) setPath(path string) syscall.Errno {
	switch {
	case path == "":
		b.size = offsetPath
		return 0
	case len(path) >= unix.SizeofSockaddrUnix-offsetPath && path[0] != '@',
		len(path) > unix.SizeofSockaddrUnix-offsetPath:
		return syscall.EINVAL
	}
	n := copy(b.raw[offsetPath:], path)
	if path[0] == '@' {
		b.raw[offsetPath] = 0
	} else {
		b.raw[offsetPath+n] = 0
		n++
	}
	b.size = uint32(offsetPath + n)
	return 0
}

// addr returns the address that the kernel wrote, the zero Addr if it wrote none.
func (b *sockaddr) addr() Addr {
	if b.size < offsetPath {
		return Addr{}
	}
	switch binary.NativeEndian.Uint16(b.raw[:]) {
	case unix.AF_INET:
		ip := netip.AddrFrom4([4]byte(b.raw[offsetIP4:]))
		return InetAddr(ip, binary.BigEndian.Uint16(b.raw[offsetPort:]))
	case unix.AF_INET6:
		ip := netip.AddrFrom16([16]byte(b.raw[offsetIP6:]))
		if scope := binary.NativeEndian.Uint32(b.raw[offsetScope:]); scope != 0 {
			ip = ip.WithZone(zoneName(int(scope)))
		}
		return InetAddr(ip, binary.BigEndian.Uint16(b.raw[offsetPort:]))
	case unix.AF_UNIX:
		return UnixAddr(unixName(b.raw[offsetPath:min(int(b.size), len(b.raw))]))
	}
	return Addr{}
}

// unixName returns the path in the kernel's form: it ends at its first zero, or
// begins with one if it is an abstract name.
func unixName(raw []byte) string {
	if len(raw) > 0 && raw[0] == 0 {
		return string(raw)
	}
	name, _, _ := bytes.Cut(raw, []byte{0})
	return string(name)
}
