package scripts_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// says runs code and wants this output and a good end.
func says(t *testing.T, code, want string) {
	t.Helper()
	if got := lunawire(t, "-e", code).succeeds(); got != want {
		t.Errorf("got %q, want %q\nfrom %s", got, want, code)
	}
}

func TestAPeerThatIsKilledIsTheEndOfTheStreamOrAReset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ peer, want string }{
		{`conn:recv(5) print("has read.") conn:recv(1)`, "nil\tclosed\n"},
		{`conn:recv(1) print("has read.") task.sleep(60)`, "ECONNRESET\n"}, // 4 bytes of ours were not read
	} {
		peer := lunawire(t, "-e", `local l = tcp.listen("127.0.0.1", 0) print("port " .. l:getsockname().port .. ".") local conn = l:accept() `+c.peer)
		client := lunawire(t, "-e", `
			local c = tcp.connect("127.0.0.1", tonumber(arg[1])) c:send("hello")
			local function outcome(ok, ...) if ok then print(...) else print((...).code) end end
			outcome(pcall(c.recv, c, 10))`, portIn(peer))
		peer.expect("has read.")
		if err := peer.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if got := client.succeeds(); got != c.want {
			t.Errorf("got %q, want %q with the peer %s", got, c.want, c.peer)
		}
	}
}

func TestAHalfClosedConnectionStillCarriesTheAnswer(t *testing.T) {
	t.Parallel()
	says(t, `
		local server = tcp.serve("127.0.0.1:0", function(conn) conn:send("all: " .. conn:recvall()) end)
		local c = tcp.connect(server:getsockname())
		c:send("question") c:shutdown("write")
		print(c:recvall()) print(c:recv(1))
		print(select(2, pcall(c.send, c, "more")).code)
		server:close()`, "all: question\nnil\tclosed\nEPIPE\n")
}

func TestABlackHoleIsATimeout(t *testing.T) {
	t.Parallel()
	says(t, `
		local l = tcp.socket() l:bind("127.0.0.1", 0) l:listen(0)
		local kept, err = {}
		for i = 1, 4 do   -- nobody accepts: once the backlog is full, nobody answers
			kept[i] = tcp.socket()
			local ok, e = pcall(kept[i].connect, kept[i], l:getsockname(), {timeout=0.05})
			err = not ok and e or err
		end
		print(err.code, err.message, err.address == tostring(l:getsockname()))`, "ETIMEDOUT\ttimed out\ttrue\n")
}

func TestASlowReaderIsATimeoutThatTellsHowMuchWent(t *testing.T) {
	t.Parallel()
	says(t, `
		local l = tcp.listen("127.0.0.1", 0)
		local c = tcp.connect(l:getsockname())
		local s = l:accept()
		local ok, err = pcall(c.send, c, ("x"):rep(5e7), {timeout=0.1})
		c:close()
		local n = 0
		for data in function() return (s:recv(1e6)) end do n = n + #data end
		print(ok, err.code, n > 0 and n == err.sent)`, "false\tETIMEDOUT\ttrue\n")
}

func TestALackOfDescriptorsIsAnErrorUntilOneIsFreed(t *testing.T) {
	t.Parallel()
	got := start(t, "sh", "-c", `ulimit -n 32 && exec "$0" -e "$1"`, os.Getenv(programVariable), `
		local kept, err = {}
		for i = 1, 40 do
			local ok, s = pcall(tcp.socket)
			if not ok then err = s break end
			kept[i] = s
		end
		print(err, err.hint)
		kept[1]:close()
		print(tcp.socket():state())`).succeeds()
	want := "socket: too many open files (EMFILE)\ttoo many sockets and files are open in this program; close some, or raise ulimit -n\nCLOSED\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAPortThatNeedsRightsSaysSo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start")
	if err != nil {
		t.Skip(err)
	}
	if first, err := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || first < 2 {
		t.Skipf("every port is free to all: %d, %v", first, err)
	}
	if err := canIsolate(); err != nil {
		t.Skipf("no namespace to be nobody in: %v", err)
	}
	// In a user namespace without a mapping nobody has rights over this network.
	start(t, "unshare", "-U", os.Getenv(programVariable), "-e", `tcp.listen("127.0.0.1", 1)`).
		fails("bind 127.0.0.1:1: permission denied (EACCES)", "hint: ports below 1024 need rights")
}

func TestWithoutANetworkNamesAndIPv6FailInTheirOwnWords(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	if _, err := os.Stat("/proc/sys/net/ipv6"); err != nil {
		t.Skipf("the kernel has no IPv6: %v", err)
	}
	if err := os.WriteFile("/proc/sys/net/ipv6/conf/all/disable_ipv6", []byte("1"), 0); err != nil {
		t.Skip(err)
	}
	lunawire(t, "-e", `tcp.socket("inet6"):bind("::1", 0)`).fails("bind [::1]:0: cannot assign requested address (EADDRNOTAVAIL)", "hint: this machine has no such address")
	lunawire(t, "-e", `udp.socket():sendto("x", "192.0.2.1", 9)`).fails("sendto 192.0.2.1:9: network is unreachable (ENETUNREACH)", "hint: there is no route")
	says(t, `local l = tcp.listen("127.0.0.1", 0) print(tcp.connect("127.0.0.1", l:getsockname().port):state())`, "ESTABLISHED\n")
	lunawire(t, "-e", `tcp.connect("peer.example", 80)`).fails("connect peer.example:80: ", "(EAI_", "hint:")
}

func TestFileClientTellsOfAFullDiskAndAReadOnlyFolderAndLeavesNothing(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	folder, into := t.TempDir(), t.TempDir()
	randomFile(t, filepath.Join(folder, "big"), 4<<20)
	_, port := fileServer(t, folder)
	for _, c := range []struct{ mount, want string }{
		{"size=1m", "write big.part: no space left on device (ENOSPC)"},
		{"ro", "open big.part: read-only file system (EROFS)"},
	} {
		start(t, "unshare", "-m", "sh", "-c", `mount -t tmpfs -o "$2" none "$1" || exit
			"$0" run file_client big 127.0.0.1 "$3" "$1"
			status=$?
			echo "left: $(ls "$1")."
			exit $status`, os.Getenv(programVariable), into, c.mount, port).fails(c.want, "left: .")
	}
}

func TestAnOutputThatIsFullOrGoneIsNoticed(t *testing.T) {
	t.Parallel()
	program := os.Getenv(programVariable)
	if _, err := os.Stat("/dev/full"); err == nil {
		start(t, "sh", "-c", `"$0" -e 'print("x")' >/dev/full`, program).fails("-e:1: write /dev/stdout: no space left on device")
	}
	// Without a reader the program ends, as any program of a pipe does.
	if out := start(t, "sh", "-c", `{ "$0" -e 'while true do print("x") end'; echo "status $?" >&2; } | head -n 1`, program).succeeds(); out != "x\nstatus 141\n" && out != "status 141\nx\n" {
		t.Errorf("got %q, want one line and the status of SIGPIPE", out)
	}
	// Where there is no output at all, no socket may take its place.
	start(t, "sh", "-c", `exec "$0" -e 'print("x") os.exit(udp.socket():fileno() > 2 and 0 or 1)' >&-`, program).succeeds()
}
