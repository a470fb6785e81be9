package sock

import (
	"net/netip"
	"strconv"
	"strings"
)

// Addr is the address of a socket. It is a comparable value: two Addr are equal
// if, and only if, they name the same address. The zero Addr is no address.
type Addr struct {
	family Family
	port   uint16
	ip     netip.Addr
	path   string
}

// InetAddr returns the address of a port at ip, of family Inet or Inet6 as ip is.
// An IPv4-mapped IPv6 address stays one of family Inet6. A zone is kept. An
// invalid ip gives the zero Addr.
func InetAddr(ip netip.Addr, port uint16) Addr {
	switch {
	case ip.Is4():
		return Addr{family: Inet, ip: ip, port: port}
	case ip.Is6():
		return Addr{family: Inet6, ip: ip, port: port}
	}
	return Addr{}
}

// UnixAddr returns the address of family Unix with that path. As in ss(8), a
// path that begins with "@" is a name in Linux's abstract namespace; for a file
// of such a name write "./@name". The empty path is the address of a socket
// without a name.
func UnixAddr(path string) Addr {
	if strings.HasPrefix(path, "\x00") {
		path = "@" + path[1:]
	}
	return Addr{family: Unix, path: path}
}

// AnyAddr returns the wildcard address of the family with that port. For family
// Unix it is the address without a name, for Unspec the zero Addr.
func AnyAddr(family Family, port uint16) Addr {
	switch family {
	case Inet:
		return InetAddr(netip.IPv4Unspecified(), port)
	case Inet6:
		return InetAddr(netip.IPv6Unspecified(), port)
	case Unix:
		return UnixAddr("")
	}
	return Addr{}
}

// Family returns the address family; Unspec for the zero Addr.
func (a Addr) Family() Family { return a.family }

// IP returns the IP address with its zone, or the zero netip.Addr for an address
// that has none.
func (a Addr) IP() netip.Addr { return a.ip }

// Port returns the port, 0 for an address that has none.
func (a Addr) Port() int { return int(a.port) }

// Path returns the path of an address of family Unix; "@name" if abstract.
func (a Addr) Path() string { return a.path }

// Host returns the text of the IP address with its zone, or the path.
func (a Addr) Host() string {
	if a.ip.IsValid() {
		return a.ip.String()
	}
	return a.path
}

// WithPort returns the same IP address with another port.
func (a Addr) WithPort(port uint16) Addr {
	a.port = port
	return a
}

// IsValid reports whether a is an address at all.
func (a Addr) IsValid() bool { return a.family != Unspec }

// String returns "127.0.0.1:80", "[fe80::1%lo]:80", "/tmp/x", "@abstract", or ""
// for the zero Addr and for an address without a name.
func (a Addr) String() string {
	switch a.family {
	case Inet:
		return a.ip.String() + ":" + strconv.Itoa(int(a.port))
	case Inet6:
		return "[" + a.ip.String() + "]:" + strconv.Itoa(int(a.port))
	}
	return a.path
}
