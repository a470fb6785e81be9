//go:build unix

package repl

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// startPrompt starts the prompt over a real Runtime and waits until it is up.
func startPrompt(t *testing.T, o consoleOptions) *console {
	t.Helper()
	c := startChild(t, "prompt", o)
	c.shows("welcome\n> ")
	return c
}

// enter types an entry and waits for what it shows, and the next prompt.
func (c *console) enter(entry, want string) {
	c.t.Helper()
	c.send(entry + "\r")
	if want != "" {
		want += "\n"
	}
	c.shows("\n> " + entry + "\n" + want + "> ")
}

func TestExpressionsAndStatementsAreEntries(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	for _, test := range []struct{ entry, want string }{
		{"1 + 1", "2"},
		{"= _ * 2, 'two'", `4, "two"`},
		{"x = 1", ""},
		{"local y = 5", ""},
		{"local function double(n) local m = 2 return n * m end", ""},
		{"double(y)", "10"},
		{"nil, 'closed'", `nil, "closed"`},
		{"('你好'):encode('gbk')", `"\xc4\xe3\xba\xc3"  -- looks like gbk: 你好`},
		{"{1, {a = '中'}}", `{1, {a = "中"}}`},
		{"print('a\\tb')", "a       b"},
		{"-- nothing", ""},
	} {
		c.enter(test.entry, test.want)
	}
}

func TestAnEntryGoesOnOverSeveralLines(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send("for i = 1, 2 do\r")
	c.shows("> for i = 1, 2 do\n>> ")
	c.send("  print(i)\rend\r")
	c.shows(">>   print(i)\n>> end\n1\n2\n> ")
	c.send("\x1b[A")
	c.shows("> for i = 1, 2 do␤  print(i)␤end")
	c.send(" print('again')\r")
	c.shows("1\n2\nagain\n> ")
	c.send("f(\r")
	c.shows(">> ")
	c.send("\x03")
	c.shows(">> ^C\n> ")
	c.send("f(\r")
	c.shows("> f(\n>> ")
	c.send("\x04")
	c.shows(">>\n> ")
	c.enter("1", "1")
}

func TestErrorsComeWithHelp(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send("import socket\r")
	c.shows("\n  hint: in Lua, nothing is imported: the modules are there, help lists them\n" +
		"  Ask for help with: help, help(udp), tcp.connect?; .help is about the prompt.\n> ")
	c.send("while True:\r")
	c.shows("\n  hint: in Lua, a loop is written: while true do ... end\n> ")
	c.enter("s = udp.socket()", "")
	c.send("s.bind('127.0.0.1', 0)\r")
	c.shows("\n  hint: in Lua, methods are called with a colon: s:bind(...)\n> ")
	c.send("tcp.connect('127.0.0.1', 1)\r")
	c.until("a hint of the call", func(v *vt) bool {
		return strings.Contains(v.text(), "ECONNREFUSED") && strings.Count(v.text(), "hint:") == 4
	})
}

func TestHelpIsAtHand(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{rows: 100})
	for _, test := range []struct{ entry, want string }{
		{"help", "Modules"},
		{"help tcp.connect", "tcp.connect("},
		{"tcp.connect?", "tcp.connect("},
		{"s = udp.socket()", ""},
		{"s:bind?", "s:bind("},
		{"s?", "<udp"},
		{".help", ".history [WORD]"},
		{".help udp", "udp.socket("},
		{".help run", ".run NAME [ARG...]"},
		{"udp.sokket?", "udp.socket"},
	} {
		c.send(".clear\r")
		c.until("a clear screen", func(v *vt) bool { b, _ := v.cursorLine(); return v.row == 0 && b == "> " })
		c.send(test.entry + "\r")
		c.until(test.entry+" to show "+test.want, func(v *vt) bool {
			return strings.Contains(v.text(), test.want) && strings.HasSuffix(v.text(), "\n>")
		})
	}
}

