package sock

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
)

// LookupError is a name that could not be resolved.
type LookupError struct {
	Op   string // "getaddrinfo" or "getnameinfo"
	Name string
	code string
}

// The codes of getaddrinfo(3) that occur here, with its texts.
var lookupMessages = map[string]string{
	"EAI_NONAME":  "name or service not known",
	"EAI_AGAIN":   "temporary failure in name resolution",
	"EAI_FAIL":    "non-recoverable failure in name resolution",
	"EAI_SERVICE": "service not supported for this kind of socket",
	"EAI_FAMILY":  "host has no address of this family",
}

// Error returns "getaddrinfo nohost: name or service not known (EAI_NONAME)".
func (e *LookupError) Error() string {
	return fmt.Sprintf("%s %s: %s (%s)", e.Op, e.Name, e.Message(), e.code)
}

// Code returns the name of getaddrinfo's error, such as "EAI_NONAME".
func (e *LookupError) Code() string { return e.code }

// Message returns the text of the error in lower case.
func (e *LookupError) Message() string { return lookupMessages[e.code] }

// LookupAddrs returns the addresses of a service on a host, in the order to try
// them: getaddrinfo(3). The host is a number in any form that inet_aton(3) takes,
// an IPv6 address with or without its zone, "" or "*" for the wildcard,
// "<broadcast>", or a name to resolve. The service is a port number or a name. A
// family of Unspec means either; a kind of 0 means any.
func LookupAddrs(ctx context.Context, host, service string, family Family, kind Kind) ([]Addr, error) {
	if err := refused(ctx); err != nil {
		return nil, err
	}
	port, err := LookupPort(service, kind)
	if err != nil {
		return nil, err
	}
	ips, err := lookupHost(ctx, host, family)
	if err != nil {
		return nil, err
	}
	addrs := make([]Addr, len(ips))
	for i, ip := range ips {
		addrs[i] = InetAddr(ip, uint16(port))
	}
	return addrs, nil
}

// lookupHost returns at least one IP address, or an error.
func lookupHost(ctx context.Context, host string, family Family) ([]netip.Addr, error) {
	missing := func(code string) error { return &LookupError{Op: "getaddrinfo", Name: host, code: code} }
	ips := literalHost(host, family)
	if ips == nil {
		var err error
		if ips, err = resolve(ctx, host, family); err != nil {
			return nil, err
		}
	}
	fitting := ips[:0:0]
	for _, ip := range ips {
		if family == Unspec || ip.Is4() == (family == Inet) {
			fitting = append(fitting, ip)
		}
	}
	if len(fitting) == 0 {
		return nil, missing("EAI_FAMILY")
	}
	return fitting, nil
}

// literalHost returns the addresses of a host that needs no resolver, nil if it does.
func literalHost(host string, family Family) []netip.Addr {
	switch host {
	case "", "*":
		if family == Inet6 {
			return []netip.Addr{netip.IPv6Unspecified()}
		}
		return []netip.Addr{netip.IPv4Unspecified()}
	case "<broadcast>":
		return []netip.Addr{netip.AddrFrom4([4]byte{255, 255, 255, 255})}
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}
	}
	if ip, ok := InetAton(host); ok {
		return []netip.Addr{netip.AddrFrom4(ip)}
	}
	return nil
}

func resolve(ctx context.Context, host string, family Family) ([]netip.Addr, error) {
	network := map[Family]string{Unspec: "ip", Inet: "ip4", Inet6: "ip6"}[family]
	if network == "" {
		return nil, &LookupError{Op: "getaddrinfo", Name: host, code: "EAI_FAMILY"}
	}
	var ips []netip.Addr
	err := within(ctx, func(ctx context.Context) (err error) {
		ips, err = resolver.LookupNetIP(ctx, network, host)
		return err
	})
	// The list of hosts may know it by IPv4 only.
	if host == "localhost" && family == Inet6 && isLookup(err) {
		return []netip.Addr{netip.IPv6Loopback()}, nil
	}
	for i, ip := range ips {
		ips[i] = ip.Unmap()
	}
	return ips, lookupFailure("getaddrinfo", host, err)
}

// resolver asks as package net does, but lets go of a silent name server as soon as
// nobody waits for the answer.
var resolver = newResolver(new(net.Dialer).DialContext)

func newResolver(dial func(ctx context.Context, network, address string) (net.Conn, error)) *net.Resolver {
	return &net.Resolver{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { conn.Close() }) // a deadline would be replaced by the caller's
		}
		return conn, err
	}}
}

// within runs a call of package net, which watches a context of its own kind.
func within(ctx context.Context, call func(context.Context) error) error {
	inner, cancel := context.WithCancel(context.Background())
	defer cancel()
	if deadline, dated := ctx.Deadline(); dated {
		var stop context.CancelFunc
		inner, stop = context.WithDeadline(inner, deadline)
		defer stop()
	}
	var a arming
	if err := a.arm(ctx, cancel); err != nil {
		return err
	}
	err := call(inner)
	a.disarm()
	switch ended := inner.Err(); {
	case err == nil || ended == nil:
		return err
	case errors.Is(ended, context.DeadlineExceeded):
		return os.ErrDeadlineExceeded
	}
	return canceled(ctx)
}

// isLookup reports whether the resolver itself failed, not the wait for it.
func isLookup(err error) bool {
	var dns *net.DNSError
	var addr *net.AddrError
	return errors.As(err, &dns) || errors.As(err, &addr)
}

// lookupFailure translates an error of the resolver; others stay as they are.
func lookupFailure(op, name string, err error) error {
	var dns *net.DNSError
	var addr *net.AddrError
	code := "EAI_FAIL"
	switch {
	case errors.As(err, &addr):
		code = "EAI_FAMILY"
	case !errors.As(err, &dns):
		return err
	case dns.IsNotFound:
		code = "EAI_NONAME"
	case dns.IsTemporary, dns.IsTimeout:
		code = "EAI_AGAIN"
	}
	return &LookupError{Op: op, Name: name, code: code}
}

// LookupName returns the names of a host and of a service, or their numbers where
// they have none: getnameinfo(3).
func LookupName(ctx context.Context, a Addr, kind Kind) (host, service string, err error) {
	if err := refused(ctx); err != nil {
		return "", "", err
	}
	if a.Family() != Inet && a.Family() != Inet6 {
		return "", "", &LookupError{Op: "getnameinfo", Name: a.String(), code: "EAI_FAMILY"}
	}
	host, service = a.Host(), strconv.Itoa(a.Port())
	if name, ok := ServiceName(a.Port(), kind); ok {
		service = name
	}
	names, err := reverse(ctx, a.IP())
	if err != nil && !isLookup(err) {
		return "", "", err
	}
	if len(names) > 0 {
		host = names[0]
	}
	return host, service, nil
}

// reverse returns the names of an address, without the final dot of DNS.
func reverse(ctx context.Context, ip netip.Addr) (names []string, err error) {
	err = within(ctx, func(ctx context.Context) (err error) {
		names, err = resolver.LookupAddr(ctx, ip.String())
		return err
	})
	for i, n := range names {
		if len(n) > 1 && n[len(n)-1] == '.' {
			names[i] = n[:len(n)-1]
		}
	}
	return names, err
}

// Hostname returns the name of this host: gethostname(2).
func Hostname() (string, error) { return os.Hostname() }
