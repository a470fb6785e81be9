package sock

import (
	"bufio"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
)

// LookupPort returns the port of a service, given by name or by number, for a kind
// of socket: getservbyname(3). "" is port 0.
func LookupPort(service string, kind Kind) (int, error) {
	if service == "" {
		return 0, nil
	}
	if port, err := strconv.Atoi(service); err == nil && port >= 0 && port <= 65535 {
		return port, nil
	}
	for _, protocol := range protocolsOf(kind) {
		if port, err := net.LookupPort(protocol, service); err == nil {
			return port, nil
		}
	}
	return 0, &LookupError{Op: "getaddrinfo", Name: service, code: "EAI_SERVICE"}
}

func protocolsOf(kind Kind) []string {
	switch kind {
	case Stream:
		return []string{"tcp"}
	case Dgram:
		return []string{"udp"}
	}
	return []string{"tcp", "udp"}
}

// ServiceName returns the name of the service at a port: getservbyport(3).
func ServiceName(port int, kind Kind) (string, bool) {
	for _, protocol := range protocolsOf(kind) {
		if name, ok := services()[strconv.Itoa(port)+"/"+protocol]; ok {
			return name, true
		}
	}
	return "", false
}

// services are the names by "port/protocol".
var services = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	if f, err := os.Open("/etc/services"); err == nil {
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			text, _, _ := strings.Cut(lines.Text(), "#")
			if fields := strings.Fields(text); len(fields) >= 2 && names[fields[1]] == "" {
				names[fields[1]] = fields[0]
			}
		}
	}
	for key, name := range wellKnown {
		if names[key] == "" {
			names[key] = name
		}
	}
	return names
})

// wellKnown are the services that a walkthrough may name on a system without a
// list of its own.
var wellKnown = map[string]string{
	"7/tcp": "echo", "7/udp": "echo", "9/tcp": "discard", "9/udp": "discard", "13/tcp": "daytime", "13/udp": "daytime",
	"20/tcp": "ftp-data", "21/tcp": "ftp", "22/tcp": "ssh", "23/tcp": "telnet", "25/tcp": "smtp", "37/tcp": "time", "37/udp": "time",
	"53/tcp": "domain", "53/udp": "domain", "67/udp": "bootps", "68/udp": "bootpc", "69/udp": "tftp", "79/tcp": "finger",
	"80/tcp": "http", "110/tcp": "pop3", "123/udp": "ntp", "143/tcp": "imap2", "161/udp": "snmp", "179/tcp": "bgp",
	"389/tcp": "ldap", "443/tcp": "https", "443/udp": "https", "514/udp": "syslog", "993/tcp": "imaps", "995/tcp": "pop3s",
	"1883/tcp": "mqtt", "6379/tcp": "redis",
}
