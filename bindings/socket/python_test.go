package socket_test

import (
	"strings"
	"testing"
)

// pythonNames is dir(socket.socket) of CPython 3.11 without what begins with
// an underscore.
const pythonNames = `accept bind close connect connect_ex detach dup family fileno get_inheritable getblocking
getpeername getsockname getsockopt gettimeout listen makefile proto recv recv_into recvfrom recvfrom_into recvmsg
recvmsg_into send sendall sendfile sendmsg sendmsg_afalg sendto set_inheritable setblocking setsockopt settimeout
shutdown timeout type`

func TestEveryNameOfPythonIsThereOrExplained(t *testing.T) {
	for _, name := range strings.Fields(pythonNames) {
		got := run(t, `local s = tcp.socket() print(pcall(function() assert(s.`+name+` ~= nil) return "there" end))`)
		if strings.Contains(got, "not offered here") {
			got = run(t, `local s = tcp.socket() local _, err = pcall(function() return s.`+name+` end) print(#err.hint > 10)`)
		}
		if got != "true\tthere\n" && got != "true\n" {
			t.Errorf("got %q for %s", got, name)
		}
	}
}
