package lua_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/repl"
	"lunawire/repl/lua"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A sink is an output that tasks may write to at the same time; written is told
// of each write.
type sink struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{}
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.written <- struct{}{}:
	default:
	}
	return s.b.Write(p)
}

func (s *sink) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.b.Reset()
	return s.b.String()
}

// A prompt is an Interpreter with everything that the program ships.
type prompt struct {
	*lua.Interpreter
	t     *testing.T
	rt    *bindings.Runtime
	out   *sink
	ended context.Context // ends by os.exit
}

var background = context.Background()

func newPrompt(t *testing.T) *prompt {
	t.Helper()
	p := &prompt{t: t, out: &sink{written: make(chan struct{}, 1)}}
	plugins := all.Plugins()
	rt, err := bindings.New(bindings.Config{Plugins: plugins, Stdin: strings.NewReader(""), Stdout: p.out, Stderr: p.out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	ended, exit := context.WithCancelCause(background)
	t.Cleanup(func() { exit(nil) })
	p.rt, p.ended, p.Interpreter = rt, ended, lua.New(rt, plugins, exit)
	return p
}

// enter runs entries that succeed and returns what the last one showed.
func (p *prompt) enter(entries ...string) string {
	p.t.Helper()
	var values []repl.Value
	for _, entry := range entries {
		var failure *repl.Failure
		if values, failure = p.Eval(background, entry); failure != nil {
			p.t.Fatalf("%s: %+v", entry, *failure)
		}
	}
	return words(values)
}

func words(values []repl.Value) string {
	var list []string
	for _, v := range values {
		list = append(list, word(v))
	}
	return strings.Join(list, ", ")
}

// word writes a value with its kind: numbers bare, strings quoted, tables in
// braces, everything else in angles.
func word(v repl.Value) string {
	switch v.Kind {
	case repl.KindNumber:
		return v.Text
	case repl.KindString:
		return strconv.Quote(v.Text)
	case repl.KindTable:
		entries, total := v.Table.Entries(5)
		var list []string
		for _, e := range entries {
			list = append(list, word(e.Key)+"="+word(e.Value))
		}
		return fmt.Sprintf("{%s of %d}", strings.Join(list, " "), total)
	}
	return "<" + v.Text + ">"
}

func TestResultsComeInTheirKinds(t *testing.T) {
	p := newPrompt(t)
	for _, c := range []struct{ entry, want string }{
		{"1 + 1", "2"},
		{"=2 ^ 53", "9.007199254741e+15"},
		{"nil, 1, nil", "<nil>, 1, <nil>"},
		{"nil", "<nil>"},
		{"x = 1", ""},
		{"true, 'a\\0\\255'", `<true>, "a\x00\xff"`},
		{"udp.socket()", "<<udp 0.0.0.0:0>>"},
		{"{}", "{ of 0}"},
		{"{10, 20, nil, 40}", "{1=10 2=20 4=40 of 3}"},
		{"{b = 1, a = 2, [true] = 3, [-1] = 4, 5}", `{1=5 -1=4 "a"=2 "b"=1 <true>=3 of 5}`},
		{"(function() local t = {} for i = 1000, 1, -1 do t['k' .. i] = i end return t end)()", `{"k1"=1 "k10"=10 "k100"=100 "k1000"=1000 "k101"=101 of 1000}`},
		{"(function() local t = {} for i = 1, 1000 do t[i] = i end t[0] = 0 return t end)()", `{1=1 2=2 3=3 4=4 5=5 of 1001}`},
		{"{{1}, {}}", "{1={1=1 of 1} 2={ of 0} of 2}"},
		{"setmetatable({}, {__tostring = function() return 'mine' end})", "<mine>"},
		{"setmetatable({}, {__tostring = function() error('no', 0) end})", "<(__tostring: no)>"},
	} {
		if got := p.enter(c.entry); got != c.want {
			t.Errorf("got  %s\nwant %s\n%s", got, c.want, c.entry)
		}
	}
}

func TestATableIsTheSameWhereverItStands(t *testing.T) {
	p := newPrompt(t)
	values, failure := p.Eval(background, "(function() local t = {}; t[1] = t; return t, {} end)()")
	if failure != nil {
		t.Fatal(failure)
	}
	entries, _ := values[0].Table.Entries(1)
	if entries[0].Value.Table.ID() != values[0].Table.ID() || values[1].Table.ID() == values[0].Table.ID() {
		t.Errorf("identities %v, %v, %v", values[0].Table.ID(), entries[0].Value.Table.ID(), values[1].Table.ID())
	}
}

func TestATostringThatDoesNotEndIsCutOff(t *testing.T) {
	p := newPrompt(t)
	got := p.enter("setmetatable({}, {__tostring = function() while true do pcall(task.sleep, 100) end end})")
	if !strings.HasPrefix(got, "<(__tostring: ") {
		t.Errorf("got %s", got)
	}
}

func TestUnderscoreHoldsTheFirstResult(t *testing.T) {
	p := newPrompt(t)
	if got := p.enter("1, 2", "x = 5", "_ + 1"); got != "2" {
		t.Errorf("got %s, want 2", got)
	}
	if got := p.enter("nil, 'closed'", "return _"); got != "<nil>" {
		t.Errorf("got %s, want nil", got)
	}
}

func TestLocalsStay(t *testing.T) {
	p := newPrompt(t)
	got := p.enter("local s, n = udp.socket(), 0", "function count() n = n + 1 return n end", "count()", "n = n + 10", "count(), n, s, _G.n")
	if want := "12, 12, <<udp 0.0.0.0:0>>, <nil>"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.enter("t = task.spawn(function() n = 'from a task' end)", "t:join()")
	if got := p.enter("n"); got != `"from a task"` {
		t.Errorf("got %s", got)
	}
}

func TestFailuresSayWhatAndWhere(t *testing.T) {
	p := newPrompt(t)
	p.enter("function f()\n  error('deep')\nend")
	for _, c := range []struct {
		entry string
		want  repl.Failure
	}{
		{"x = = 1", repl.Failure{Message: "prompt:1: syntax error near '='", Syntax: true}},
		{"for i = 1, 2 do", repl.Failure{Message: "prompt:1: syntax error near <eof>", Syntax: true, Incomplete: true}},
		{"{1,", repl.Failure{Message: "prompt:1: syntax error near <eof>", Syntax: true, Incomplete: true}},
		{"f(", repl.Failure{Message: "prompt:1: syntax error near <eof>", Syntax: true, Incomplete: true}},
		{"\n\nerror('no')", repl.Failure{Message: "prompt:3: no"}},
		{"error({code = 1})", repl.Failure{Message: "table: "}},
		{"nothing.x = 1", repl.Failure{Message: "prompt:1: attempt to index a nil value (global 'nothing')"}},
		{"return f()", repl.Failure{Message: "prompt:2: deep", Traceback: "stack traceback:"}},
		{"udp.socket():bind('127.0.0.1', 70000)", repl.Failure{Message: "prompt:1: usage: s:bind("}},
	} {
		_, failure := p.Eval(background, c.entry)
		if failure == nil {
			t.Errorf("no failure, want %q: %s", c.want.Message, c.entry)
			continue
		}
		got := *failure
		if !strings.HasPrefix(got.Message, c.want.Message) || !strings.HasPrefix(got.Traceback, c.want.Traceback) {
			t.Errorf("got  %q %q\nwant %q %q\n%s", got.Message, got.Traceback, c.want.Message, c.want.Traceback, c.entry)
		}
		got.Message, got.Traceback, got.Hint = c.want.Message, c.want.Traceback, ""
		if got != c.want {
			t.Errorf("got  %+v\nwant %+v\n%s", got, c.want, c.entry)
		}
	}
	_, failure := p.Eval(background, "local l = tcp.listen('127.0.0.1', 0); tcp.listen('127.0.0.1', l:getsockname().port)")
	if failure == nil || failure.Hint == "" || !strings.Contains(failure.Message, "EADDRINUSE") {
		t.Errorf("got %+v, want EADDRINUSE with a hint", failure)
	}
}

func TestAnEntryIsInterruptedAndTheNextRuns(t *testing.T) {
	p := newPrompt(t)
	p.enter("local s = udp.socket(); s:bind('127.0.0.1', 0)", "c = udp.socket()")
	for _, entry := range []string{
		"s:recvfrom(10)", "while true do end", "task.sleep(1000)", "pcall(task.sleep, 1000) x = 1", "while true do pcall(error) end",
		"local kept = 'kept'; s:recvfrom(10)", "task.spawn(function() task.sleep(1000) end):join()",
	} {
		ctx, cancel := context.WithCancel(background)
		done := make(chan *repl.Failure)
		go func() {
			_, failure := p.Eval(ctx, entry)
			done <- failure
		}()
		cancel()
		failure := <-done
		if failure == nil || !failure.Canceled || failure.Syntax || failure.Incomplete {
			t.Errorf("got %+v, want an interrupt: %s", failure, entry)
		}
	}
	if got := p.enter("c:sendto('x', s:getsockname())", "(s:recvfrom(10))"); got != `"x"` {
		t.Errorf("got %s from the socket after the interrupts", got)
	}
}

func TestAnInterruptReachesAWaitingEntry(t *testing.T) {
	p := newPrompt(t)
	ctx, cancel := context.WithCancel(background)
	done := make(chan *repl.Failure)
	go func() {
		_, failure := p.Eval(ctx, "local kept = 'kept'; print('here'); task.sleep(1000)")
		done <- failure
	}()
	<-p.out.written
	cancel()
	if failure := <-done; failure == nil || !failure.Canceled {
		t.Errorf("got %+v", failure)
	}
	if got := p.enter("kept"); got != `"kept"` {
		t.Errorf("got %s, want the local from before the interrupt", got)
	}
}

func TestOsExitEndsTheProgram(t *testing.T) {
	p := newPrompt(t)
	if _, failure := p.Eval(background, "os.exit(7)"); failure != nil {
		t.Errorf("got %+v", failure)
	}
	if status, exited := bindings.ExitStatus(context.Cause(p.ended)); !exited || status != 7 {
		t.Errorf("got %v", context.Cause(p.ended))
	}
}

func TestOpenSocketsAreListed(t *testing.T) {
	p := newPrompt(t)
	if list := p.Sockets(); len(list) != 0 {
		t.Fatalf("got %+v", list)
	}
	p.enter("u = udp.socket()", "l = tcp.listen('127.0.0.1', 0)", "c = tcp.connect(l:getsockname())", "a = l:accept()",
		"c:send('hello')", "a:recv(2)", "b = udp.socket(); b:bind('127.0.0.1', 0)", "c2 = tcp.connect(l:getsockname())",
		"socket.select({l, a}, {}, 5)", "from, to = tostring(c:getsockname()), tostring(l:getsockname())")
	before := p.enter("from, to")
	list := p.Sockets()
	var got []string
	for _, s := range list {
		if s.Local == "" {
			t.Errorf("no local address: %+v", s)
		}
		got = append(got, fmt.Sprintf("%d %s %s %d %d %v %v %v", s.ID, s.Type, s.State, s.In, s.Out, s.Readable, s.Writable, s.Exceptions))
	}
	want := []string{
		"1 udp UNBOUND 0 0 false true false",
		"2 tcp LISTEN 0 0 true false false",
		"3 tcp ESTABLISHED 0 5 false true false",
		"4 tcp ESTABLISHED 2 0 true true false",
		"5 udp BOUND 0 0 false true false",
		"6 tcp ESTABLISHED 0 0 false true false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if addresses := fmt.Sprintf("%q, %q", list[2].Local, list[2].Remote); addresses != before {
		t.Errorf("got %s, want %s", addresses, before)
	}
}

func TestTasksAreListedAndKilled(t *testing.T) {
	p := newPrompt(t)
	p.enter("sleeper = task.spawn(function() print('here') task.sleep(1000) end)")
	<-p.out.written
	list := p.Tasks()
	for len(list) == 1 && list[0].State == "running" { // it has printed and is about to sleep
		list = p.Tasks()
	}
	if len(list) != 1 || list[0].State != "waiting" || list[0].Doing != "task.sleep" || list[0].Name == "" {
		t.Fatalf("got %+v", list)
	}
	if err := p.Kill(list[0].ID); err != nil {
		t.Error(err)
	}
	p.enter("pcall(sleeper.join, sleeper)")
	if got := p.enter("sleeper:state()"); got != `"cancelled"` {
		t.Errorf("got %s", got)
	}
	if err := p.Kill(list[0].ID); err == nil || len(p.Tasks()) != 0 {
		t.Errorf("an ended task was killed or listed: %v", p.Tasks())
	}
}

func TestScriptsRunAsEntries(t *testing.T) {
	p := newPrompt(t)
	path := filepath.Join(t.TempDir(), "my script.lua")
	source := "local a, b = ...\nprint(a, b, #arg, arg[0] ~= nil)\nlocal hidden = 1\nt = task.spawn(function() task.sleep(1000) end)\n"
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if failure := p.RunScript(background, path, []string{"x", "y z"}); failure != nil {
		t.Fatalf("%+v", *failure)
	}
	if got := p.out.take(); got != "x\ty z\t2\ttrue\n" {
		t.Errorf("printed %q", got)
	}
	if got := p.enter("hidden, #task.list(), arg[2]"); got != `<nil>, 1, "y z"` {
		t.Errorf("got %s", got)
	}
	if got, err := p.Script(path); got != source || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := p.Script("no_such_script"); err == nil {
		t.Error("got a script that is not there")
	}
	if failure := p.RunScript(background, "missing.lua", nil); failure == nil {
		t.Error("ran a file that is not there")
	}
}

func TestAScriptIsInterrupted(t *testing.T) {
	p := newPrompt(t)
	path := filepath.Join(t.TempDir(), "wait.lua")
	if err := os.WriteFile(path, []byte("print('here')\nudp.socket():recvfrom(1)"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	go func() {
		<-p.out.written
		cancel()
	}()
	if failure := p.RunScript(ctx, path, nil); failure == nil || !failure.Canceled {
		t.Errorf("got %+v", failure)
	}
}

func TestEveryWalkthroughIsThere(t *testing.T) {
	p := newPrompt(t)
	list := p.Scripts()
	if len(list) == 0 {
		t.Fatal("there is none")
	}
	for _, s := range list {
		if source, err := p.Script(s.Name); err != nil || !p.Compiles(source) || s.Title == "" {
			t.Errorf("%s: %v, title %q", s.Name, err, s.Title)
		}
	}
}

func TestCompletion(t *testing.T) {
	p := newPrompt(t)
	p.enter("local s = udp.socket()", "s:bind('127.0.0.1', 0)", "a = s:getsockname()",
		"t = {field = 1, fieldTwo = {deep = {}}, call = function() end, [1] = s, ['no name'] = 1, [2] = 'text'}",
		"object = setmetatable({own = 1}, {__index = {method = function() end, inherited = 1}})",
		"circle = {}; setmetatable(circle, {__index = circle})", "trap = setmetatable({}, {__index = function() error('called') end})",
		"local localOne = 1", "_hidden = 1")
	for _, c := range []struct{ text, want string }{
		{"udp.soc", "udp.socket"},
		{"x = udp.soc", "udp.socket"},
		{"socket.AF_INET6", "socket.AF_INET6"},
		{"ud", "udp"},
		{"loca", "local localOne"},
		{"whi", "while"},
		{"s:recvf", "s:recvfrom"},
		{"s:getsockn", "s:getsockname"},
		{"print(s:recvf", "s:recvfrom"},
		{"x..s:recvf", "s:recvfrom"},
		{"-s:recvf", "s:recvfrom"},
		{"s.recvf", ""},
		{"t[1]:recvf", "t[1]:recvfrom"},
		{"t[2]:enc", "t[2]:encode"},
		{"a.po", "a.port"},
		{"a.port.", ""},
		{"t.fie", "t.field t.fieldTwo"},
		{"t.fieldTwo.", "t.fieldTwo.deep"},
		{"t['fieldTwo'].", "t['fieldTwo'].deep"},
		{"t:", "t:call"},
		{"t.no", ""},
		{"object.", "object.inherited object.method object.own"},
		{"object:", "object:method"},
		{"circle.", ""},
		{"trap.x.", ""},
		{"nothing.", ""},
		{"nothing.x.y", ""},
		{`("你好"):enc`, `encode`},
		{`x = ('a'):enc`, `encode`},
		{`return ("a"):enc`, `encode`},
		{`f("a"):enc`, ""},
		{"f().recvf", ""},
		{"f():recvf", ""},
		{"12", ""},
		{"-- ud", ""},
		{"'ud", ""},
		{"[[ud", ""},
		{"--[[ x ]] ud", "udp"},
		{"_hid", "_hidden"},
		{`("x"):encode("gb1`, "gb18030"},
		{`("x"):encode('gb1`, "gb18030"},
		{`s:recv(10):decode("utf-16-b`, "utf-16-be"},
		{`text.encode("a, (b", "gb1`, "gb18030"},
		{`text.encode("gb1`, ""},
		{`text.decoder("gb1`, "gb18030"},
		{`("x"):encode"gb1`, "gb18030"},
		{`f(1, "gb1`, ""},
		{`print("gb1`, ""},
	} {
		start, got := p.Complete(background, c.text)
		if strings.Join(got, " ") != c.want || start > len(c.text) {
			t.Errorf("got %q from %d, want %q: %s", got, start, c.want, c.text)
		}
		for _, candidate := range got {
			if !strings.HasPrefix(candidate, c.text[start:]) {
				t.Errorf("%q does not begin with %q", candidate, c.text[start:])
			}
		}
	}
	if _, all := p.Complete(background, "x = "); slices.Contains(all, "_hidden") || !slices.Contains(all, "tcp") {
		t.Errorf("got %q", all)
	}
}

func TestCompletionWaitsForNoBusyTask(t *testing.T) {
	p := newPrompt(t)
	p.enter("t = task.spawn(function() while true do end end)")
	if _, got := p.Complete(background, "udp.soc"); !slices.Equal(got, []string{"udp.socket"}) {
		t.Errorf("got %q while a task computes", got)
	}
	if list := p.Tasks(); len(list) != 1 || list[0].State != "running" {
		t.Errorf("got %+v", list)
	}
	p.enter("t:cancel()")
}

func TestCompletionGivesUp(t *testing.T) {
	p := newPrompt(t)
	holding, release := make(chan struct{}), make(chan struct{})
	prompt := p.rt.NewPrompt()
	var held sync.WaitGroup
	held.Go(func() {
		prompt.Look(background, func() {
			close(holding)
			<-release
		})
	})
	<-holding
	ctx, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	if _, got := p.Complete(ctx, "udp.soc"); len(got) != 0 || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("got %q while the machine is held", got)
	}
	close(release)
	held.Wait()
	if _, got := p.Complete(background, "udp.soc"); len(got) != 1 {
		t.Errorf("got %q afterwards", got)
	}
}

func TestManyTasksAndLooksAtOnce(t *testing.T) {
	p := newPrompt(t)
	p.enter("shared = {}", "for i = 1, 5 do task.spawn(function() for n = 1, 200 do shared[n] = {n}; task.sleep(0) end error({}) end) end")
	for len(p.Tasks()) > 0 {
		p.enter("local n = #shared", "shared")
		p.Complete(background, "shared.")
		p.Sockets()
	}
}
