package scripts_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The programs of the notes have their ports written in, so each of these tests
// has a network of its own. A program and its original are compared by what
// the same peer sees of them, and then talk to each other.

// sent is a datagram as it arrived.
type sent struct {
	bytes string
	from  net.Addr
}

// datagram runs a sender against port 8080 and returns what arrived.
func datagram(t *testing.T, sender func() *process) sent {
	t.Helper()
	l, err := net.ListenPacket("udp4", "127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sender().succeeds()
	l.SetReadDeadline(time.Now().Add(patience))
	buffer := make([]byte, 2048)
	n, from, err := l.ReadFrom(buffer)
	if err != nil {
		t.Fatal(err)
	}
	return sent{string(buffer[:n]), from}
}

func TestUDPSendSendsTheBytesOfItsOriginal(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	want := datagram(t, func() *process { return original(t, "udp_send.py") })
	got := datagram(t, func() *process { return lunawire(t, "run", "udp_send") })
	if got.bytes != want.bytes {
		t.Errorf("got %q, want %q", got.bytes, want.bytes)
	}
}

func TestUDPSendBoundSendsTheBytesOfItsOriginalFromTheSamePort(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	want := datagram(t, func() *process { return original(t, "udp_send_bound.py") })
	got := datagram(t, func() *process { return lunawire(t, "run", "udp_send_bound") })
	if got.bytes != want.bytes || got.from.String() != want.from.String() {
		t.Errorf("got %q from %v, want %q from %v", got.bytes, got.from, want.bytes, want.from)
	}
}

func TestUDPReceiveHearsTheOriginalSenders(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	for _, c := range []struct{ sender, bytes, text string }{
		{"udp_send.py", "61 62 63", "abc"},
		{"udp_send_bound.py", "c4 e3 ba c3", "你好"},
	} {
		receiver := lunawire(t, "run", "udp_receive", "8080")
		bound(t, "8080")
		original(t, c.sender).succeeds()
		lines := strings.Split(receiver.succeeds(), "\n")
		bytes, from, _ := strings.Cut(lines[0], "\t")
		if bytes != c.bytes || lines[1] != c.text || lines[2] != from {
			t.Errorf("%s: got %q, want %q, %q and the address twice", c.sender, lines, c.bytes, c.text)
		}
	}
}

func TestTheOriginalReceiverHearsUDPSendBound(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	receiver := original(t, "udp_recv.py")
	bound(t, "2399")
	lunawire(t, "run", "udp_send_bound", "127.0.0.1", "2399", "2400").succeeds()
	contains(t, receiver.succeeds(), `(b'\xc4\xe3\xba\xc3', ('127.0.0.1', 2400))`, "\n你好\n")
}

func TestChattersOfBothKindsTalk(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	theirs, ours := original(t, "udp_chat.py"), lunawire(t, "run", "udp_chat", "12398")
	tell := func(from, to *process, port, text string) {
		from.expect(menu)
		from.enter("2", "127.0.0.1", port, text)
		to.expect(menu)
		to.enter("1")
		to.expect("你有一条新消息")
		to.expect("内容: " + text + "\n")
	}
	tell(theirs, ours, "12398", "你好，这里是Python")
	tell(ours, theirs, "12399", "收到，这里是Lua")
	theirs.enter("3")
	ours.enter("3")
	theirs.succeeds()
	ours.succeeds()
}

// conversation runs a TCP client against port 15555, answers it, and returns
// what it sent, from where, and what it printed.
func conversation(t *testing.T, client func() *process) (sent, string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:15555") // with SO_REUSEADDR, as always in Go
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := client()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	buffer := make([]byte, 2048)
	n, err := c.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	c.Write([]byte("\xca\xd5\xb5\xbd")) // 收到
	out := p.succeeds()
	return sent{string(buffer[:n]), c.RemoteAddr()}, out
}

func TestTCPClientSaysAndShowsWhatItsOriginalDoes(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	want, wantOut := conversation(t, func() *process { return original(t, "tcp_client.py") })
	got, gotOut := conversation(t, func() *process {
		return lunawire(t, "run", "tcp_client", "127.0.0.1", "15555", "5556") // 5555 is in TIME_WAIT
	})
	if got.bytes != want.bytes || gotOut != wantOut {
		t.Errorf("got %q and the screen %q, want %q and %q", got.bytes, gotOut, want.bytes, wantOut)
	}
	if want.from.String() != "127.0.0.1:5555" {
		t.Errorf("the original came from %v", want.from)
	}
}

func TestTCPServerShowsWhatItsOriginalShows(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	screen := func(server *process, port string) string {
		server.expect(ready)
		c := dial(t, port)
		c.Write([]byte("\xc4\xe3\xba\xc3"))
		out := server.expect("监听中...\n")
		from := c.LocalAddr()
		out = strings.ReplaceAll(out, "('127.0.0.1', "+portOf(from)+")", "CLIENT")
		return strings.ReplaceAll(out, from.String(), "CLIENT")
	}
	want := screen(original(t, "tcp_server.py"), "15555")
	port := freePort(t)
	got := screen(lunawire(t, "run", "tcp_server", "127.0.0.1", port), port)
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTCPServerHearsTheOriginalClient(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	server := lunawire(t, "run", "tcp_server")
	server.expect(ready)
	contains(t, original(t, "tcp_client.py").succeeds(), "收到服务器响应: \n") // it never answers
	server.expect("收到消息: 发送数据 来源:127.0.0.1:5555\n监听中...\n")
}

func TestFileClientDownloadsFromTheOriginalServer(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	server := original(t, "file_server.py")
	server.expect(ready)
	folder := filepath.Join(filepath.Dir(server.cmd.Args[len(server.cmd.Args)-1]), "download")
	want := randomFile(t, filepath.Join(folder, "资料.bin"), 3<<20)
	into := t.TempDir()
	startIn(t, into, os.Getenv(programVariable), "run", "file_client", "资料.bin").succeeds()
	if got := checksum(t, filepath.Join(into, "资料.bin")); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
	contains(t, startIn(t, into, os.Getenv(programVariable), "run", "file_client", "missing").succeeds(), "下载失败")
	leftOnly(t, into, "资料.bin")
}

func TestFileServerAnswersAsItsOriginal(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	theirs := original(t, "file_server.py")
	theirs.expect(ready)
	folder := filepath.Join(filepath.Dir(theirs.cmd.Args[len(theirs.cmd.Args)-1]), "download")
	randomFile(t, filepath.Join(folder, "资料.bin"), 1<<20)
	randomFile(t, filepath.Join(folder, "empty"), 0)
	port := freePort(t)
	lunawire(t, "run", "file_server", "127.0.0.1", port, folder).expect(ready)
	for _, name := range []string{"资料.bin", "empty", "missing"} {
		want := peer(t, "download", "15555", name).succeeds()
		if got := peer(t, "download", port, name).succeeds(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
