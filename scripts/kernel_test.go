package scripts_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the kernel sees of the programs.

func TestTCPServerMakesTheSystemCallsOfItsLinesAndNoOthers(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	// With -D the process started becomes the server, so it can be interrupted.
	server := start(t, "strace", "-D", "-f", "-e", "trace=network,close", "-o", log, os.Getenv(programVariable), "run", "tcp_server")
	server.expect(ready)
	c := dial(t, "15555")
	c.Write([]byte("hello"))
	server.expect("监听中...\n")
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the server answered")
	}
	server.interrupt()
	server.wait()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_IP) = L",
		`bind(L, {sa_family=AF_INET, sin_port=htons(15555), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
		"listen(L, 10) = 0",
		fmt.Sprintf(`accept4(L, {sa_family=AF_INET, sin_port=htons(%s), sin_addr=inet_addr("127.0.0.1")}, [112 => 16], SOCK_CLOEXEC|SOCK_NONBLOCK) = C`, portOf(c.LocalAddr())),
		`recvfrom(C, "hello", 1024, 0, NULL, NULL) = 5`,
		"close(C) = 0",
		"close(L) = 0", // at the interrupt
	}
	if got := calls(string(text)); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\nin\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), text)
	}
}

var (
	unfinished = regexp.MustCompile(`^(\d+) +(.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>(.*)$`)
	complete   = regexp.MustCompile(`^\d+ +(\w+)\((.*)\) += (\S+)`)
)

// calls returns the finished calls on sockets in a log of strace, without
// those that had to be repeated. The listening socket is L, the other C.
func calls(log string) []string {
	var list []string
	names := map[string]string{}
	begun := map[string]string{}
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(line)
		if m := unfinished.FindStringSubmatch(line); m != nil {
			begun[m[1]] = m[2]
			continue
		}
		if m := resumed.FindStringSubmatch(line); m != nil {
			line = m[1] + " " + begun[m[1]] + m[2]
		}
		m := complete.FindStringSubmatch(line)
		if m == nil || strings.Contains(line, "EAGAIN") {
			continue
		}
		call, args, result := m[1], m[2], m[3]
		switch call {
		case "socket":
			names[result] = "L"
		case "accept4":
			names[result] = "C"
		}
		fd, rest, several := strings.Cut(args, ", ")
		if name, isSocket := names[fd]; isSocket {
			args = name
			if several {
				args += ", " + rest
			}
		} else if call == "close" {
			continue // a file
		}
		if name, isSocket := names[result]; isSocket && (call == "socket" || call == "accept4") {
			result = name
		}
		list = append(list, call+"("+args+") = "+result)
	}
	return list
}

func TestRunningTheClientAgainMeetsTIMEWAITAndTheWayAroundIt(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	l, err := net.Listen("tcp4", "127.0.0.1:15555")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go answerAll(l)

	lunawire(t, "run", "tcp_client").succeeds()
	lunawire(t, "run", "tcp_client").fails("bind 127.0.0.1:5555: address already in use (EADDRINUSE)",
		"hint:", "to 127.0.0.1:15555 was closed by this side first", "TIME_WAIT", "another port", "SO_REUSEADDR")
	lunawire(t, "run", "tcp_client", "127.0.0.1", "15555", "0").succeeds()
	lunawire(t, "run", "tcp_client", "127.0.0.1", "15555", "5556").succeeds()

	// With the option from the first run on, bind takes the port again.
	const again = `
		local s = tcp.socket()
		s:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		s:bind("127.0.0.1", 5557)
		if arg[1] then
			s:connect("127.0.0.1", 15555)
			s:send("x")
			s:recv(100)
		end
		s:close()`
	lunawire(t, "-e", again, "connect").succeeds()
	lunawire(t, "-e", again).succeeds()
}

// answerAll is a server that lets its clients close first.
func answerAll(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		buffer := make([]byte, 1024)
		for {
			n, err := c.Read(buffer)
			if err != nil {
				break
			}
			c.Write(buffer[:n])
		}
		c.Close()
	}
}
