package sock

// State is the state of a TCP connection, as RFC 9293 names them.
type State int

// The states. NoState stands for sockets that have none.
const (
	NoState State = iota
	Established
	SynSent
	SynReceived
	FinWait1
	FinWait2
	TimeWait
	Closed
	CloseWait
	LastAck
	Listening
	Closing
)

var stateNames = [...]string{
	NoState: "", Established: "ESTABLISHED", SynSent: "SYN-SENT", SynReceived: "SYN-RCVD", FinWait1: "FIN-WAIT-1",
	FinWait2: "FIN-WAIT-2", TimeWait: "TIME-WAIT", Closed: "CLOSED", CloseWait: "CLOSE-WAIT", LastAck: "LAST-ACK",
	Listening: "LISTEN", Closing: "CLOSING",
}

// String returns the name of the state, such as "FIN-WAIT-2", or "" for NoState.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return ""
	}
	return stateNames[s]
}
