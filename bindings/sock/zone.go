package sock

import (
	"net"
	"strconv"
	"sync"
)

// zones remembers the names of interfaces by number: to ask the system for one
// takes longer than to receive a datagram. A number is never given to another
// interface as long as the system runs, and few are renamed.
var zones sync.Map // int to string

// zoneName returns the zone of an IPv6 address: the name of the interface, or its
// number if it has none any more.
func zoneName(index int) string {
	if name, ok := zones.Load(index); ok {
		return name.(string)
	}
	ifi, err := net.InterfaceByIndex(index)
	if err != nil {
		return strconv.Itoa(index)
	}
	zones.Store(index, ifi.Name)
	return ifi.Name
}

// zoneID returns the number of the interface that zone names.
func zoneID(zone string) (int, error) {
	if zone == "" {
		return 0, nil
	}
	if index, err := strconv.Atoi(zone); err == nil {
		return index, nil
	}
	ifi, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, err
	}
	return ifi.Index, nil
}
