package ladder

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"lunawire/bindings/record"
)

// firstEphemeral is where Linux begins to hand out ports; others begin later.
const firstEphemeral = 32768

// stablePorts returns a copy of the recording in which the ports that the
// system chose are 50001, 50002 and so on, in the order of their sockets.
func stablePorts(rec *record.Recording) *record.Recording {
	events := slices.Clone(rec.Events)
	bySocket := make([]*record.Event, len(events))
	for i := range events {
		bySocket[i] = &events[i]
	}
	slices.SortStableFunc(bySocket, func(a, b *record.Event) int { return cmp.Compare(a.Socket, b.Socket) })
	ports := map[uint16]uint16{}
	for _, e := range bySocket {
		for _, a := range []*record.Addr{&e.Local, &e.Addr, &e.Peer} {
			renumber(a, ports)
		}
	}
	return &record.Recording{Start: rec.Start, Dropped: rec.Dropped, Events: events}
}

func renumber(a *record.Addr, ports map[uint16]uint16) {
	port := a.Port()
	if port < firstEphemeral {
		return
	}
	if ports[port] == 0 {
		ports[port] = 50001 + uint16(len(ports))
	}
	a.Inet = netip.AddrPortFrom(a.Inet.Addr(), ports[port])
}

// steadyCalls rounds what calls took to what is not chance.
func steadyCalls(steps []*step) {
	for _, st := range steps {
		st.event.At = 0
		st.event.Took = st.event.Took.Truncate(100 * time.Millisecond)
	}
}

// numberRows puts numbers in the place of times.
func (p *picture) numberRows() {
	var rows []*row
	for _, sec := range p.sections {
		rows = append(rows, sec.rows...)
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Compare(a.step.key, b.step.key) })
	for i, r := range rows {
		r.step.key = time.Duration(i + 1)
	}
}
