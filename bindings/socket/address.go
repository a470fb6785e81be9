package socket

import (
	"context"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"weak"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// Address is an address as Lua sees it. Within a Runtime there is one Address
// for each address that somebody holds, so it compares equal and works as a
// table key.
type Address struct {
	bindings.Object
	addr sock.Addr
}

// String is "127.0.0.1:80".
func (a *Address) String() string { return a.addr.String() }

// Addr is the address as sock knows it.
func (a *Address) Addr() sock.Addr { return a.addr }

var addressRow = bindings.Type{
	Name: "address", Var: "addr", Of: (*Address)(nil),
	Doc: "Where a socket is: host and port, or the path of a Unix socket.\n\n" +
		"The same address is the same value, so it works as a table key; sendto and connect take it as it is. tostring(addr) is \"127.0.0.1:80\".",
	Fields: []bindings.Field{
		{Name: "host", Doc: "the IP address as text; the path for AF_UNIX", Go: func(a *Address) string { return a.addr.Host() }},
		{Name: "port", Doc: "the port, a number; 0 for AF_UNIX", Go: func(a *Address) int { return a.addr.Port() }},
		{Name: "family", Doc: "socket.AF_INET, AF_INET6 or AF_UNIX", Go: func(a *Address) int { return a.addr.Family().Number() }},
	},
	Tuple: []string{"host", "port"},
}

// interned holds the Addresses that somebody still uses, and no others.
type interned struct {
	mu   sync.Mutex
	live map[sock.Addr]weak.Pointer[Address]
}

// address is the one Address for a; nil for the zero Addr.
func (n *interned) address(a sock.Addr) *Address {
	if !a.IsValid() {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if v := n.live[a].Value(); v != nil {
		return v
	}
	v := &Address{addr: a}
	n.live[a] = weak.Make(v)
	runtime.AddCleanup(v, n.forget, a)
	return v
}

func (n *interned) forget(a sock.Addr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.live[a].Value() == nil { // it may have come to life again
		delete(n.live, a)
	}
}

// Dest is an address as an argument: ("127.0.0.1", 80), {"127.0.0.1", 80},
// "127.0.0.1:80", "[::1]:80", a path, or an address value. A host may be a
// name, "" or "*" for any, "<broadcast>"; it is resolved when the call runs.
type Dest struct {
	addr    sock.Addr // if the argument was an address value
	host    string
	port    uint16
	service string // a port by name
	hasPort bool
}

// ArgNames says that a Dest is "host, port" in a row.
func (d *Dest) ArgNames() int { return 2 }

// ReadArgs reads one or two arguments.
func (d *Dest) ReadArgs(a *bindings.Args) error {
	*d = Dest{}
	if address, ok := a.Object().(*Address); ok {
		a.Skip()
		d.addr = address.addr
		return nil
	}
	if host, ok := a.Text(); ok {
		a.Skip()
		d.host = host
		return d.readPort(a)
	}
	pair, ok := a.TakeArray()
	if !ok {
		return bindings.BadArgument("host", "a string, an address or a table {host, port} expected, got %s", a.Describe())
	}
	return d.setPair(pair)
}

// readPort reads the argument behind a host, if it can be a port.
func (d *Dest) readPort(a *bindings.Args) error {
	if n, ok := a.Number(); ok {
		a.Skip()
		return d.setPort(n)
	}
	if name, ok := a.Text(); ok {
		a.Skip()
		return d.setService(name)
	}
	if a.Left() > 0 && a.Peek() == nil { // an explicit nil
		return bindings.BadArgument("port", "number from 0 to 65535 expected, got nil")
	}
	return nil
}

// setPair takes {host, port} or {host}.
func (d *Dest) setPair(pair []any) error {
	if len(pair) == 0 || len(pair) > 2 {
		return bindings.BadArgument("host", "an address expected, got a table of %d elements", len(pair))
	}
	host, isText := pair[0].(string)
	if !isText {
		return bindings.BadArgument("host", "the first element of an address table is a host, a string")
	}
	d.host = host
	if len(pair) == 1 {
		return nil
	}
	switch port := pair[1].(type) {
	case float64:
		return d.setPort(port)
	case string:
		return d.setService(port)
	}
	return bindings.BadArgument("port", "a number from 0 to 65535 expected")
}

func (d *Dest) setPort(n float64) error {
	if n < 0 || n > 65535 || n != float64(uint16(n)) {
		return bindings.BadArgument("port", "a whole number from 0 to 65535 expected, got %v", n)
	}
	d.port, d.hasPort = uint16(n), true
	return nil
}

// setService takes a port as a string, its number or its name.
func (d *Dest) setService(text string) error {
	if n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64); err == nil {
		return d.setPort(float64(n))
	}
	d.service, d.hasPort = text, true
	return nil
}

// String is the address as it was given, for messages.
func (d *Dest) String() string {
	switch {
	case d.addr.IsValid():
		return d.addr.String()
	case !d.hasPort:
		return d.host
	}
	port := d.service
	if port == "" {
		port = strconv.Itoa(int(d.port))
	}
	if strings.Contains(d.host, ":") {
		return "[" + d.host + "]:" + port
	}
	return d.host + ":" + port
}

// split finds the port inside "127.0.0.1:80" and "[::1]:80".
func (d *Dest) split() error {
	if d.hasPort {
		return nil
	}
	i := strings.LastIndexByte(d.host, ':')
	bare := strings.Count(d.host, ":") > 1 && !strings.HasPrefix(d.host, "[")
	if i < 0 || bare || strings.HasSuffix(d.host, "]") {
		return bindings.BadArgument("port", "missing: give it as a second argument or as %q", d.host+":80")
	}
	host, port := d.host[:i], d.host[i+1:]
	d.host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return d.setService(port)
}

// Resolve finds the address for a socket of that family and kind.
func (d Dest) Resolve(ctx context.Context, op string, family sock.Family, kind sock.Kind) (sock.Addr, error) {
	switch {
	case d.addr.IsValid():
		return d.addr, nil
	case family == sock.Unix:
		return sock.UnixAddr(d.host), nil
	}
	if err := d.split(); err != nil {
		return sock.Addr{}, err
	}
	if d.service == "" {
		if a, ok := d.literal(family); ok {
			return a, nil
		}
	}
	list, err := sock.LookupAddrs(ctx, d.host, d.serviceOrPort(), family, kind)
	if err != nil {
		return sock.Addr{}, failed(op, d.String(), err)
	}
	return list[0], nil
}

// ResolveAll finds all addresses of a destination, IPv4 first.
func (d Dest) ResolveAll(ctx context.Context, op string, kind sock.Kind) ([]sock.Addr, error) {
	if d.addr.IsValid() {
		return []sock.Addr{d.addr}, nil
	}
	if err := d.split(); err != nil {
		return nil, err
	}
	list, err := sock.LookupAddrs(ctx, d.host, d.serviceOrPort(), sock.Unspec, kind)
	if err != nil {
		return nil, failed(op, d.String(), err)
	}
	slices.SortStableFunc(list, func(a, b sock.Addr) int { return int(a.Family()) - int(b.Family()) })
	return list, nil
}

// DestOf is the destination that is an address.
func DestOf(a sock.Addr) Dest { return Dest{addr: a} }

func (d Dest) serviceOrPort() string {
	if d.service != "" {
		return d.service
	}
	return strconv.Itoa(int(d.port))
}

// literal is the address of a host that needs no look-up.
func (d Dest) literal(family sock.Family) (sock.Addr, bool) {
	switch d.host {
	case "", "*":
		return sock.AnyAddr(family, d.port), true
	case "<broadcast>":
		return sock.InetAddr(netip.AddrFrom4([4]byte{255, 255, 255, 255}), d.port), true
	}
	ip, err := netip.ParseAddr(d.host)
	return sock.InetAddr(ip, d.port), err == nil
}
