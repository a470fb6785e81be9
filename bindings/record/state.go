package record

// State is the state of a TCP connection as RFC 9293 names it. The zero State
// is unknown, and the only one that other sockets have.
type State uint8

// The states.
const (
	NoState State = iota
	StateClosed
	StateListen
	StateSynSent
	StateSynRcvd
	StateEstablished
	StateFinWait1
	StateFinWait2
	StateCloseWait
	StateClosing
	StateLastAck
	StateTimeWait
)

var stateNames = [...]string{"", "CLOSED", "LISTEN", "SYN-SENT", "SYN-RCVD", "ESTABLISHED",
	"FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"}

// String returns the state's name, as in CLOSE-WAIT.
func (s State) String() string { return wordOf(stateNames[:], s) }

// ParseState returns the state of a name in any of the usual spellings
// (CLOSE-WAIT, CLOSE_WAIT, TCP_CLOSE_WAIT, FIN_WAIT1), and NoState for others.
func ParseState(name string) State {
	switch key := stateKey(name); key {
	case "CLOSE":
		return StateClosed
	case "SYNRECV", "SYNRECEIVED":
		return StateSynRcvd
	default:
		for i, n := range stateNames {
			if i > 0 && stateKey(n) == key {
				return State(i)
			}
		}
	}
	return NoState
}

// stateKey strips a state's name of what its spellings differ in.
func stateKey(name string) string {
	key := make([]byte, 0, len(name))
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != '-' && c != '_' && c != ' ' {
			key = append(key, c)
		}
	}
	if len(key) > 3 && string(key[:3]) == "TCP" {
		key = key[3:]
	}
	return string(key)
}

// connected reports whether data can have gone in the state.
func (s State) connected() bool { return s >= StateEstablished && s <= StateLastAck }

// finSent is the state after this end sent its FIN, and had it acknowledged.
func (s State) finSent(acked bool) State {
	switch s {
	case StateSynSent, StateListen:
		return StateClosed
	case StateSynRcvd, StateEstablished:
		if acked {
			return StateFinWait2
		}
		return StateFinWait1
	case StateCloseWait:
		if acked {
			return StateClosed
		}
		return StateLastAck
	}
	return s
}

// finReceived is the state after the peer's FIN came in.
func (s State) finReceived() State {
	switch s {
	case StateSynRcvd, StateEstablished:
		return StateCloseWait
	case StateFinWait1, StateFinWait2:
		return StateTimeWait
	}
	return s
}

// afterCall infers the state of a socket after one of its calls.
func (s *Socket) afterCall(c *Call) State {
	switch c.Name {
	case "listen":
		if c.Err == "" {
			return StateListen
		}
	case "connect":
		return s.afterConnect(c.Err)
	case "shutdown":
		if c.Err == "" && c.closesWriting() {
			return s.state.finSent(s.peerAcks())
		}
	case "close":
		return s.afterClose(c.Abort)
	}
	switch c.Err {
	case EndOfStream:
		return s.state.finReceived()
	case "ECONNRESET", "ECONNABORTED", "ETIMEDOUT":
		if s.state.connected() {
			return StateClosed
		}
	case "EPIPE":
		if s.state == StateEstablished || s.state == StateCloseWait {
			return StateClosed
		}
	}
	return s.state
}

func (s *Socket) afterConnect(err string) State {
	switch err {
	case "":
		return StateEstablished
	case Timeout, Canceled, "EINPROGRESS", "EALREADY":
		return StateSynSent
	case "EISCONN":
		return s.state
	}
	if s.state == StateSynSent || s.state == NoState {
		return StateClosed
	}
	return s.state
}

// afterClose knows that a close with unread data sends RST, not FIN, as one that
// is told not to linger does.
func (s *Socket) afterClose(abort bool) State {
	if abort || s.unread() {
		return StateClosed
	}
	return s.state.finSent(s.peerAcks())
}

// peerAcks reports whether the peer's kernel acknowledges at once: it is this
// one.
func (s *Socket) peerAcks() bool { return s.twin != nil || s.peer.Inet.Addr().IsLoopback() }

// unread reports whether bytes that the peer sent were not yet received.
func (s *Socket) unread() bool {
	return s.twin != nil && s.state.connected() && s.twin.sent > s.received
}

// closesWriting reports whether a shutdown ends the sending half. Without a
// readable argument it is taken to, as it is the usual one.
func (c *Call) closesWriting() bool {
	switch how := c.Args[0].Any().(type) {
	case string:
		return how != "read" && how != "SHUT_RD"
	case int64:
		return how != 0
	}
	return true
}

// agree weighs the kernel's answer against the inferred state. The kernel wins,
// except that it never answers TIME-WAIT for a descriptor: it says CLOSED.
func agree(inferred, kernel State) State {
	if kernel == NoState || (kernel == StateClosed && inferred == StateTimeWait) {
		return inferred
	}
	return kernel
}
