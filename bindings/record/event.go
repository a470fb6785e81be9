package record

import (
	"slices"
	"time"
)

// Kind says what an event tells.
type Kind uint8

// The kinds of events. Packet and Message are filled by captures, the lab and
// the dissectors through [Timeline.Add]: Local and Peer are then sender and
// receiver, Data the raw bytes, Name the protocol, Text the summary and Cause
// the event they belong to.
const (
	CallMade     Kind = iota + 1 // a socket call returned
	StateChanged                 // a socket's state changed outside its own calls
	SocketOpened                 // a socket came to be, by the call Name or from the listener Made
	SocketClosed                 // a socket's descriptor is gone
	TaskStarted                  // a task began; Text may say what it runs
	TaskEnded                    // a task ended; Err and Text say how, when not well
	Noted                        // somebody wrote a note; Text holds it
	Packet                       // a segment or datagram seen on a wire
	Message                      // a protocol message decoded from other events
)

var kindNames = [...]string{"", "call", "state", "opened", "closed", "started", "ended", "note", "packet", "message"}

// String returns the kind's word, as it stands in a saved recording.
func (k Kind) String() string { return wordOf(kindNames[:], k) }

// ParseKind is the kind of that word.
func ParseKind(word string) (Kind, bool) {
	k := slices.Index(kindNames[:], word)
	return Kind(max(k, 0)), k > 0
}

// wordOf returns the word of an enumeration's value, empty when it has none.
func wordOf[T ~uint8](words []string, v T) string {
	if int(v) < len(words) {
		return words[v]
	}
	return ""
}

// Flow says which way the bytes of a call went.
type Flow uint8

// The flows. Peeked bytes were seen but stay in the socket, so that they do
// not count in stream offsets.
const (
	NoData Flow = iota
	Sent
	Received
	Peeked
)

var flowNames = [...]string{"", "sent", "received", "peeked"}

// String returns the flow's word, as it stands in a saved recording.
func (f Flow) String() string { return wordOf(flowNames[:], f) }

// Network says what kind of socket it is.
type Network uint8

// The networks. The address family follows from the addresses.
const (
	OtherNetwork Network = iota
	TCP
	UDP
	UnixStream
	UnixDatagram
)

var networkNames = [...]string{"", "tcp", "udp", "unix", "unixgram"}

// String returns the network's name as Go's net package spells it.
func (n Network) String() string { return wordOf(networkNames[:], n) }

// Stream reports whether the network carries streams, in which the limits of
// sends are not kept.
func (n Network) Stream() bool { return n == TCP || n == UnixStream }

// Outcomes that are not failures stand in [Event.Err] as these words; failures
// stand there by the name of their errno ("ECONNREFUSED").
const (
	EndOfStream = "closed"
	Timeout     = "timeout"
	Canceled    = "canceled"
)

// Task names a line of execution. Its owner numbers tasks; 0 is nobody.
type Task struct {
	ID   int
	Name string
}

// Event is one thing that happened. Which fields are set follows from Kind;
// the zero value of a field means unknown or does not apply.
type Event struct {
	Seq   uint64 // place in the timeline: 1, 2, 3 in the order of recording
	Cause uint64 // Seq of the event that brought this one about
	Kind  Kind

	At   time.Duration // when it began, since the timeline's start
	Took time.Duration // how long a call lasted

	Task    Task
	Socket  int // the socket's number
	Made    int // the socket that accept made; for SocketOpened the listener
	Network Network

	Name   string // the call; the protocol of a packet or message
	Args   Args
	Result Value

	Flow   Flow
	Data   string // the first bytes, up to the timeline's limit
	Size   int64  // true count of the bytes that went
	Offset int64  // where the first of them stands in the socket's stream
	Lost   int64  // bytes of a datagram that the caller's buffer had no room for

	Addr  Addr // the address in the arguments or result of a call
	Local Addr
	Peer  Addr

	Was   State // TCP state before
	State State // TCP state after

	Err  string // name of an errno, or EndOfStream, Timeout, Canceled
	Text string // the error's message; a note; a summary
}

// End returns when the event ended, since the timeline's start.
func (e *Event) End() time.Duration { return e.At + e.Took }

// Failed reports whether a call ended with an error; the end of a stream, a
// timeout and a cancel are outcomes, not failures.
func (e *Event) Failed() bool {
	switch e.Err {
	case "", EndOfStream, Timeout, Canceled:
		return false
	}
	return true
}

// Call is what the maker of a socket call tells the timeline. It is passed by
// pointer and not kept.
type Call struct {
	Task   Task
	Socket *Socket // nil for a call without a socket
	Made   *Socket // the socket that accept made, when it is known already
	Name   string
	Args   Args
	Result Value

	Flow  Flow
	Data  string // the bytes that went, or
	Bytes []byte // the same as a slice; copied up to the timeline's limit
	Size  int64  // their true count, when Data and Bytes hold fewer
	Lost  int64

	Addr   Addr
	Local  Addr  // zero: as the socket's last call had it
	Peer   Addr  // zero: as the socket's last call had it
	Abort  bool  // of close: SO_LINGER is on with no time, so that it sends RST
	Kernel State // what the kernel answered after the call; zero: not asked

	Err     string
	Message string

	Start, End time.Time // zero: now, by the timeline's clock
}

// Transfer is what the maker of a socket call tells the timeline when nothing
// else happened than that bytes went. It is passed by pointer and not kept, but
// Task and Addr are and must not change afterwards.
type Transfer struct {
	Task   *Task
	Socket *Socket
	Name   string
	Flow   Flow   // Sent or Received
	Asked  int    // how much a receiving call asked for: its only argument
	Data   string // the bytes that went
	Size   int64  // their true count, when Data holds fewer
	Lost   int64
	Addr   *Addr // the receiver, if it stands among the arguments, or the sender; nil: none

	Start, End time.Time
}
