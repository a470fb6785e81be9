package sock

import (
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// OptionKind says which Go type the value of a socket option has. OptionInterface
// is set to a netip.Addr (for IPv4), a name or a number; it reads as a netip.Addr
// for IPv4 and as a number for IPv6.
type OptionKind int

// The kinds of values.
const (
	OptionBool       OptionKind = iota // bool
	OptionInt                          // int
	OptionTime                         // time.Duration, in the system's microseconds
	OptionLinger                       // Linger
	OptionMembership                   // Membership; can only be set
	OptionSource                       // SourceMembership; can only be set
	OptionInterface                    // netip.Addr, string or int
	OptionText                         // string
	OptionBytes                        // string of bytes
	OptionPeer                         // PeerCredentials; can only be read
)

var optionKindNames = [...]string{
	OptionBool: "boolean", OptionInt: "number", OptionTime: "seconds", OptionLinger: "linger", OptionMembership: "membership",
	OptionSource: "source membership", OptionInterface: "interface", OptionText: "text", OptionBytes: "bytes", OptionPeer: "credentials",
}

// String returns the word for the kind, such as "seconds".
func (k OptionKind) String() string {
	if k < 0 || int(k) >= len(optionKindNames) {
		return "unknown"
	}
	return optionKindNames[k]
}

// Option is one row of the table of socket options that this system has.
type Option struct {
	Name   string // as in C: "SO_REUSEADDR"
	Level  int    // the first number that setsockopt(2) takes
	Number int    // the second
	Kind   OptionKind
	Doc    string // one line
}

// Linger is the value of SO_LINGER: how long close waits for data to be sent. On
// with no time means that close throws the data away and resets the connection.
type Linger struct {
	On      bool
	Seconds int
}

// Membership is a multicast group on an interface, given by its name or number,
// for IPv4 also by an address of it. Without one the system chooses by the route.
type Membership struct {
	Group     netip.Addr
	Interface string
	Local     netip.Addr
}

// SourceMembership is an IPv4 multicast group, of which only one sender is meant.
type SourceMembership struct {
	Group, Local, Source netip.Addr
}

// PeerCredentials say which process is at the other end of a socket of family Unix.
type PeerCredentials struct{ PID, UID, GID int }

// Options returns the table of the options of this system, in reading order.
func Options() []Option { return optionTable }

// FindOption returns the row of an option by its name, in any case.
func FindOption(name string) (Option, bool) {
	for _, o := range optionTable {
		if strings.EqualFold(o.Name, name) {
			return o, true
		}
	}
	return Option{}, false
}

// OptionAt returns the row of an option by its two numbers.
func OptionAt(level, number int) (Option, bool) {
	for _, o := range optionTable {
		if o.Level == level && o.Number == number {
			return o, true
		}
	}
	return Option{}, false
}

// SetOption sets an option by its name: setsockopt(2). The value has the type that
// its kind tells; numbers and booleans stand for each other as in C. A name that
// this system has not is ENOPROTOOPT, a value of the wrong type EINVAL.
func (s *Socket) SetOption(name string, value any) error {
	start := s.began()
	err := s.setOption(name, value)
	s.tell(start, Call{Name: "setsockopt", Args: Args{Option: name, Value: value}, N: resultOf(err), Err: err})
	return err
}

func (s *Socket) setOption(name string, value any) error {
	o, ok := FindOption(name)
	if !ok {
		return failure("setsockopt", Addr{}, syscall.ENOPROTOOPT)
	}
	raw, errno := encodeOption(o, value)
	if errno != 0 {
		return failure("setsockopt", Addr{}, errno)
	}
	return s.control("setsockopt", Addr{}, func(fd int) syscall.Errno { return s.set(fd, o.Level, o.Number, raw) })
}

// set sets an option, and notes that close may take its time from now on.
func (s *Socket) set(fd, level, number int, value []byte) syscall.Errno {
	if optionName(level, number) == "SO_LINGER" {
		s.mayLinger.Store(true)
	}
	return sysSetOption(fd, level, number, value)
}

// GetOption reads an option by its name: getsockopt(2).
func (s *Socket) GetOption(name string) (any, error) {
	start := s.began()
	value, err := s.getOption(name)
	s.tell(start, Call{Name: "getsockopt", Args: Args{Option: name, Value: value}, N: resultOf(err), Err: err})
	return value, err
}

func (s *Socket) getOption(name string) (any, error) {
	o, ok := FindOption(name)
	if !ok {
		return nil, failure("getsockopt", Addr{}, syscall.ENOPROTOOPT)
	}
	raw := make([]byte, optionSize(o.Kind))
	err := s.control("getsockopt", Addr{}, func(fd int) syscall.Errno {
		n, errno := sysGetOption(fd, o.Level, o.Number, raw)
		raw = raw[:n]
		return errno
	})
	if err != nil {
		return nil, err
	}
	return decodeOption(o, raw), nil
}

// optionSize is how much memory to read an option of that kind into.
func optionSize(kind OptionKind) int {
	switch kind {
	case OptionBool, OptionInt, OptionInterface:
		return 4
	case OptionLinger:
		return 8
	case OptionPeer:
		return 12
	case OptionTime:
		return 16
	}
	const most = 1024
	return most
}

// SetOptionRaw sets an option by its numbers to bytes as they are.
func (s *Socket) SetOptionRaw(level, number int, value string) error {
	start := s.began()
	err := s.control("setsockopt", Addr{}, func(fd int) syscall.Errno { return s.set(fd, level, number, bytesOf(value)) })
	s.tell(start, Call{Name: "setsockopt", Args: Args{Option: optionName(level, number), Value: value}, N: resultOf(err), Err: err})
	return err
}

// GetOptionRaw reads at most size bytes of an option by its numbers.
func (s *Socket) GetOptionRaw(level, number, size int) (string, error) {
	start := s.began()
	var value string
	err := failure("getsockopt", Addr{}, syscall.EINVAL)
	if size >= 0 && size <= smallMemory {
		raw := make([]byte, size)
		err = s.control("getsockopt", Addr{}, func(fd int) syscall.Errno {
			n, errno := sysGetOption(fd, level, number, raw)
			value = string(raw[:n])
			return errno
		})
	}
	s.tell(start, Call{Name: "getsockopt", Args: Args{Option: optionName(level, number), Value: value}, N: resultOf(err), Err: err})
	return value, err
}

// SetOptionInt sets an option by its numbers to a C int.
func (s *Socket) SetOptionInt(level, number, value int) error {
	start := s.began()
	err := s.control("setsockopt", Addr{}, func(fd int) syscall.Errno {
		return s.set(fd, level, number, intBytes(value))
	})
	s.tell(start, Call{Name: "setsockopt", Args: Args{Option: optionName(level, number), Value: value}, N: resultOf(err), Err: err})
	return err
}

// GetOptionInt reads an option by its numbers as a C int.
func (s *Socket) GetOptionInt(level, number int) (int, error) {
	start := s.began()
	var value int
	err := s.control("getsockopt", Addr{}, func(fd int) syscall.Errno {
		raw := make([]byte, optionSize(OptionInt))
		n, errno := sysGetOption(fd, level, number, raw)
		value = intOf(raw[:n])
		return errno
	})
	s.tell(start, Call{Name: "getsockopt", Args: Args{Option: optionName(level, number), Value: value}, N: resultOf(err), Err: err})
	return value, err
}

// microsPerSecond is the unit of struct timeval, two words everywhere.
const microsPerSecond = int64(time.Second / time.Microsecond)
