// Package socket is the one socket type that Lua sees, with its addresses, its
// errors and their hints, and the Lua module "socket" that makes them as
// Python's does. The modules udp and tcp are shorter ways to the same type.
package socket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"weak"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// New is the plugin: it makes the Registry of a Runtime. udp and tcp are given
// the same one.
func New() *Plugin { return &Plugin{} }

// Plugin is the module socket; its Registry is there once a Runtime has it.
type Plugin struct{ Registry *Registry }

// Module declares socket, and the global sockets.
func (p *Plugin) Module(rt *bindings.Runtime) bindings.Module {
	r := &Registry{rt: rt, open: map[*Socket]bool{}}
	r.addresses.live = map[sock.Addr]weak.Pointer[Address]{}
	p.Registry = r
	return bindings.Module{
		Name:   "socket",
		Doc:    "The Berkeley socket calls, named as in Python's socket module.\n\nudp and tcp make the same sockets with less to type.",
		Funcs:  slices.Concat(r.functions(), r.lookups(), conversions()),
		Types:  []bindings.Type{socketRow, addressRow},
		Consts: constants(),
		Absent: absentFunctions,
	}
}

// Globals is the plugin of the global functions about sockets.
func (p *Plugin) Globals() bindings.Plugin { return globals{p} }

type globals struct{ p *Plugin }

func (g globals) Module(*bindings.Runtime) bindings.Module {
	return bindings.Module{
		Doc: "What is open.",
		Funcs: []bindings.Func{{
			Name: "sockets", Results: "list",
			Doc:     "Lists the open sockets, oldest first.\n\nEvery socket is shown here until it is closed; the run closes them at its end.",
			Example: "local s = udp.socket()\nprint(#sockets(), sockets()[1] == s)   --> 1\ttrue",
			Go:      func() []*Socket { return g.p.Registry.sockets() },
		}},
	}
}

func (r *Registry) functions() []bindings.Func {
	return []bindings.Func{
		{
			Name: "socket", Params: "family?, type?, proto?", Results: "s",
			Doc: "Makes a socket: socket(2).\n\nfamily is socket.AF_INET (the default), AF_INET6 or AF_UNIX; type is SOCK_STREAM (the default) or SOCK_DGRAM.\n" +
				"The descriptor exists from here on; nothing is set on it. Raises EMFILE when too many are open.",
			Example: "local s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nprint(s)   --> <udp 0.0.0.0:0>",
			Go:      r.socket,
		},
		{
			Name: "socketpair", Params: "family?, type?", Results: "a, b",
			Doc:     "Makes two sockets that are connected to each other: socketpair(2).\n\nThe defaults are AF_UNIX and SOCK_STREAM.",
			Example: "local a, b = socket.socketpair()\na:send(\"hello\")\nprint(b:recv(100))   --> hello",
			Go: func(t *bindings.Task, family, kind bindings.Opt[int]) (*Socket, *Socket, error) {
				f, k, err := familyAndKind(family.Or(syscall.AF_UNIX), kind.Or(syscall.SOCK_STREAM))
				if err != nil {
					return nil, nil, err
				}
				return r.pair(t, f, k)
			},
		},
		{
			Name: "select", Params: "readers?, writers?, timeout?", Results: "readable, writable, timeout?",
			Doc: "Waits until one of the sockets can be read or written: select(2).\n\nreaders and writers are arrays of sockets; timeout is in seconds, 0 only looks, nil waits for ever.\n" +
				"The two results are arrays that also have the sockets as keys; when nothing is ready, the third is \"timeout\".\n" +
				"A listening socket is readable when accept would not wait; a connecting one is writable when it is through.",
			Example: "local a, b = socket.socketpair()\nlocal r, w = socket.select({b}, {a}, 0)\nprint(#r, #w)   --> 0\t1\na:send(\"x\")\nr = socket.select({b}, nil, 1)\nprint(r[1] == b, r[b] ~= nil)   --> true\ttrue",
			Go:      r.sel,
		},
	}
}

