package socket

import (
	"lunawire/bindings"
)

// socketRow is the socket type: each method is a row and an ordinary function.
var socketRow = bindings.Type{
	Name: "socket", Var: "s", Of: (*Socket)(nil),
	Doc: "A socket of the operating system.\n\n" +
		"Addresses are given as (\"127.0.0.1\", 80), {\"127.0.0.1\", 80}, \"127.0.0.1:80\" or an address value; a host may be a name, \"\" or \"*\" for any.\n" +
		"Data are strings of bytes; encode and decode text explicitly. A call that waits blocks its own task only; {timeout=seconds} as the last argument limits it.",
	Fields: []bindings.Field{
		{Name: "id", Doc: "its number in this run", Go: (*Socket).ID},
		{Name: "family", Doc: "socket.AF_INET, AF_INET6 or AF_UNIX", Go: func(s *Socket) int { return s.raw.Family().Number() }},
		{Name: "type", Doc: "socket.SOCK_STREAM or SOCK_DGRAM", Go: func(s *Socket) int { return s.raw.Kind().Number() }},
		{Name: "proto", Doc: "the protocol number it was made with", Go: func(s *Socket) int { return s.raw.Proto() }},
		{Name: "bytes_in", Doc: "how many bytes it has received", Go: func(s *Socket) int64 { return s.raw.BytesIn() }},
		{Name: "bytes_out", Doc: "how many bytes it has sent", Go: func(s *Socket) int64 { return s.raw.BytesOut() }},
	},
	Methods: append(append(setupRows, dataRows...), stateRows...),
	Absent:  absentMethods,
}

var setupRows = []bindings.Func{
	{
		Name: "bind", Params: "host, port?",
		Doc:     "Gives the socket its own address: bind(2).\n\nPort 0 takes a free one, which getsockname then tells. Raises EADDRINUSE when the port is taken (the hint says by whom) and EACCES below port 1024.",
		Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\nprint(s:getsockname())   --> 127.0.0.1:<port>",
		Go:      bindings.Wait2to0((*Socket).bind),
	},
	{
		Name: "listen", Params: "backlog?",
		Doc:     "Makes the socket wait for connections: listen(2).\n\nbacklog is how many finished handshakes may wait for accept, not how many connections there may be; 128 if left out.",
		Example: "local l = tcp.socket()\nl:bind(\"127.0.0.1\", 0)\nl:listen(10)\nprint(l:state())   --> LISTEN",
		Go:      (*Socket).listen,
	},
	{
		Name: "accept", Params: "opts?", Results: "conn, address",
		Doc:     "Waits for a connection and returns its socket: accept(2).\n\nThe second result is the peer's address. Returns nil, \"timeout\" when none comes in time.",
		Example: "local l = tcp.listen(\"127.0.0.1\", 0)\nlocal c = tcp.connect(l:getsockname())\nlocal conn, addr = l:accept()\nprint(addr == c:getsockname())   --> true",
		Go:      bindings.Wait2to2((*Socket).accept),
	},
	{
		Name: "connect", Params: "host, port?, opts?",
		Doc:     "Connects the socket to an address: connect(2).\n\nFor TCP that is the three-way handshake; for UDP it only fixes the peer. Raises ECONNREFUSED when nobody listens there, ETIMEDOUT when nobody answers in time.",
		Example: "local l = tcp.listen(\"127.0.0.1\", 0)\nlocal c = tcp.socket()\nc:connect(l:getsockname())\nprint(c:state())   --> ESTABLISHED",
		Go:      bindings.Wait3to0((*Socket).connect),
	},
	{
		Name: "connect_ex", Params: "host, port?, opts?", Results: "code",
		Doc:     "Connects like connect, but returns the error's code, \"\" for success.",
		Example: "local c = tcp.socket()\nlocal free = udp.socket(); free:bind(\"127.0.0.1\", 0)\nprint(c:connect_ex(free:getsockname()))   --> ECONNREFUSED",
		Go:      (*Socket).connectEx,
	},
	{
		Name: "shutdown", Params: "how",
		Doc:     "Closes one half of a connection, or both: shutdown(2).\n\nhow is \"write\", \"read\", \"both\" or socket.SHUT_WR, SHUT_RD, SHUT_RDWR. After \"write\" the peer reads the end of the stream and can still send.",
		Example: "local a, b = socket.socketpair()\na:shutdown(\"write\")\nprint(b:recv(10))   --> nil\tclosed",
		Go:      (*Socket).shutdown,
	},
	{
		Name:    "close",
		Doc:     "Closes the socket: close(2).\n\nTasks that wait in a call on it get EBADF, as does every later call. Closing again does nothing.",
		Example: "local s = udp.socket()\ns:close()\nprint(s)   --> <udp closed>",
		Go:      bindings.Do1to0((*Socket).close),
	},
	{
		Name: "settimeout", Params: "seconds?",
		Doc:     "Limits each later call that waits.\n\nnil, the default, waits for ever; 0 never waits. A call whose results are read then returns nil, \"timeout\"; connect and send raise ETIMEDOUT.",
		Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\ns:settimeout(0.01)\nprint(s:recvfrom(100))   --> nil\ttimeout",
		Go:      (*Socket).settimeout,
	},
	{Name: "gettimeout", Results: "seconds?", Doc: "Returns what settimeout set, nil for no limit.", Go: (*Socket).gettimeout,
		Example: "local s = udp.socket()\ns:settimeout(2.5)\nprint(s:gettimeout())   --> 2.5"},
	{Name: "setblocking", Params: "wait", Doc: "Is settimeout(nil) for true and settimeout(0) for false.", Go: (*Socket).setblocking},
	{Name: "getblocking", Results: "wait", Doc: "Tells whether calls wait at all.", Go: (*Socket).getblocking},
	{
		Name: "setsockopt", Params: "level, option, value",
		Doc: "Sets an option: setsockopt(2).\n\nlevel and option are constants of the module socket or their names (\"SOL_SOCKET\", \"SO_REUSEADDR\"). value is a boolean or number; " +
			"seconds for SO_RCVTIMEO; {onoff, seconds} for SO_LINGER; {group, interface} for IP_ADD_MEMBERSHIP; or the raw bytes.",
		Example: "local s = tcp.socket()\ns:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\nprint(s:getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR))   --> 1",
		Go:      (*Socket).setsockopt,
	},
	{
		Name: "getsockopt", Params: "level, option, length?", Results: "value",
		Doc:     "Reads an option: getsockopt(2).\n\nWith a length the raw bytes are returned. Linux tells SO_RCVBUF doubled.",
		Example: "local s = tcp.socket()\nprint(s:getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))   --> 0",
		Go:      (*Socket).getsockopt,
	},
}

