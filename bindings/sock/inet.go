package sock

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
)

// InetPton returns the 4 or 16 bytes of an address in its usual text form: inet_pton(3).
func InetPton(family Family, text string) (string, error) {
	ip, err := netip.ParseAddr(text)
	fits := err == nil && ip.Zone() == "" && (family == Inet && ip.Is4() || family == Inet6 && ip.Is6())
	switch {
	case family != Inet && family != Inet6:
		return "", failure("inet_pton", Addr{}, syscall.EAFNOSUPPORT)
	case !fits:
		return "", failure("inet_pton", Addr{}, syscall.EINVAL)
	}
	return string(ip.AsSlice()), nil
}

// InetNtop returns the usual text form of an address of 4 or 16 bytes: inet_ntop(3).
func InetNtop(family Family, packed string) (string, error) {
	size := map[Family]int{Inet: 4, Inet6: 16}[family]
	if size == 0 {
		return "", failure("inet_ntop", Addr{}, syscall.EAFNOSUPPORT)
	}
	ip, ok := netip.AddrFromSlice([]byte(packed))
	if !ok || len(packed) != size {
		return "", failure("inet_ntop", Addr{}, syscall.EINVAL)
	}
	return ip.String(), nil
}

// InetAton reads an IPv4 address as inet_aton(3) does: one to four numbers, each
// decimal, 0x hexadecimal or 0 octal, the last of which fills the bytes that are
// left. So "127.1" is 127.0.0.1.
func InetAton(text string) (ip [4]byte, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) > len(ip) {
		return ip, false
	}
	var value uint64
	for i, part := range parts {
		n, err := parseC(part)
		last := i == len(parts)-1
		width := 8
		if last {
			width = 8 * (len(ip) - i)
		}
		if err != nil || n>>width != 0 {
			return ip, false
		}
		value = value<<width | n
	}
	return [4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}, true
}

// parseC reads a number as C's strtoul does with base 0.
func parseC(text string) (uint64, error) {
	if text == "" || strings.ContainsAny(text, "+-_") {
		return 0, strconv.ErrSyntax
	}
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "0x"):
		return strconv.ParseUint(lower[2:], 16, 32)
	case lower[0] == '0' && len(lower) > 1:
		return strconv.ParseUint(lower[1:], 8, 32)
	}
	return strconv.ParseUint(lower, 10, 32)
}

// InetNtoa returns the text of four bytes: inet_ntoa(3).
func InetNtoa(ip [4]byte) string { return netip.AddrFrom4(ip).String() }

// bigEndian reports whether this machine has network byte order.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// Htons turns a 16-bit number from host to network byte order: htons(3).
func Htons(n uint16) uint16 {
	if bigEndian {
		return n
	}
	return bits.ReverseBytes16(n)
}

// Ntohs turns a 16-bit number from network to host byte order: ntohs(3).
func Ntohs(n uint16) uint16 { return Htons(n) }

// Htonl turns a 32-bit number from host to network byte order: htonl(3).
func Htonl(n uint32) uint32 {
	if bigEndian {
		return n
	}
	return bits.ReverseBytes32(n)
}

// Ntohl turns a 32-bit number from network to host byte order: ntohl(3).
func Ntohl(n uint32) uint32 { return Htonl(n) }

// Interface is a network interface of this host.
type Interface struct {
	Index    int
	Name     string
	MTU      int
	Flags    net.Flags // prints as "up|loopback|running"
	Hardware string    // its address on the link, "" if it has none
	Addrs    []netip.Prefix
}

// Interfaces returns the network interfaces of this host, in the order of their numbers.
func Interfaces() ([]Interface, error) {
	found, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list interfaces: %w", err)
	}
	list := make([]Interface, len(found))
	for i, ifi := range found {
		list[i] = Interface{Index: ifi.Index, Name: ifi.Name, MTU: ifi.MTU, Flags: ifi.Flags, Hardware: ifi.HardwareAddr.String()}
		addrs, err := ifi.Addrs()
		if err != nil {
			return nil, fmt.Errorf("list addresses of %s: %w", ifi.Name, err)
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				list[i].Addrs = append(list[i].Addrs, p)
			}
		}
	}
	return list, nil
}
