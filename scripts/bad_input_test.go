package scripts_test

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const ready = "服务器准备就绪\n"

// tcpServer starts tcp_server and returns its port.
func tcpServer(t *testing.T) (*process, string) {
	t.Helper()
	port := freePort(t)
	server := lunawire(t, "run", "tcp_server", "127.0.0.1", port)
	server.expect(ready)
	return server, port
}

// served checks that a server still serves.
func served(t *testing.T, server *process, port string) {
	t.Helper()
	c := dial(t, port)
	c.Write([]byte("ok"))
	server.expect("收到消息: ok 来源:" + c.LocalAddr().String() + "\n监听中...\n")
}

func TestTCPServerGoesOnAfterBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	server, port := tcpServer(t)
	c := dial(t, port)
	c.Write([]byte("a\xff\xff"))
	contains(t, server.expect("监听中...\n"), "decode gbk", "来源:"+c.LocalAddr().String())
	served(t, server, port)
}

func TestTCPServerGoesOnAfterAReset(t *testing.T) {
	t.Parallel()
	server, port := tcpServer(t)
	c := dial(t, port)
	reset(t, c)
	contains(t, server.expect("监听中...\n"), "ECONNRESET", "来源:"+c.LocalAddr().String())
	served(t, server, port)
}

func TestTCPServerGoesOnAfterAClientThatSaysNothing(t *testing.T) {
	t.Parallel()
	server, port := tcpServer(t)
	c := dial(t, port)
	c.CloseWrite()
	server.expect("收到消息:  来源:" + c.LocalAddr().String() + "\n监听中...\n")
	served(t, server, port)
}

func TestAPortThatIsTakenIsToldWithItsHolder(t *testing.T) {
	t.Parallel()
	stream, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	datagrams, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer datagrams.Close()
	tcp, udp := portOf(stream.Addr()), portOf(datagrams.LocalAddr())
	for _, args := range [][]string{
		{"udp_send_bound", "127.0.0.1", "9", udp},
		{"udp_receive", udp},
		{"udp_self", udp},
		{"udp_chat", udp},
		{"tcp_client", "127.0.0.1", tcp, tcp},
		{"tcp_server", "127.0.0.1", tcp},
		{"file_server", "127.0.0.1", tcp, t.TempDir()},
	} {
		lunawire(t, append([]string{"run"}, args...)...).fails("address already in use (EADDRINUSE)", "hint:", args[0]+":")
	}
}

func TestWordsThatAreNoPortOrEncodingAreToldAsSuch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"udp_receive", "70000"}, "70000"},
		{[]string{"udp_receive", "port"}, "port"},
		{[]string{"udp_self", "0", "你好", "klingon"}, "klingon"},
		{[]string{"udp_send", "127.0.0.1", "9", "😀", "gbk"}, "😀"},
		{[]string{"tcp_client", "127.0.0.1", "70000", "0"}, "70000"},
		{[]string{"udp_send", "no.such.host.invalid"}, "no.such.host.invalid"},
	} {
		lunawire(t, append([]string{"run"}, c.args...)...).fails(c.want)
	}
}

func TestUDPReceiveTellsBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	receiver := lunawire(t, "run", "udp_receive", port)
	bound(t, port)
	say(t, port, "a\xff\xff")
	receiver.fails("61 ff ff\t127.0.0.1:", "decode gbk")
}

// say sends a datagram.
func say(t *testing.T, port, payload string) {
	t.Helper()
	c, err := net.Dial("udp4", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte(payload)); err != nil {
		t.Fatal(err)
	}
}

const menu = "3、退出聊天室\n"

