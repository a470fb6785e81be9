package socket

import "lunawire/bindings/sock"

// A Row is a socket in a list of what is open.
type Row struct {
	ID       int
	Protocol string // "tcp", "udp" or "unix"
	State    string // a TCP state; else UNBOUND, BOUND or CONNECTED
	Local    string // "" where there is none
	Peer     string
	In, Out  int64 // bytes
	sock.Readiness
}

// Rows lists what is open, oldest first. To look leaves no trace on the
// timeline.
func (r *Registry) Rows() []Row {
	var rows []Row
	for _, s := range r.sockets() {
		rows = append(rows, s.row())
	}
	return rows
}

func (s *Socket) row() Row {
	status := s.raw.Status()
	row := Row{
		ID: s.ID(), Protocol: s.Protocol(), State: s.State(), Readiness: status.Readiness,
		In: s.raw.BytesIn(), Out: s.raw.BytesOut(), Local: addressText(status.Local), Peer: addressText(status.Peer),
	}
	row.Readable = row.Readable || s.buffered() > 0
	switch {
	case row.State != "":
	case status.Peer.IsValid():
		row.State = "CONNECTED"
	case status.Local.Port() != 0 || status.Local.Path() != "":
		row.State = "BOUND"
	default:
		row.State = "UNBOUND"
	}
	return row
}

// addressText is an address in words, "" if it says nothing.
func addressText(a sock.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
