package ladder

import (
	"slices"
	"strings"

	"lunawire/bindings/record"
)

// receiver finds the datagram socket that gets what from sends to target: one
// that is connected to the sender before one that is not.
func (m *matcher) receiver(from *end, target record.Addr) *end {
	var found *end
	for _, s := range m.order {
		switch {
		case s.network != from.network || !reaches(target, s.local):
		case !s.peer.IsZero() && reaches(s.peer, from.local):
			return s
		case s.peer.IsZero():
			found = s
		}
	}
	return found
}

// reaches reports whether what goes to target comes to a socket bound to local,
// which may be bound to all addresses of the host.
func reaches(target, local record.Addr) bool {
	if target == local {
		return !target.IsZero()
	}
	return local.Inet.IsValid() && target.Port() == local.Port() && local.Port() != 0 &&
		(local.Inet.Addr().IsUnspecified() || target.Inet.Addr().IsUnspecified() ||
			target.Inet.Addr().IsMulticast() || broadcast(target))
}

func broadcast(a record.Addr) bool {
	ip := a.Inet.Addr()
	return ip.Is4() && ip.As4()[3] == 255
}

func (m *matcher) receiveDatagram(st *step, s *end) {
	e := &st.event
	if e.Err != "" {
		return
	}
	i := slices.IndexFunc(m.datagrams, func(f *step) bool { return m.feeds(f, st, s) })
	if i < 0 {
		return
	}
	f := m.datagrams[i]
	from := f.from
	if from.local.Port() == 0 || from.local.Inet.Addr().IsUnspecified() {
		from.local = e.Addr
	}
	st.takes = []*step{f}
	f.to, f.left = s, 0
	meet(from, s)
	switch {
	case e.Flow != record.Received:
	case toMany(f.target()):
		f.takers = append(f.takers, s)
	default:
		m.datagrams = slices.Delete(m.datagrams, i, i+1)
	}
}

// toMany reports whether one datagram to the address has several receivers.
func toMany(a record.Addr) bool { return a.Inet.Addr().IsMulticast() || broadcast(a) }

// feeds reports whether the datagram f is the one that st received.
func (m *matcher) feeds(f, st *step, s *end) bool {
	e, sent := &st.event, &f.event
	from := f.from
	source := e.Addr
	if source.IsZero() {
		source = e.Peer
	}
	n := min(len(e.Data), len(sent.Data))
	return from.network == s.network && !slices.Contains(f.takers, s) && sent.Size == e.Size+e.Lost && strings.HasPrefix(sent.Data, e.Data[:n]) &&
		(f.to == s || reaches(f.target(), s.local)) &&
		(source.IsZero() || from.local.Port() == 0 || reaches(source, from.local))
}

// push appends a send to those not yet received; the older half gives way to
// the newer.
func push(list []*step, st *step) []*step {
	if len(list) >= maxUnreceived {
		list = slices.Delete(list, 0, maxUnreceived/2)
	}
	return append(list, st)
}
