package record

import (
	"fmt"
	"net/netip"
	"strings"
)

// Addr is the address of one end: an internet address and port, or the path of
// a Unix socket. It is comparable; the zero Addr is none.
type Addr struct {
	Inet netip.AddrPort
	Path string // Unix: a path, or "@name" for an abstract one
}

// InetAddr returns the address of an internet socket.
func InetAddr(ap netip.AddrPort) Addr { return Addr{Inet: ap} }

// UnixAddr returns the address of a Unix socket.
func UnixAddr(path string) Addr { return Addr{Path: path} }

// IsZero reports whether a is no address.
func (a Addr) IsZero() bool { return a == Addr{} }

// Host returns the address without its port.
func (a Addr) Host() string {
	if a.Inet.IsValid() {
		return a.Inet.Addr().String()
	}
	return a.Path
}

// Port returns the port, 0 for a Unix socket.
func (a Addr) Port() uint16 { return a.Inet.Port() }

// String returns the address as 127.0.0.1:80, [::1]:80 or /tmp/x, and "" for
// none.
func (a Addr) String() string {
	if a.Inet.IsValid() {
		return a.Inet.String()
	}
	return a.Path
}

// MarshalText writes the address as String does, a Unix path behind "unix:",
// so that no path can be taken for an internet address.
func (a Addr) MarshalText() ([]byte, error) {
	if a.Path != "" {
		return []byte("unix:" + a.Path), nil
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (a *Addr) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "" {
		*a = Addr{}
		return nil
	}
	if path, ok := strings.CutPrefix(s, "unix:"); ok {
		*a = UnixAddr(path)
		return nil
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil {
		return fmt.Errorf("address %q: %w", s, err)
	}
	*a = InetAddr(ap)
	return nil
}