func TestUDPChatAnswersWhatItCannotDoAndGoesOn(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	chat := lunawire(t, "run", "udp_chat", port)
	for _, c := range []struct {
		typed []string
		want  string
	}{
		{[]string{"7"}, "请输入正确的功能序号\n"},
		{[]string{""}, "请输入正确的功能序号\n"},
		{[]string{"2", "127.0.0.1", "port"}, "端口必须是1到65535的整数\n"},
		{[]string{"2", "127.0.0.1", "70000"}, "端口必须是1到65535的整数\n"},
		{[]string{"2", "127.0.0.1", "80.5"}, "端口必须是1到65535的整数\n"},
		{[]string{"2", "127.0.0.1", ""}, "端口必须是1到65535的整数\n"},
		{[]string{"2", "no.such.host.invalid", "9", "hi"}, "no.such.host.invalid"},
		{[]string{"2", "127.0.0.1", "9", "😀"}, "encode gb2312"},
	} {
		chat.expect(menu)
		chat.enter(c.typed...)
		chat.expect(c.want)
	}
	chat.expect(menu)
	say(t, port, "a\xff\xffb")
	chat.enter("1")
	chat.expect("内容: a\\xff\\xffb\n")
	chat.expect("decode gb2312")
	chat.expect(menu)
	chat.enter(" 3 ")
	chat.succeeds()
}

func TestUDPChatLeavesAtTheEndOfInputWhateverItAskedFor(t *testing.T) {
	t.Parallel()
	for _, typed := range [][]string{nil, {"2"}, {"2", "127.0.0.1"}, {"2", "127.0.0.1", "9"}} {
		chat := lunawire(t, "run", "udp_chat", "0")
		chat.enter(typed...)
		chat.endInput()
		chat.succeeds()
	}
}

func TestUDPChatCanBeInterruptedWhileItWaitsForAMessage(t *testing.T) {
	t.Parallel()
	chat := lunawire(t, "run", "udp_chat", "0")
	chat.expect(menu)
	chat.enter("1")
	chat.interrupt()
	if out, status := chat.wait(); status != 130 {
		t.Errorf("got status %d, want 130\n%s", status, out)
	}
}

// fileServer starts file_server over a folder and returns its port.
func fileServer(t *testing.T, folder string) (*process, string) {
	t.Helper()
	port := freePort(t)
	server := lunawire(t, "run", "file_server", "127.0.0.1", port, folder)
	server.expect(ready)
	return server, port
}

// request asks for a file by bytes and returns what comes until the end.
func request(t *testing.T, port, name string) string {
	t.Helper()
	c := dial(t, port)
	c.Write([]byte(name))
	c.CloseWrite()
	var all strings.Builder
	buffer := make([]byte, 1<<16)
	for {
		n, err := c.Read(buffer)
		all.Write(buffer[:n])
		if err != nil {
			return all.String()
		}
	}
}

func TestFileServerKeepsNamesInsideItsFolder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	folder := filepath.Join(top, "download")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(top, "secret"), "secret")
	write(t, filepath.Join(folder, "file"), "content")
	write(t, filepath.Join(folder, "empty"), "")
	if err := os.Symlink(filepath.Join("..", "secret"), filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfifo", filepath.Join(folder, "pipe")).CombinedOutput(); err != nil {
		t.Skipf("no pipes: %v %s", err, out)
	}
	server, port := fileServer(t, folder)
	for _, c := range []struct{ name, screen, got string }{
		{"../secret", "文件不存在,下载失败\topen ../secret: the name leads out of the folder (OutsideFolder)\n", ""},
		{filepath.Join(top, "secret"), "(OutsideFolder)\n", ""},
		{"link", "文件不存在,下载失败\topen link: the name leads out of the folder (OutsideFolder)\n", ""},
		{"pipe", "文件不存在,下载失败\topen pipe: it is a pipe (NotAFile)\n", ""},
		{".", "文件不存在,下载失败\topen .: it is a folder (EISDIR)\n", ""},
		{"", "文件不存在,下载失败\topen: the name is empty (EINVAL)\n", ""},
		{"a\x00b", "文件不存在,下载失败\topen \"a\\x00b\":", ""},
		{"missing", "文件不存在,下载失败\topen missing: no such file or directory (ENOENT)\n", ""},
		{"empty", "文件是空的,没有数据可发送\n", ""},
		{"\xff\xff", "下载失败: ", ""},
		{"file", "下载完成\n", "content"},
	} {
		if got := request(t, port, c.name); got != c.got {
			t.Errorf("%q: got %q, want %q", c.name, got, c.got)
		}
		server.expect(c.screen)
	}
}

