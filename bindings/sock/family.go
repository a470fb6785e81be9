package sock

import "strconv"

// Family is an address family, the first argument of socket(2).
type Family int

// The address families. Unspec stands for "any" in lookups, and in an address
// given to connect it dissolves the association of a datagram socket.
const (
	Unspec Family = iota
	Inet
	Inet6
	Unix
)

var familyNames = [...]string{Unspec: "AF_UNSPEC", Inet: "AF_INET", Inet6: "AF_INET6", Unix: "AF_UNIX"}

// String returns the name of C's constant, such as "AF_INET".
func (f Family) String() string {
	if f < 0 || int(f) >= len(familyNames) {
		return "AF_" + strconv.Itoa(int(f))
	}
	return familyNames[f]
}

// Kind is the communication semantics of a socket, the second argument of socket(2).
type Kind int

// The kinds of sockets. The zero Kind stands for "any" in lookups.
const (
	Stream Kind = iota + 1
	Dgram
)

var kindNames = [...]string{Stream: "SOCK_STREAM", Dgram: "SOCK_DGRAM"}

// String returns the name of C's constant, such as "SOCK_STREAM".
func (k Kind) String() string {
	if k < Stream || int(k) >= len(kindNames) {
		return "SOCK_" + strconv.Itoa(int(k))
	}
	return kindNames[k]
}

// How says which half of a connection shutdown(2) closes.
type How int

// The halves of a connection.
const (
	ShutdownRead How = iota
	ShutdownWrite
	ShutdownBoth
)

var howNames = [...]string{ShutdownRead: "SHUT_RD", ShutdownWrite: "SHUT_WR", ShutdownBoth: "SHUT_RDWR"}

// String returns the name of C's constant, such as "SHUT_WR".
func (h How) String() string {
	if h < 0 || int(h) >= len(howNames) {
		return "SHUT_" + strconv.Itoa(int(h))
	}
	return howNames[h]
}