// lookups are the rows about names, hosts and interfaces.
func (r *Registry) lookups() []bindings.Func {
	return []bindings.Func{
		{
			Name: "getaddrinfo", Params: "host, service?, family?, type?", Results: "list",
			Doc:     "Looks up the addresses of a host: getaddrinfo(3).\n\nservice is a port or a name such as \"http\". Returns an array of addresses; raises EAI_NONAME when there is none.",
			Example: "print(socket.getaddrinfo(\"127.0.0.1\", 80)[1])   --> 127.0.0.1:80",
			Go:      r.getaddrinfo,
		},
		{
			Name: "getnameinfo", Params: "host, port?", Results: "name",
			Doc: "Looks up the name of an address: getnameinfo(3).\n\nReturns the address itself where it has no name.",
			Go:  getnameinfo,
		},
		{
			Name: "gethostname", Results: "name",
			Doc: "Returns the name of this machine: gethostname(2).",
			Go:  sock.Hostname,
		},
		{
			Name: "gethostbyname", Params: "name", Results: "ip",
			Doc:     "Looks up one IPv4 address of a host, as text.",
			Example: "print(socket.gethostbyname(\"127.0.0.1\"))   --> 127.0.0.1",
			Go: func(ctx context.Context, name string) (string, error) {
				list, err := sock.LookupAddrs(ctx, name, "0", sock.Inet, sock.Stream)
				if err != nil {
					return "", failed("gethostbyname", name, err)
				}
				return list[0].Host(), nil
			},
		},
		{
			Name: "getservbyname", Params: "name, protocol?", Results: "port",
			Doc: "Returns the port of a service such as \"http\": getservbyname(3).",
			Go: func(name string, protocol bindings.Opt[string]) (int, error) {
				kind, known := map[string]sock.Kind{"tcp": sock.Stream, "udp": sock.Dgram}[protocol.Or("tcp")]
				if !known {
					return 0, bindings.BadArgument("protocol", "\"tcp\" or \"udp\" expected, got %q", protocol.Value)
				}
				port, err := sock.LookupPort(name, kind)
				return port, failed("getservbyname", name, err)
			},
		},
		{
			Name: "interfaces", Results: "list",
			Doc: "Lists the network interfaces.\n\nEach is a table with index, name, mtu, flags (text) and addresses (an array of texts such as \"127.0.0.1/8\").",
			Go:  interfaces,
		},
		{
			Name: "connections", Params: "protocol?", Results: "list",
			Doc: "Lists the system's table of sockets, those of other programs too.\n\nprotocol is \"tcp\" (the default) or \"udp\". Each is a table with laddr, peer and state, as netstat(8) has them: " +
				"here a connection in TIME-WAIT is seen, which belongs to no socket any more.",
			Example: "local l = tcp.listen(\"127.0.0.1\", 0)\nfor _, c in ipairs(socket.connections()) do\n  if c.laddr == l:getsockname() then print(c.laddr, c.state) end   --> 127.0.0.1:<port>\tLISTEN\nend",
			Go:      r.connections,
		},
		{
			Name: "if_nameindex", Results: "list",
			Doc: "Lists the network interfaces as tables {index, name}: if_nameindex(3).",
			Go: func() ([][]any, error) {
				list, err := sock.Interfaces()
				names := make([][]any, len(list))
				for i, ifi := range list {
					names[i] = []any{ifi.Index, ifi.Name}
				}
				return names, err
			},
		},
	}
}

// conversions are the rows about byte order and the bytes of addresses.
func conversions() []bindings.Func {
	return []bindings.Func{
		converter("htons", "Turns a 16-bit number from host to network byte order.", sock.Htons, 80),
		converter("ntohs", "Turns a 16-bit number from network to host byte order.", sock.Ntohs, 80),
		converter("htonl", "Turns a 32-bit number from host to network byte order.", sock.Htonl, 0x7f000001),
		converter("ntohl", "Turns a 32-bit number from network to host byte order.", sock.Ntohl, 0x7f000001),
		{Name: "inet_aton", Params: "ip", Results: "bytes", Doc: "Turns IPv4 text into its 4 bytes: inet_aton(3).",
			Example: "print(socket.inet_aton(\"127.0.0.1\"):hex())   --> 7f000001", Go: inetAton},
		{Name: "inet_ntoa", Params: "bytes", Results: "ip", Doc: "Turns 4 bytes into IPv4 text: inet_ntoa(3).",
			Example: "print(socket.inet_ntoa(\"\\x7f\\0\\0\\x01\"))   --> 127.0.0.1", Go: inetNtoa},
		{Name: "inet_pton", Params: "family, ip", Results: "bytes", Doc: "Turns IP text into its bytes: inet_pton(3).",
			Example: "print(#socket.inet_pton(socket.AF_INET6, \"::1\"))   --> 16", Go: inetPton},
		{Name: "inet_ntop", Params: "family, bytes", Results: "ip", Doc: "Turns the bytes of an IP address into text: inet_ntop(3).",
			Example: "print(socket.inet_ntop(socket.AF_INET, \"\\x7f\\0\\0\\x01\"))   --> 127.0.0.1", Go: inetNtop},
	}
}

func (r *Registry) socket(task *bindings.Task, family, kind, proto bindings.Opt[int]) (*Socket, error) {
	f, k, err := familyAndKind(family.Or(syscall.AF_INET), kind.Or(syscall.SOCK_STREAM))
	if err != nil {
		return nil, err
	}
	return r.Open(task, f, k, proto.Or(0))
}

