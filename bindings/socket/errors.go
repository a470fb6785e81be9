package socket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// failed is how an error of sock looks in Lua, for all but the two outcomes. op
// and address are what was attempted.
func failed(op, address string, err error) error {
	if err == nil {
		return nil // before anything is allocated: most calls end here
	}
	return failure(op, address, err)
}

func failure(op, address string, err error) error {
	var e *sock.Error
	var lookup *sock.LookupError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &e):
		if a := e.Addr.String(); a != "" {
			address = a
		}
		v := &bindings.Error{Op: op, Code: e.Code(), Message: e.Message(), Address: address, Hint: hints[e.Code()], Err: err}
		if e.Sent > 0 {
			v.Details = map[string]any{"sent": e.Sent}
		}
		return v
	case errors.As(err, &lookup):
		return &bindings.Error{Op: op, Code: lookup.Code(), Message: lookup.Message(), Address: address, Hint: hints[lookup.Code()], Err: err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &bindings.Error{Op: op, Code: "ETIMEDOUT", Message: "timed out", Address: address, Hint: hints["ETIMEDOUT"], Err: err}
	}
	return err
}

// read is how an error of a call whose results are read looks in Lua: the end
// of the stream and a timeout are outcomes.
func read(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return bindings.Closed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return bindings.Timeout
	}
	return failed(op, "", err)
}

// hints say what to do, by code. Some calls know more and add to them.
var hints = map[string]string{
	"ECONNREFUSED": "nothing listens on that port; start the server first and check host and port",
	"ECONNRESET":   "the other side closed the connection with unread data or was ended; connect again",
	"EPIPE":        "this side was shut down for writing, or the other side has closed the connection",
	"EACCES":       "ports below 1024 need rights; take one from 1024 on, or port 0 for any free one",
	"EADDRINUSE":   "another socket has this port; take another one, or port 0 for any free one",
	"EADDRNOTAVAIL": "this machine has no such address (or, at connect, the same pair of ports is still in use by an older connection); " +
		"bind to 127.0.0.1 or \"\", or to another port",
	"ENETUNREACH":     "there is no route to that network from here",
	"EHOSTUNREACH":    "there is no way to that host from here",
	"ENOTCONN":        "connect the socket first; a server talks on the socket that accept returned, not on the listening one",
	"EDESTADDRREQ":    "a datagram socket needs a destination: use sendto, or connect first",
	"EMSGSIZE":        "a UDP datagram carries at most 65507 bytes over IPv4; send less at once, or use TCP",
	"EAFNOSUPPORT":    "the address is of another family than the socket: AF_INET takes 127.0.0.1, AF_INET6 takes ::1, AF_UNIX a path",
	"EINVAL":          "the call does not fit the state of the socket; a socket is bound once, and accept needs listen first",
	"EBADF":           "the socket is closed",
	"EISCONN":         "the socket is connected already; make a new one for another connection",
	"EMFILE":          "too many sockets and files are open in this program; close some, or raise ulimit -n",
	"ENFILE":          "too many files are open on this machine",
	"ETIMEDOUT":       "nobody answered in time; check the address, or give more time with settimeout or {timeout=seconds}",
	"ENOENT":          "there is no socket file at that path; start the server first",
	"EOPNOTSUPP":      "this kind of socket has no such call: listen and accept are for SOCK_STREAM",
	"EINPROGRESS":     "the connection is being made; select until the socket is writable, then connect again",
	"EAGAIN":          "the buffers are full; select until the socket is writable, then send again",
	"EPROTONOSUPPORT": "this system does not know that protocol for that kind of socket",
	"ENOPROTOOPT":     "this kind of socket has no such option",
	"ENODEV":          "there is no such network interface, or it has no route for multicast; name one in the option",
	"EAI_NONAME":      "check the spelling; numbers such as 127.0.0.1 need no look-up",
	"EAI_AGAIN":       "the name server did not answer; try again, or use a number such as 127.0.0.1",
	"EAI_SERVICE":     "give the port as a number",
	"EAI_FAMILY":      "the host has no address of this socket's family",
}

// bindError adds who holds the port, and what TIME_WAIT means, to a failed bind.
func (s *Socket) bindError(addr sock.Addr, err error) error {
	err = failed("bind", addr.String(), err)
	var e *bindings.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Code == "EACCES" && addr.Family() == sock.Unix {
		e.Hint = "the folder of that path may not be written to"
	}
	if e.Code != "EADDRINUSE" || addr.Family() == sock.Unix {
		if e.Code == "EADDRINUSE" {
			e.Hint = "the path is there already, perhaps left over by an earlier server; remove the file, or take another path"
		}
		return err
	}
	if hint := holderHint(s.raw.Kind(), addr); hint != "" {
		e.Hint = hint
	}
	return err
}

// holderHint names what occupies a port, where the system tells.
func holderHint(kind sock.Kind, addr sock.Addr) string {
	holders, err := sock.PortHolders(kind, addr)
	if err != nil || len(holders) == 0 {
		return ""
	}
	h := holders[0]
	if h.State == sock.TimeWait {
		return fmt.Sprintf("an earlier connection from port %d to %s was closed by this side first and waits in TIME_WAIT (up to a minute), "+
			"so that late segments cannot reach a new one; wait, take another port (0 for any free one), or set SO_REUSEADDR before bind in every run, "+
			"as Linux wants it on the earlier socket too: s:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)", addr.Port(), h.Peer)
	}
	who := "another socket"
	switch {
	case h.PID == os.Getpid():
		who = "a socket of this program (see sockets())"
	case h.PID != 0:
		who = fmt.Sprintf("%s (process %d)", h.Program, h.PID)
	}
	return fmt.Sprintf("port %d is held by %s; close that, take another port, or port 0 for any free one", addr.Port(), who)
}
