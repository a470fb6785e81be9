package socket

import (
	"strconv"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// FamilyName is how udp.socket and tcp.socket name an address family; they
// take the constants of the module socket too.
type FamilyName string

// Family is the family of that name.
func (f FamilyName) Family() (sock.Family, error) {
	switch f {
	case "inet", "inet4", "AF_INET":
		return sock.Inet, nil
	case "inet6", "AF_INET6":
		return sock.Inet6, nil
	case "unix", "AF_UNIX":
		return sock.Unix, nil
	}
	for _, family := range families {
		if family != sock.Unspec && string(f) == strconv.Itoa(family.Number()) {
			return family, nil
		}
	}
	return 0, bindings.BadArgument("family", `"inet", "inet6" or "unix" expected, got %q`, string(f))
}