func TestTabCompletes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "课程.lua"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := startPrompt(t, consoleOptions{dir: dir})
	c.enter("s = udp.socket()", "")
	for _, test := range []struct{ typed, want, above string }{
		{"s:recvf\t", "> s:recvfrom", ""},
		{"udp.soc\t", "> udp.socket", ""},
		{"x = ('a'):encode(\"koi8_r\t", "> x = ('a'):encode(\"koi8_r", ""},
		{"('a'):encode(\"gb23\t", "> ('a'):encode(\"gb2312", ""},
		{"repe\t", "> repeat", ""},
		{".trace l\t", "> .trace ladder", ""},
		{".help sav\t", "> .help save", ""},
		{".sc\t", "> .scripts", ""},
		{".run udp_send_\t", "> .run udp_send_bound", ""},
		{".save 课\t", "> .save 课程.lua", ""},
		{"\t", ">     ", ""},
		{"x = s:recv\t", "> x = s:recv", "s:recvfrom"},
		{"zzz\t", "> zzz", ""},
	} {
		c.send(test.typed)
		c.until(test.want, func(v *vt) bool {
			b, _ := v.cursorLine()
			return b == test.want && (test.above == "" || strings.Contains(v.text(), test.above))
		})
		c.send("\x03")
		c.cursorAt("> ", "")
	}
}

func TestTabDoesNotWaitForABusyTask(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("t = task.spawn(function() while true do end end)", "")
	c.send("udp.soc\t")
	c.cursorAt("> udp.socket", "")
	c.send("\x03")
	c.shows("^C\n> ")
	c.send(".tasks\r")
	var number []string
	c.until("the task", func(v *vt) bool {
		number = regexp.MustCompile(`(?m)^(\d+) .* running\n>`).FindStringSubmatch(v.text())
		return number != nil
	})
	c.enter(".kill "+number[1], "")
	c.send("(pcall(t.join, t))\r")
	c.shows("\nfalse\n> ")
}

func TestCommandsMayBeShortened(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send(".scr\r")
	c.until("the walkthroughs", func(v *vt) bool {
		return strings.Contains(v.text(), "\nudp_chat ") && strings.HasSuffix(v.text(), "\n>")
	})
	c.enter(".s", ".s may be .scripts or .show or .sockets or .save")
	c.enter(".nothing", "there is no .nothing; .help lists the commands")
	c.send(".show udp_self\r")
	c.until("its source", func(v *vt) bool {
		return strings.Contains(v.text(), ":recvfrom(1024)") && strings.HasSuffix(v.text(), "\n>")
	})
	c.enter(".sockets", "no socket is open")
	c.enter(".tasks", "no task runs in the background")
	c.enter(".kill x", `"x" is not the number of a task; .tasks lists them`)
	c.enter(".history 'show'", "   4  .show udp_self")
	c.send(".q\r")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestSocketsAndTheirCallsAreShown(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("a, b = udp.socket(), udp.socket()", "")
	c.enter("a:bind('127.0.0.1', 0)", "")
	c.enter("b:sendto('你好', a:getsockname())", "6")
	c.send(".sockets\r")
	table := regexp.MustCompile(`\nid  type +state +local +remote +in  out  ready\n` +
		`1 +udp +BOUND +127\.0\.0\.1:\d+ +0 +0 +rw-\n` +
		`2 +udp +BOUND +0\.0\.0\.0:\d+ +0 +6 +-w-\n>$`)
	c.until("both sockets", func(v *vt) bool { return table.MatchString(v.text()) })
	c.enter(".trace on", "")
	c.send("a:recvfrom(100)\r")
	c.until("the call and its result", func(v *vt) bool {
		return strings.Contains(v.text(), "\n\"你好\", 127.0.0.1:") && strings.Contains(v.text(), "recvfrom(100) =") && strings.HasSuffix(v.text(), "\n>")
	})
	c.send(".trace ladder\r")
	c.until("the ladder", func(v *vt) bool {
		return strings.Contains(v.text(), "sendto \"你好\"") && strings.HasSuffix(v.text(), "\n>")
	})
	c.enter(".trace sideways", "usage: .trace [on|off|ladder]")
}

func TestTheTableOfSocketsIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("a, q = udp.socket(), task.queue()", "")
	c.send("t = task.spawn(function() q:get() b = udp.socket() print('第二个') task.sleep(.7) print('再见') end)\r")
	c.until("the task", func(v *vt) bool { return strings.HasSuffix(v.text(), "\n>") && strings.Count(v.text(), "\n>") == 3 })
	c.send(".sockets watch\r")
	c.until("the first socket", func(v *vt) bool { return strings.Contains(v.text(), "\n1   udp") })
	c.send("\x03")
	c.until("the prompt", func(v *vt) bool { return strings.HasSuffix(v.text(), "---\n>") || strings.HasSuffix(v.text(), "w-\n>") })
	c.send("q:put(1) -- \r")
	c.until("the task awake", func(v *vt) bool { return strings.Contains(v.text(), "第二个") })
	c.send(".sockets watch\r")
	c.until("both sockets below what the task says", func(v *vt) bool {
		_, table, found := strings.Cut(v.text(), "\n再见\nid  type")
		return found && strings.Count(table, "udp") == 2
	})
	c.send("\x03")
	c.until("the prompt", func(v *vt) bool { return strings.HasSuffix(v.text(), "\n>") })
	c.enter(".sockets now", "usage: .sockets [watch]")
}

func TestSavedEntriesRunAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startPrompt(t, consoleOptions{dir: dir})
	for _, test := range []struct{ entry, want string }{
		{"local host = '127.0.0.1'", ""},
		{"a = udp.socket()", ""},
		{"a:bind(host, 0)", ""},
		{"a:sendto(('你好'):encode('gbk'), a:getsockname())", "4"},
		{"(a:recvfrom(1024))", `"\xc4\xe3\xba\xc3"  -- looks like gbk: 你好`},
		{"_:decode('gbk') -- text", `"你好"`},
		{"nothing.there = 1", ""},
		{"1 + 1", "2"},
		{"_ + 40", "42"},
	} {
		c.send(test.entry + "\r")
		c.until(test.entry, func(v *vt) bool {
			return strings.Contains(v.text(), "> "+test.entry+"\n") && strings.HasSuffix(v.text(), "\n>") && strings.Contains(v.text(), test.want)
		})
	}
	c.enter(".save lesson", "saved 8 entries; .run lesson.lua runs them")
	got, err := os.ReadFile(filepath.Join(dir, "lesson.lua"))
	if err != nil {
		t.Fatal(err)
	}
	want := `-- lesson: saved from the prompt

local host = '127.0.0.1'
a = udp.socket()
a:bind(host, 0)
print(a:sendto(('你好'):encode('gbk'), a:getsockname()))
_ = (a:recvfrom(1024))
print(_)
print(_:decode('gbk') -- text
)
_ = 1 + 1
print(_)
print(_ + 40)
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	c.enter("a:close()", "")
	c.enter(".run lesson.lua", "4\n\ufffd\ufffd\ufffd\ufffd\n你好\n2\n42")
	c.enter(".save lesson.lua", "saved 9 entries; .run lesson.lua runs them")
	if err := os.WriteFile(filepath.Join(dir, "other.lua"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.enter(".save other.lua", "other.lua is there already: choose another name")
}

func TestAPasteIsOneEntry(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	paste := func(text string) { c.send("\x1b[200~" + text + "\x1b[201~") }
	paste("local t = {}\nfor i = 1, 3 do\n\tt[i] = i * i\nend\nprint(table.concat(t, ' '))\n")
	c.shows("> local t = {}\n>> for i = 1, 3 do\n>>     t[i] = i * i\n>> end\n>> print(table.concat(t, ' '))\n1 4 9\n> ")
	paste("x = 1\nx + 41\nprint('中')\n")
	c.shows(">> print('中')\n42\n中\n> ")
	paste(".trace off\nx = 2\n.tasks\nx\n")
	c.shows("> .trace off\n> x = 2\n>> .tasks\n>> x\nno task runs in the background\n2\n> ")
	paste("1 + 1")
	c.cursorAt("> 1 + 1", "")
	c.send("0\r")
	c.shows("> 1 + 10\n11\n> ")
	paste("y = 2\ny + 1")
	c.cursorAt(">> y + 1", "")
	c.send("\r")
	c.shows(">> y + 1\n3\n> ")
	c.send("\x1b[A")
	c.shows("> y = 2␤y + 1")
}

func TestTheHistoryIsThereNextTime(t *testing.T) {
	t.Parallel()
	state := "XDG_STATE_HOME=" + t.TempDir()
	c := startPrompt(t, consoleOptions{env: []string{state}})
	c.enter("'first'", `"first"`)
	c.enter(" 'secret'", `"secret"`)
	c.send("\x04")
	c.exit()
	c = startPrompt(t, consoleOptions{env: []string{state}})
	c.send("\x1b[A")
	c.cursorAt("> 'first'", "")
	c.send("\x1b[A\x03")
	c.shows("^C\n> ")
	c.send("\x12fir")
	c.until("the search", func(v *vt) bool { return strings.Contains(v.text(), "`fir': 'first'") })
	c.send("\r")
	c.until("its result", func(v *vt) bool { return strings.HasSuffix(v.text(), "\n\"first\"\n>") })
}