var dataRows = []bindings.Func{
	{
		Name: "send", Params: "data, flags?, opts?", Results: "n",
		Doc:     "Sends data to the peer: send(2).\n\nReturns how many bytes were handed over: all of them, unless settimeout(0) is set and the buffers are full. Raises EPIPE or ECONNRESET when the peer is gone; err.sent tells how much went.",
		Example: "local a, b = socket.socketpair()\nprint(a:send(\"hello\"))   --> 5",
		Go:      bindings.Wait4to1((*Socket).send),
	},
	{
		Name: "sendall", Params: "data, opts?", Results: "n",
		Doc: "Sends all of data, in as many calls as that takes.",
		Go:  bindings.Wait3to1((*Socket).sendall),
	},
	{
		Name: "sendto", Params: "data, host, port?, opts?", Results: "n",
		Doc:     "Sends a datagram to an address: sendto(2).\n\nBinds the socket to a free port first if it has none. Raises EMSGSIZE above 65507 bytes, EACCES for a broadcast without SO_BROADCAST. opts: timeout and flags.",
		Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\nprint(s:sendto(\"hello\", s:getsockname()))   --> 5\nprint(s:recvfrom(1024))   --> hello\t127.0.0.1:<port>",
		Go:      bindings.Wait4to1((*Socket).sendto),
	},
	{
		Name: "recv", Params: "n, flags?, opts?", Results: "data",
		Doc:     "Receives at most n bytes, at least one: recv(2).\n\nReturns nil, \"closed\" at the end of a stream; \"\" is an empty datagram. Raises ECONNRESET when the peer cut the connection. flags: socket.MSG_PEEK, MSG_OOB ...",
		Example: "local a, b = socket.socketpair()\na:send(\"hello\")\na:close()\nprint(b:recv(3))   --> hel\nprint(b:recv(3))   --> lo\nprint(b:recv(3))   --> nil\tclosed",
		Go:      bindings.Wait4to1((*Socket).recv),
	},
	{
		Name: "recvfrom", Params: "n, flags?, opts?", Results: "data, address, truncated?",
		Doc:     "Receives a datagram and tells who sent it: recvfrom(2).\n\nA longer datagram is cut at n bytes, the rest is lost and the third result is \"truncated\".",
		Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\ns:sendto(\"hello world\", s:getsockname())\nprint(s:recvfrom(5))   --> hello\t127.0.0.1:<port>\ttruncated",
		Go:      bindings.Wait4to3((*Socket).recvfrom),
	},
	{
		Name: "recvexact", Params: "n, opts?", Results: "data",
		Doc:     "Receives exactly n bytes of a stream.\n\nIf the stream ends before, it returns nil, \"closed\"; after that and after a timeout what has arrived is still there for recv.",
		Example: "local a, b = socket.socketpair()\na:send(\"hel\"); a:send(\"lo!\")\nprint(b:recvexact(5))   --> hello",
		Go:      bindings.Wait3to1((*Socket).recvexact),
	},
	{
		Name: "recvline", Params: "max?, opts?", Results: "line",
		Doc:     "Receives a line of a stream, without its \\n or \\r\\n.\n\nThe last line may lack its end. Raises EMSGSIZE when a line is longer than max (1 MiB); nothing is lost.",
		Example: "local a, b = socket.socketpair()\na:send(\"one\\r\\ntwo\\n\")\nprint(b:recvline(), b:recvline())   --> one\ttwo",
		Go:      bindings.Wait3to1((*Socket).recvline),
	},
	{
		Name: "recvuntil", Params: "delimiter, max?, opts?", Results: "data",
		Doc:     "Receives up to and with delimiter.\n\nRaises EMSGSIZE when it is not within max bytes (1 MiB); nothing is lost.",
		Example: "local a, b = socket.socketpair()\na:send(\"key=value;rest\")\nprint(b:recvuntil(\"=\"), b:recvuntil(\";\"), b:recv(10))   --> key=\tvalue;\trest",
		Go:      bindings.Wait4to1((*Socket).recvuntil),
	},
	{
		Name: "recvall", Params: "opts?", Results: "data",
		Doc:     "Receives everything up to the end of the stream.\n\nAfter a timeout what has arrived is kept for the next call.",
		Example: "local a, b = socket.socketpair()\na:send(\"all of it\"); a:close()\nprint(b:recvall())   --> all of it",
		Go:      bindings.Wait2to1((*Socket).recvall),
	},
	{
		Name: "sendfile", Params: "file, opts?", Results: "n",
		Doc: "Sends an open file without copying it through the program: sendfile(2).\n\nfile comes from fs.dir(...):open(name). opts: timeout, offset and count in bytes. Returns how many bytes were sent.",
		Go:  (*Socket).sendfile,
	},
}

var stateRows = []bindings.Func{
	{Name: "getsockname", Results: "address", Doc: "Returns the socket's own address: getsockname(2).", Go: (*Socket).getsockname,
		Example: "local s = udp.socket()\nprint(s:getsockname())   --> 0.0.0.0:0"},
	{Name: "getpeername", Results: "address", Doc: "Returns the peer's address: getpeername(2). Raises ENOTCONN without one.", Go: (*Socket).getpeername},
	{Name: "state", Results: "state",
		Doc:     "Returns the state of the socket, for TCP as RFC 9293 names it.\n\nCLOSED, LISTEN, SYN_SENT, ESTABLISHED, FIN_WAIT2, CLOSE_WAIT ...; a datagram socket is UNBOUND, BOUND or CONNECTED.",
		Example: "print(tcp.socket():state())   --> CLOSED\nprint(tcp.listen(\"127.0.0.1\", 0):state())   --> LISTEN", Go: (*Socket).state},
	{Name: "info", Results: "table",
		Doc: "Returns what the system knows of a TCP connection: TCP_INFO.\n\nTimes in seconds: rtt, rttvar, rto; sizes in bytes: mss, unacked ...; cwnd in segments. Raises EOPNOTSUPP for other sockets.",
		Go:  (*Socket).info},
	{Name: "fileno", Results: "fd", Doc: "Returns the number of the descriptor, -1 after close.", Go: (*Socket).fileno},
}

// absentMethods says what to do instead of those of Python's methods that have
// no sense here. Whoever asks for one is told.
var absentMethods = map[string]string{
	"detach":          "the program owns every socket and closes it at the end; use fileno to look at the descriptor",
	"dup":             "use the same value in several places: tasks share all variables",
	"get_inheritable": "no socket is inherited by other programs",
	"set_inheritable": "no socket is inherited by other programs",
	"makefile":        "read with s:recvline(), s:recvuntil() or s:recvall(), write with s:sendall()",
	"recv_into":       "strings are values: data = s:recv(n)",
	"recvfrom_into":   "strings are values: data, addr = s:recvfrom(n)",
	"recvmsg":         "use s:recvfrom(n), which also tells of truncation; ancillary data is not offered",
	"recvmsg_into":    "use s:recvfrom(n), which also tells of truncation; ancillary data is not offered",
	"sendmsg":         "join the parts with .. or table.concat and use s:send or s:sendto; ancillary data is not offered",
	"sendmsg_afalg":   "the crypto sockets of Linux are not offered",
	"timeout":         "use s:gettimeout()",
	"ioctl":           "use s:setblocking and s:setsockopt",
	"share":           "use the same value in several places: tasks share all variables",
}

// absentFunctions are those of Python's module socket.
var absentFunctions = map[string]string{
	"create_connection": `use tcp.connect("host:port")`,
	"create_server":     `use tcp.listen("host:port")`,
	"fromfd":            "the program owns every socket; make one with socket.socket",
	"close":             "use s:close()",
	"timeout":           `a timeout is no error here: recv and accept return nil, "timeout"`,
	"error":             "errors are values with .code and .message; catch them with pcall",
	"gaierror":          "errors are values with .code and .message; catch them with pcall",
	"herror":            "errors are values with .code and .message; catch them with pcall",
	"setdefaulttimeout": "set it on each socket: s:settimeout(seconds)",
	"getdefaulttimeout": "a socket waits for ever unless s:settimeout(seconds) says otherwise",
}
