package sock

import "errors"

// ErrNotTold is the error of questions that this system does not answer.
var ErrNotTold = errors.ErrUnsupported

// Connection is one row of the system's table of sockets. A row in TIME-WAIT
// belongs to no process any more.
type Connection struct {
	Kind  Kind
	Local Addr
	Peer  Addr // the zero Addr if it has none
	State State
	UID   int
	inode uint64
}

// Holder is a row of that table, and whose it is as far as the system tells: a
// process of another user shows neither its PID nor its Program.
type Holder struct {
	Connection
	PID     int // 0 if it is not told
	Program string
}

// Connections returns the system's table of sockets of one kind, those that every
// process has. Where the system has no such table, the error is ErrNotTold.
func Connections(kind Kind) ([]Connection, error) { return connections(kind) }

// PortHolders returns who stands in the way of binding to addr: the sockets that
// have its port, at the same address or where one of the two is the wildcard. Of
// family Unix it returns the sockets that are bound to the path. Those that listen
// come first, those in TIME-WAIT last. Where the system does not tell, the error
// is ErrNotTold.
func PortHolders(kind Kind, addr Addr) ([]Holder, error) { return portHolders(kind, addr) }
