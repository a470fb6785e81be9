package socket

import (
	"net/netip"
	"strings"
	"syscall"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// optionArg is the level and option of setsockopt: constants of the module,
// their names, or the name of the option alone ("SO_REUSEADDR").
type optionArg struct {
	level, number int
	row           sock.Option
	known         bool // row is the row of the table
}

// ArgNames says that it is "level, option" in a row.
func (*optionArg) ArgNames() int { return 2 }

// ReadArgs reads one or two arguments.
func (o *optionArg) ReadArgs(a *bindings.Args) error {
	*o = optionArg{}
	switch v := a.Peek().(type) {
	case string:
		a.Take()
		level, isLevel := levels[strings.ToUpper(v)]
		if !isLevel {
			return o.find(v, "level")
		}
		o.level = level
	case float64:
		a.Take()
		o.level = int(v)
	default:
		return bindings.BadArgument("level", "a constant such as socket.SOL_SOCKET expected, got %s", a.Describe())
	}
	switch v := a.Peek().(type) {
	case string:
		a.Take()
		return o.find(v, "option")
	case float64:
		a.Take()
		o.number = int(v)
		o.row, o.known = sock.OptionAt(o.level, o.number)
		return nil
	}
	return bindings.BadArgument("option", "a constant such as socket.SO_REUSEADDR expected, got %s", a.Describe())
}

func (o *optionArg) find(name, param string) error {
	o.row, o.known = sock.FindOption(name)
	if !o.known {
		return bindings.BadArgument(param, "this system has no option %q%s", name, bindings.DidYouMean(name, optionNames()))
	}
	o.level, o.number = o.row.Level, o.row.Number
	return nil
}

func optionNames() []string {
	var names []string
	for _, o := range sock.Options() {
		names = append(names, o.Name)
	}
	return names
}

// levels are the levels of options by name.
var levels = map[string]int{
	"SOL_SOCKET": syscall.SOL_SOCKET, "IPPROTO_IP": syscall.IPPROTO_IP, "IPPROTO_IPV6": syscall.IPPROTO_IPV6,
	"IPPROTO_TCP": syscall.IPPROTO_TCP, "IPPROTO_UDP": syscall.IPPROTO_UDP,
	"SOL_IP": syscall.IPPROTO_IP, "SOL_TCP": syscall.IPPROTO_TCP, "SOL_UDP": syscall.IPPROTO_UDP,
}

func (s *Socket) setsockopt(task *bindings.Task, option optionArg, value bindings.Plain) error {
	s.user.Store(task)
	raw, isText := value.Value.(string)
	structured := option.row.Kind == sock.OptionText || option.row.Kind == sock.OptionInterface && len(raw) != 4
	switch {
	case isText && !(option.known && structured):
		return failed("setsockopt", option.row.Name, s.raw.SetOptionRaw(option.level, option.number, raw))
	case !option.known:
		n, ok := value.Number()
		if !ok {
			return bindings.BadArgument("value", "a number or a string of bytes expected")
		}
		return failed("setsockopt", "", s.raw.SetOptionInt(option.level, option.number, int(n)))
	}
	v, err := optionValue(option.row, value)
	if err != nil {
		return err
	}
	return failed("setsockopt", option.row.Name, s.raw.SetOption(option.row.Name, v))
}

// optionValue turns a Lua value into what sock takes for that kind of option.
func optionValue(row sock.Option, value bindings.Plain) (any, error) {
	n, isNumber := value.Number()
	list := value.List()
	switch row.Kind {
	case sock.OptionBool:
		if isNumber {
			return n != 0, nil
		}
	case sock.OptionInt:
		if isNumber {
			return int(n), nil
		}
	case sock.OptionTime:
		if isNumber {
			return time.Duration(n * float64(time.Second)), nil
		}
	case sock.OptionInterface:
		if isNumber {
			return int(n), nil
		}
		name, _ := value.Value.(string)
		if ip, err := netip.ParseAddr(name); err == nil {
			return ip, nil
		}
		return name, nil
	case sock.OptionText:
		return value.Value, nil
	case sock.OptionLinger:
		if len(list) == 2 {
			on, _ := bindings.Number(list[0])
			seconds, _ := bindings.Number(list[1])
			return sock.Linger{On: on != 0, Seconds: int(seconds)}, nil
		}
	case sock.OptionMembership, sock.OptionSource:
		return membership(row.Kind, list)
	}
	return nil, bindings.BadArgument("value", "%s takes %s", row.Name, valueForms[row.Kind])
}

// valueForms says how the value of each kind of option is written.
var valueForms = map[sock.OptionKind]string{
	sock.OptionBool: "a boolean, or 0 or 1", sock.OptionInt: "a number", sock.OptionTime: "seconds",
	sock.OptionLinger:     "{onoff, seconds}",
	sock.OptionMembership: `{"224.1.1.1"} or {"224.1.1.1", "127.0.0.1" or "lo"}`,
	sock.OptionSource:     `{"232.1.1.1", "127.0.0.1", source}`,
	sock.OptionBytes:      "a string of bytes", sock.OptionPeer: "nothing: it can only be read",
}

// membership reads {group, interface} and {group, interface, source}.
func membership(kind sock.OptionKind, list []any) (any, error) {
	var ips [3]netip.Addr
	name := ""
	for i, v := range list[:min(len(list), 3)] {
		text, _ := v.(string)
		ip, err := netip.ParseAddr(text)
		if err != nil && i != 1 {
			return nil, bindings.BadArgument("value", "element %d: an IP address expected, got %q", i+1, text)
		}
		if err != nil {
			name = text
		}
		ips[i] = ip
	}
	if !ips[0].IsValid() {
		return nil, bindings.BadArgument("value", "a multicast group expected: %s", valueForms[kind])
	}
	if kind == sock.OptionSource {
		return sock.SourceMembership{Group: ips[0], Local: ips[1], Source: ips[2]}, nil
	}
	return sock.Membership{Group: ips[0], Local: ips[1], Interface: name}, nil
}

func (s *Socket) getsockopt(task *bindings.Task, option optionArg, length bindings.Opt[int]) (any, error) {
	s.user.Store(task)
	switch {
	case length.Set:
		raw, err := s.raw.GetOptionRaw(option.level, option.number, length.Value)
		return raw, failed("getsockopt", option.row.Name, err)
	case !option.known:
		n, err := s.raw.GetOptionInt(option.level, option.number)
		return n, failed("getsockopt", "", err)
	}
	v, err := s.raw.GetOption(option.row.Name)
	if err != nil {
		return nil, failed("getsockopt", option.row.Name, err)
	}
	switch v := v.(type) {
	case bool: // as in C and Python, where an option is an int
		if v {
			return 1, nil
		}
		return 0, nil
	case sock.Linger:
		return []any{v.On, v.Seconds}, nil
	case netip.Addr:
		return v.String(), nil
	case sock.PeerCredentials:
		return map[string]any{"pid": v.PID, "uid": v.UID, "gid": v.GID}, nil
	}
	return v, nil
}

// Info is what s:info() returns.
type Info struct {
	State         string  `lua:"state"`
	RTT           float64 `lua:"rtt"`
	RTTVar        float64 `lua:"rttvar"`
	MinRTT        float64 `lua:"min_rtt"`
	RTO           float64 `lua:"rto"`
	SendMSS       int     `lua:"mss"`
	RecvMSS       int     `lua:"rcv_mss"`
	PathMTU       int     `lua:"pmtu"`
	Window        int     `lua:"cwnd"`
	SlowStart     int     `lua:"ssthresh"`
	SendWindow    int     `lua:"snd_wnd"`
	RecvWindow    int     `lua:"rcv_wnd"`
	Unacked       int     `lua:"unacked"`
	Backlog       int     `lua:"backlog"`
	Lost          int     `lua:"lost"`
	Retransmits   int     `lua:"retransmits"`
	TotalRetrans  int     `lua:"total_retrans"`
	Probes        int     `lua:"probes"`
	NotSent       int     `lua:"notsent"`
	BytesSent     uint64  `lua:"bytes_sent"`
	BytesAcked    uint64  `lua:"bytes_acked"`
	BytesReceived uint64  `lua:"bytes_received"`
	SegmentsOut   uint64  `lua:"segs_out"`
	SegmentsIn    uint64  `lua:"segs_in"`
}

func (s *Socket) info() (Info, error) {
	i, err := s.raw.Info()
	if err != nil {
		return Info{}, failed("info", "", err)
	}
	return Info{
		State: i.State.String(),
		RTT:   i.RTT.Seconds(), RTTVar: i.RTTVar.Seconds(), MinRTT: i.MinRTT.Seconds(), RTO: i.RTO.Seconds(),
		SendMSS: i.SendMSS, RecvMSS: i.RecvMSS, PathMTU: i.PathMTU,
		Window: i.CongestionWindow, SlowStart: i.SlowStartLimit, SendWindow: i.SendWindow, RecvWindow: i.RecvWindow,
		Unacked: i.Unacked, Backlog: i.Backlog, Lost: i.Lost, Retransmits: i.Retransmits, TotalRetrans: i.TotalRetrans,
		Probes: i.Probes, NotSent: i.NotSent,
		BytesSent: i.BytesSent, BytesAcked: i.BytesAcked, BytesReceived: i.BytesReceived,
		SegmentsOut: i.SegmentsOut, SegmentsIn: i.SegmentsIn,
	}, nil
}

// constants are the numbers that scripts use, as this system has them.
func constants() []bindings.Const {
	list := []bindings.Const{
		{Name: "AF_INET", Doc: "IPv4", Value: sock.Inet.Number()},
		{Name: "AF_INET6", Doc: "IPv6", Value: sock.Inet6.Number()},
		{Name: "AF_UNIX", Doc: "sockets of this machine, named by a path", Value: sock.Unix.Number()},
		{Name: "AF_UNSPEC", Doc: "any family, in a look-up", Value: sock.Unspec.Number()},
		{Name: "SOCK_STREAM", Doc: "a stream of bytes over a connection: TCP", Value: sock.Stream.Number()},
		{Name: "SOCK_DGRAM", Doc: "datagrams: UDP", Value: sock.Dgram.Number()},
		{Name: "SHUT_RD", Doc: "of shutdown: read no more", Value: 0},
		{Name: "SHUT_WR", Doc: "of shutdown: write no more; the peer reads the end", Value: 1},
		{Name: "SHUT_RDWR", Doc: "of shutdown: both", Value: 2},
		{Name: "SOMAXCONN", Doc: "a large backlog for listen", Value: syscall.SOMAXCONN},
		{Name: "INADDR_ANY", Doc: "the host that stands for all of this machine's addresses", Value: "0.0.0.0"},
		{Name: "INADDR_LOOPBACK", Doc: "the host that is this machine itself", Value: "127.0.0.1"},
		{Name: "INADDR_BROADCAST", Doc: "the host that is everybody on the network", Value: "255.255.255.255"},
		{Name: "has_ipv6", Doc: "whether there is IPv6", Value: true},
	}
	for _, name := range []string{"SOL_SOCKET", "IPPROTO_IP", "IPPROTO_IPV6", "IPPROTO_TCP", "IPPROTO_UDP", "SOL_IP", "SOL_TCP", "SOL_UDP"} {
		list = append(list, bindings.Const{Name: name, Doc: "a level of socket options", Value: levels[name]})
	}
	for _, f := range sock.FlagNames() {
		list = append(list, bindings.Const{Name: f.Name, Doc: f.Doc, Value: int(f.Flag)})
	}
	for _, o := range sock.Options() {
		list = append(list, bindings.Const{Name: o.Name, Doc: o.Doc, Value: o.Number})
	}
	return list
}