// write writes a file.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFileServerGoesOnWhenClientsDisappear(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	randomFile(t, filepath.Join(folder, "big"), 30<<20) // more than the buffers take
	write(t, filepath.Join(folder, "file"), "content")
	server, port := fileServer(t, folder)

	silent := dial(t, port) // holds its connection for all that follows
	gone := dial(t, port)
	reset(t, gone)
	server.expect("客户端" + gone.LocalAddr().String() + ",下载失败: ")
	halfway := dial(t, port)
	halfway.Write([]byte("big"))
	if _, err := halfway.Read(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
	reset(t, halfway)
	server.expect("客户端" + halfway.LocalAddr().String() + ",下载失败: ")
	if got := request(t, port, "file"); got != "content" {
		t.Errorf("got %q, want the file", got)
	}
	reset(t, silent)
	server.expect("客户端" + silent.LocalAddr().String() + ",下载失败: ")
}

func TestFileServerDoesNotEndAFileThatShrinksLikeAWholeOne(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	big := filepath.Join(folder, "big")
	randomFile(t, big, 30<<20) // more than the buffers take
	server, port := fileServer(t, folder)
	c := dial(t, port)
	c.Write([]byte("big"))
	if _, err := c.Read(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 20<<20); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, c); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %d bytes and %v, want a reset", n, err)
	}
	server.expect("客户端" + c.LocalAddr().String() + ",下载失败: 文件在发送时变短了\n")
}

func TestFileServerCreatesItsFolderAndTellsIt(t *testing.T) {
	t.Parallel()
	beside := t.TempDir()
	source, err := os.ReadFile("file_server.lua")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(beside, "my_server.lua")
	write(t, script, string(source))
	folder := filepath.Join(beside, "download")
	for _, want := range []string{"下载目录不存在\n下载目录已创建\t" + folder + "\n" + ready, "下载目录已存在\t" + folder + "\n" + ready} {
		port := freePort(t)
		server := lunawire(t, script, "127.0.0.1", port)
		if got := server.expect(ready); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		server.interrupt()
		server.wait()
	}
	here := t.TempDir()
	startIn(t, here, os.Getenv(programVariable), "run", "file_server", "127.0.0.1", freePort(t)).expect(ready)
	leftOnly(t, here, "download")
}

func TestFileClientLeavesNoHalfFile(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	into := t.TempDir()
	write(t, filepath.Join(into, "kept"), "as it was")
	for _, name := range []string{"new", "kept"} {
		client := lunawire(t, "run", "file_client", name, "127.0.0.1", portOf(l.Addr()), into)
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1024)); err != nil { // the name
			t.Fatal(err)
		}
		c.Write(make([]byte, 30<<20)) // more than the buffers take: it has read some
		reset(t, c.(*net.TCPConn))
		client.fails("ECONNRESET")
	}
	leftOnly(t, into, "kept")
	if got, err := os.ReadFile(filepath.Join(into, "kept")); string(got) != "as it was" {
		t.Errorf("got %q, %v; want the old file", got, err)
	}
}

func TestFileClientAsksForTheName(t *testing.T) {
	t.Parallel()
	folder, into := t.TempDir(), t.TempDir()
	write(t, filepath.Join(folder, "file"), "content")
	_, port := fileServer(t, folder)
	// A name that is typed leaves no place for the other arguments.
	script := filepath.Join(t.TempDir(), "ask.lua")
	source, err := os.ReadFile("file_client.lua")
	if err != nil {
		t.Fatal(err)
	}
	write(t, script, strings.Replace(string(source), "15555", port, 1))
	client := startIn(t, into, os.Getenv(programVariable), script)
	client.expect("请输入文件名")
	client.enter("file")
	contains(t, client.succeeds(), "下载完成\t7")
	leftOnly(t, into, "file")

	client = lunawire(t, "run", "file_client")
	client.endInput()
	client.fails("没有文件名")
}

func TestFileClientKeepsNamesInsideItsFolder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	into := filepath.Join(top, "into")
	if err := os.Mkdir(into, 0o700); err != nil {
		t.Fatal(err)
	}
	_, port := fileServer(t, t.TempDir())
	lunawire(t, "run", "file_client", "../x", "127.0.0.1", port, into).fails("OutsideFolder")
	leftOnly(t, top, "into")
}
