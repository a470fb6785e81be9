package sock

// The options of multicast have one name for each family. These methods choose by
// the family of the socket, or of the group; each is one setsockopt(2).

// JoinGroup lets the socket receive what is sent to a multicast group.
func (s *Socket) JoinGroup(m Membership) error {
	return s.SetOption(groupOption(m, "IP_ADD_MEMBERSHIP", "IPV6_JOIN_GROUP"), m)
}

// LeaveGroup undoes JoinGroup.
func (s *Socket) LeaveGroup(m Membership) error {
	return s.SetOption(groupOption(m, "IP_DROP_MEMBERSHIP", "IPV6_LEAVE_GROUP"), m)
}

func groupOption(m Membership, v4, v6 string) string {
	if m.Group.Is4() {
		return v4
	}
	return v6
}

// SetMulticastTTL sets how many routers multicast packets may pass, plus one.
func (s *Socket) SetMulticastTTL(hops int) error {
	return s.SetOption(s.familyOption("IP_MULTICAST_TTL", "IPV6_MULTICAST_HOPS"), hops)
}

// SetMulticastLoop says whether this host receives its own multicast packets, too.
func (s *Socket) SetMulticastLoop(on bool) error {
	return s.SetOption(s.familyOption("IP_MULTICAST_LOOP", "IPV6_MULTICAST_LOOP"), on)
}

// SetMulticastInterface chooses the interface that multicast packets leave by: its
// name or number, for IPv4 also an address of it.
func (s *Socket) SetMulticastInterface(name string) error {
	return s.SetOption(s.familyOption("IP_MULTICAST_IF", "IPV6_MULTICAST_IF"), name)
}

func (s *Socket) familyOption(v4, v6 string) string {
	if s.family == Inet6 {
		return v6
	}
	return v4
}
