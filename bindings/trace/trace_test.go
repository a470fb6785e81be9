package trace_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lunawire/bindings/record"
)

// said runs a script and returns what it printed, reports among it.
func said(t *testing.T, source string, args ...string) string {
	t.Helper()
	rt, out := newRuntime(t)
	play(t, rt, "script.lua", source, args...)
	return out.String()
}

// talk is a conversation to look at.
const talk = `
local a, b = udp.socket(), udp.socket()
a:bind("127.0.0.1", 0) b:bind("127.0.0.1", 0)
local function talk()
  a:sendto(("你好"):encode("gbk"), b:getsockname())
  b:recvfrom(2)
  a:sendto("\1\2\3", b:getsockname())
  b:recvfrom(100)
  pcall(a.connect, a, "127.0.0.1", 70000)
  a:close() b:close()
end
`

func TestALineForEachCallWhileTracingIsOn(t *testing.T) {
	got := said(t, talk+`trace.on() trace.note("now\nagain") talk() trace.off() udp.socket()`)
	want := []string{
		`main +-- now`, `-- again`,
		`main +udp#2 +getsockname\(\) = 127\.0\.0\.1:\d+`,
		`main +udp#1 +sendto\("你好" gbk, "127\.0\.0\.1", \d+\) = 4`,
		`main +udp#2 +recvfrom\(2\) = "你" gbk, 127\.0\.0\.1:\d+ \(2 of 4 bytes lost\)`,
		`main +udp#2 +getsockname\(\) = 127\.0\.0\.1:\d+`,
		`main +udp#1 +sendto\(<01 02 03>, "127\.0\.0\.1", \d+\) = 3`,
		`main +udp#2 +recvfrom\(100\) = <01 02 03>, 127\.0\.0\.1:\d+`,
		`main +udp#1 +close\(\)`, `main +udp#2 +close\(\)`,
	}
	lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	for i := range max(len(lines), len(want)) {
		if i >= len(lines) || i >= len(want) || !regexp.MustCompile(want[i]+`( \(\S+ .?s\))?$`).MatchString(lines[i]) {
			t.Fatalf("line %d: got\n%s\nwant the lines\n%s", i+1, got, strings.Join(want, "\n"))
		}
	}
}

func TestTracingMayBeLimited(t *testing.T) {
	for _, test := range []struct {
		filter string
		want   int
	}{
		{"{names = {'sendto'}}", 2},
		{"{sockets = {a}}", 3},
		{"{names = {'close', 'sendto'}, sockets = {b}}", 1},
		{"{tasks = {task.current()}}", 8},
		{"{kinds = {'note'}}", 0},
	} {
		got := said(t, talk+"trace.on("+test.filter+") talk() trace.off()")
		if n := strings.Count(got, "\n"); n != test.want {
			t.Errorf("trace.on(%s): got %d lines, want %d\n%s", test.filter, n, test.want, got)
		}
	}
	if got := said(t, "print(pcall(trace.on, {kinds = {'nothing'}}))"); !strings.Contains(got, `no kind of event "nothing"`) {
		t.Errorf("got %s", got)
	}
}

func TestEventsAreTables(t *testing.T) {
	got := said(t, talk+`talk()
local e = trace.events{names = {"recvfrom"}, kinds = {"call"}}[1]
print(e.kind, e.name, e.call, e.data:decode("gbk"), e.size, e.lost, e.task, e.socket, e.addr == e.peer)
local opened = trace.events{kinds = {"opened"}}
print(#opened, opened[1].seq, opened[1].at <= opened[2].at, opened[1].data)
trace.clear()
print(#trace.events())`)
	want := "call\trecvfrom\trecvfrom(2)\t你\t2\t2\t1\t2\tfalse\n2\t1\ttrue\tnil\n0\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestATimelineIsSavedInEveryFormat(t *testing.T) {
	folder := t.TempDir()
	said(t, talk+`talk()
for _, ending in ipairs{"txt", "md", "json", "svg", "html"} do
  trace.save(arg[1] .. "/talk." .. ending, {title = "A talk (聊天)"})
end`, folder)
	for ending, want := range map[string][]string{
		"txt":  {"A talk (聊天)\n\n     time", `├─ #1 sendto "你好" gbk 4 B`, `recvfrom(2) = "你" gbk 2 B ✗ 2 of 4 B lost #1▷`},
		"md":   {"# A talk (聊天)\n\n```text\n     time", "│\n```\n"},
		"svg":  {"<svg", "A talk (聊天)", "你好", "</svg>"},
		"html": {"<html", "A talk (聊天)", "你好", "</html>"},
		"json": {`"name":"sendto"`},
	} {
		data, err := os.ReadFile(filepath.Join(folder, "talk."+ending))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(data), w) {
				t.Errorf("%s: want in it %q, got\n%s", ending, w, data)
			}
		}
	}
	f, err := os.Open(filepath.Join(folder, "talk.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	loaded, err := record.ReadJSON(f)
	if err != nil || len(loaded.Events) < 12 {
		t.Errorf("loaded again: %v, %d events", err, len(loaded.Events))
	}
}

func TestASavedTimelineIsDrawnAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "talk.json")
	conversation := `
local a, b = udp.socket(), udp.socket()
a:bind("127.0.0.1", 0) b:bind("127.0.0.1", 0)
a:sendto("hello", b:getsockname()) b:recvfrom(100)
trace.ladder{stable=true, width=80} trace.save(arg[1])`
	want := said(t, conversation, path)
	if got := said(t, "trace.ladder{stable=true, width=80, from=arg[1]}", path); got != want || want == "" {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := said(t, "print(pcall(trace.ladder, {from=arg[1]}))", path+".none"); !strings.Contains(got, "no such file") {
		t.Errorf("got %s", got)
	}
}

func TestAnUnknownFormatIsRefusedBeforeTheFileIsTouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "talk.gif")
	got := said(t, "print(pcall(trace.save, arg[1]))", path)
	if want := "its end says how it is saved: .html, .json, .md, .svg, .txt"; !strings.Contains(got, want) {
		t.Errorf("got %s\nwant in it %s", got, want)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v for the file", err)
	}
}

func TestWhatAFailedSendDidNotSendIsNoArrowAndAnAbortIsRST(t *testing.T) {
	got := said(t, `
local l = tcp.listen("127.0.0.1", 0)
local c = tcp.connect(l:getsockname())
local s = l:accept()
s:setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, {1, 0})
s:close()
pcall(c.recv, c, 1)
pcall(c.send, c, "lost")
trace.ladder()`)
	for _, want := range []string{"close() RST", "ECONNRESET", `send("lost") ✗ EPIPE`} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant in it %s", got, want)
		}
	}
	if strings.Contains(got, "not received") {
		t.Errorf("got an arrow for what was not sent:\n%s", got)
	}
}

func TestALiveLadderHasTheRowsOfTheLaterOne(t *testing.T) {
	rt, out := newRuntime(t)
	play(t, rt, "script.lua", "trace.ladder{live=true}"+talk+"talk() trace.off()")
	live := out.String()
	if _, err := rt.NewPrompt().Eval(context.Background(), "trace.ladder()"); err != nil {
		t.Fatal(rt.Describe(err).Text())
	}
	words := regexp.MustCompile(`(?:sendto|recvfrom|close)\W[^─│▶]*[^─│▶ ]`)
	got, want := words.FindAllString(live, -1), words.FindAllString(out.String()[len(live):], -1)
	if strings.Join(got, "\n") != strings.Join(want, "\n") || len(want) != 6 {
		t.Errorf("got\n%s\nwant\n%s", live, out.String()[len(live):])
	}
}