// families and kinds translate the system's numbers, which scripts see.
var (
	families = map[int]sock.Family{syscall.AF_INET: sock.Inet, syscall.AF_INET6: sock.Inet6, syscall.AF_UNIX: sock.Unix, syscall.AF_UNSPEC: sock.Unspec}
	kinds    = map[int]sock.Kind{syscall.SOCK_STREAM: sock.Stream, syscall.SOCK_DGRAM: sock.Dgram}
)

func familyAndKind(family, kind int) (sock.Family, sock.Kind, error) {
	f, known := families[family]
	if !known || f == sock.Unspec {
		return 0, 0, bindings.BadArgument("family", "socket.AF_INET, AF_INET6 or AF_UNIX expected, got %d", family)
	}
	k, known := kinds[kind]
	if !known {
		return 0, 0, bindings.BadArgument("type", "socket.SOCK_STREAM or SOCK_DGRAM expected, got %d", kind)
	}
	return f, k, nil
}

func (r *Registry) getaddrinfo(ctx context.Context, host string, service bindings.Opt[string], family, kind bindings.Opt[int]) ([]*Address, error) {
	list, err := sock.LookupAddrs(ctx, host, service.Or("0"), families[family.Or(0)], kinds[kind.Or(0)])
	if err != nil {
		return nil, failed("getaddrinfo", host, err)
	}
	addresses := make([]*Address, len(list))
	for i, a := range list {
		addresses[i] = r.addresses.address(a)
	}
	return addresses, nil
}

func getnameinfo(ctx context.Context, dest Dest) (string, error) {
	if !dest.hasPort && !dest.addr.IsValid() {
		dest.hasPort = true
	}
	addr, err := dest.Resolve(ctx, "getnameinfo", sock.Unspec, 0)
	if err != nil {
		return "", err
	}
	name, _, err := sock.LookupName(ctx, addr, sock.Stream)
	return name, failed("getnameinfo", addr.String(), err)
}

// Connection is a row of the system's table of sockets as Lua sees it.
type Connection struct {
	Local *Address `lua:"laddr"`
	Peer  *Address `lua:"peer"`
	State string   `lua:"state"`
}

func (r *Registry) connections(protocol bindings.Opt[string]) ([]Connection, error) {
	kind, known := map[string]sock.Kind{"tcp": sock.Stream, "udp": sock.Dgram}[protocol.Or("tcp")]
	if !known {
		return nil, bindings.BadArgument("protocol", "\"tcp\" or \"udp\" expected, got %q", protocol.Value)
	}
	rows, err := sock.Connections(kind)
	list := make([]Connection, len(rows))
	for i, row := range rows {
		list[i] = Connection{r.addresses.address(row.Local), r.addresses.address(row.Peer), row.State.String()}
	}
	return list, failed("connections", "", err)
}

// Interface is a network interface as Lua sees it.
type Interface struct {
	Index     int      `lua:"index"`
	Name      string   `lua:"name"`
	MTU       int      `lua:"mtu"`
	Flags     string   `lua:"flags"`
	Addresses []string `lua:"addresses"`
}

func interfaces() ([]Interface, error) {
	list, err := sock.Interfaces()
	all := make([]Interface, 0, len(list))
	for _, i := range list {
		e := Interface{Index: i.Index, Name: i.Name, MTU: i.MTU, Flags: i.Flags.String()}
		for _, a := range i.Addrs {
			e.Addresses = append(e.Addresses, a.String())
		}
		all = append(all, e)
	}
	return all, err
}

// converter is the row of a change between byte orders; it undoes itself.
func converter[N uint16 | uint32](name, doc string, f func(N) N, sample N) bindings.Func {
	back := strings.NewReplacer("hton", "ntoh", "ntoh", "hton").Replace(name)
	return bindings.Func{Name: name, Params: "n", Results: "n", Doc: doc, Go: f,
		Example: fmt.Sprintf("print(socket.%s(socket.%s(%d)))   --> %d", back, name, sample, sample)}
}

func inetAton(text string) (string, error) {
	ip, ok := sock.InetAton(text)
	if !ok {
		return "", bindings.BadArgument("ip", "an IPv4 address expected, got %q", text)
	}
	return string(ip[:]), nil
}

func inetNtoa(bytes string) (string, error) {
	if len(bytes) != 4 {
		return "", bindings.BadArgument("bytes", "4 bytes expected, got %d", len(bytes))
	}
	return sock.InetNtoa([4]byte([]byte(bytes))), nil
}

func inetPton(family int, text string) (string, error) {
	b, err := sock.InetPton(families[family], text)
	return b, failed("inet_pton", text, err)
}

func inetNtop(family int, bytes string) (string, error) {
	text, err := sock.InetNtop(families[family], bytes)
	return text, failed("inet_ntop", "", err)
}
