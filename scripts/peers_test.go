package scripts_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The same exchanges with Python peers of our own, on ports that are free: they
// need neither the notes nor a network namespace.

// readyPort waits for a peer and returns its port.
func readyPort(p *process) string {
	p.t.Helper()
	p.expect("ready ")
	return strings.TrimSpace(p.expect("\n"))
}

func TestUDPSendReachesAPythonReceiver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, encoding, want string }{
		{"abc", "utf-8", "616263"},
		{"你好", "gbk", "c4e3bac3"},
		{"你好", "utf-8", "e4bda0e5a5bd"},
	} {
		receiver := peer(t, "udp_receive")
		lunawire(t, "run", "udp_send", "127.0.0.1", readyPort(receiver), c.text, c.encoding).succeeds()
		contains(t, receiver.succeeds(), "got "+c.want+" from ")
	}
}

func TestUDPSendBoundSendsFromItsPort(t *testing.T) {
	t.Parallel()
	receiver, port := peer(t, "udp_receive"), freePort(t)
	lunawire(t, "run", "udp_send_bound", "127.0.0.1", readyPort(receiver), port).succeeds()
	contains(t, receiver.succeeds(), "got c4e3bac3 from "+port+"\n")
}

func TestUDPReceiveHearsAPythonSender(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	receiver := lunawire(t, "run", "udp_receive", port)
	bound(t, port)
	from := strings.TrimPrefix(strings.TrimSpace(peer(t, "udp_send", port, "c4e3bac3").succeeds()), "from ")
	address := "127.0.0.1:" + from
	if got, want := receiver.succeeds(), "c4 e3 ba c3\t"+address+"\n你好\n"+address+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUDPSelfHearsItself(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	if got, want := lunawire(t, "run", "udp_self", port).succeeds(), "c4 e3 ba c3\n你好\n127.0.0.1:"+port+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTCPClientPrintsTheAnswerOfAPythonServer(t *testing.T) {
	t.Parallel()
	server, port := peer(t, "tcp_server", "cad5b5bd"), freePort(t)
	out := lunawire(t, "run", "tcp_client", "127.0.0.1", readyPort(server), port).succeeds()
	if want := "收到服务器响应: 收到\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	contains(t, server.succeeds(), "got b7a2cbcdcafdbedd from "+port+"\n")
}

func TestTCPServerHearsAPythonClient(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	server := lunawire(t, "run", "tcp_server", "127.0.0.1", port)
	server.expect(ready)
	for range 2 {
		client := peer(t, "tcp_client", port, "c4e3bac3").succeeds()
		_, from, _ := strings.Cut(strings.TrimSpace(client), "from ")
		server.expect("收到消息: 你好 来源:127.0.0.1:" + from + "\n监听中...\n")
	}
	server.interrupt()
	if out, status := server.wait(); status != 130 {
		t.Errorf("got status %d, want 130\n%s", status, out)
	}
}

// large is the size of a file that nobody should want to hold in memory.
func large() int64 {
	if testing.Short() {
		return 30 << 20
	}
	return 300_000_000
}

func TestAPythonDownloaderGetsALargeFileWhole(t *testing.T) {
	t.Parallel()
	folder, port := t.TempDir(), freePort(t)
	want := randomFile(t, filepath.Join(folder, "大.bin"), large())
	server := lunawire(t, "run", "file_server", "127.0.0.1", port, folder)
	server.expect(ready)
	out := peer(t, "download", port, "大.bin").succeeds()
	if want := fmt.Sprintf("got %d %s\n", large(), want); out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	server.expect("需要下载的文件是大.bin\n下载完成\n")
}

func TestFileClientDownloadsFromAPythonServer(t *testing.T) {
	t.Parallel()
	folder, into := t.TempDir(), t.TempDir()
	want := randomFile(t, filepath.Join(folder, "a.bin"), 5<<20)
	server := peer(t, "file_server", folder)
	out := lunawire(t, "run", "file_client", "a.bin", "127.0.0.1", readyPort(server), into).succeeds()
	contains(t, out, "a.bin 5.0 MiB", "下载完成\t5242880")
	if got := checksum(t, filepath.Join(into, "a.bin")); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
	leftOnly(t, into, "a.bin")
}

func TestFileClientDownloadsFromFileServer(t *testing.T) {
	t.Parallel()
	folder, into, port := t.TempDir(), t.TempDir(), freePort(t)
	want := randomFile(t, filepath.Join(folder, "资料.bin"), 20<<20)
	lunawire(t, "run", "file_server", "127.0.0.1", port, folder).expect(ready)
	client := lunawire(t, "run", "file_client", "", "127.0.0.1", port, into)
	client.fails("没有文件名")
	lunawire(t, "run", "file_client", "资料.bin", "127.0.0.1", port, into).succeeds()
	if got := checksum(t, filepath.Join(into, "资料.bin")); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
	leftOnly(t, into, "资料.bin")
}

// randomFile writes a file of random bytes and returns its checksum.
func randomFile(t *testing.T, path string, size int64) string {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	random := rand.NewChaCha8([32]byte{byte(size)})
	if _, err := io.CopyN(io.MultiWriter(f, h), random, size); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// checksum is the checksum of a file.
func checksum(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// leftOnly checks that a folder has just these files.
func leftOnly(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got the files %q, want %q", folder, got, want)
	}
}
