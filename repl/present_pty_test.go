//go:build unix

package repl

import (
	"strings"
	"testing"
)

func init() { children["present"] = presentChild }

const lessonOfThree = `-- A lesson
--- 一 One
local n = 1
print("n is " .. n)
--- 二 Two
n = n + 1
print("now " .. n)
--- 三 Three
print("last " .. n)
`

// startLesson presents a script on a terminal.
func startLesson(t *testing.T, source string, o consoleOptions) *console {
	t.Helper()
	o.env = append(o.env, lessonFile(t, source))
	if o.rows == 0 {
		o.rows = 60
	}
	return startChild(t, "present", o)
}

// key types a key or a line and waits for what the screen then ends with.
func (c *console) key(keys, want string) {
	c.t.Helper()
	c.send(keys)
	c.shows(want)
}

func TestEnterRunsAStepAndShowsTheNext(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{})
	c.shows("│ local n = 1\n    4 │ print(\"n is \" .. n)\n\n1/3> ")
	c.key("\r", "1/3>\nn is 1\n\n── 2/3 ─ 二 Two "+strings.Repeat("─", 63)+"\n\n    6 │ n = n + 1\n    7 │ print(\"now \" .. n)\n\n2/3> ")
	c.key("\r", "    9 │ print(\"last \" .. n)\n\n3/3> ")
	c.key("\r", "last 2\n\nThat was the last step. Enter leaves, b shows it again, r restarts.\nend> ")
	c.send("\r")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestEarlierStepsAreShownAgain(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{})
	c.shows("1/3> ")
	c.key("b\r", "1/3> b\n── 1/3 ─ 一 One "+strings.Repeat("─", 63)+"\n\n    3 │ local n = 1\n    4 │ print(\"n is \" .. n)\n\n1/3> ")
	c.key("\r", "2/3> ")
	c.key("\r", "3/3> ")
	c.key("b\r", "    7 │ print(\"now \" .. n)\n\nnow 2\n\n2/3> ")
	c.key("b\r", "    4 │ print(\"n is \" .. n)\n\nn is 1\n\n1/3> ")
	c.key("\r", "now 2\n\n2/3> ")
	c.key("\r", "    9 │ print(\"last \" .. n)\n\n3/3> ")
	c.key("\r", "last 2\n\nThat was the last step. Enter leaves, b shows it again, r restarts.\nend> ")
}

func TestAnyOtherLineIsLuaWithTheLocalsOfTheScript(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{})
	c.shows("1/3> ")
	c.key("\r", "2/3> ")
	c.key("n\x7fn * 20\r", "2/3> n * 20\n20\n2/3> ")
	c.key("n = 40 --x\r", "2/3> n = 40 --x\n2/3> ")
	c.key("for i = 1, 2 do\r", "2/3> for i = 1, 2 do\n>> ")
	c.key("print(i) end\r", ">> print(i) end\n1\n2\n2/3> ")
	c.key("=n\r", "2/3> =n\n40\n2/3> ")
	c.key("nothing.x = 1\r", "2/3> ")
	c.until("an error", func(v *vt) bool { return strings.Contains(v.text(), "prompt:1: attempt to index") })
	c.key(".sockets\r", "no socket is open\n2/3> ")
	c.key(".demo x\r", "there is no .demo; .help lists the commands\n2/3> ")
	c.key("\r", "3/3> ")
	c.until("the new value", func(v *vt) bool { return strings.Contains(v.text(), "now 41\n") })
	c.send("\x04")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestStepsAreReachedByTheirNumbers(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{})
	c.shows("1/3> ")
	c.key("g 3\r", "now 2\n\n── 3/3 ─ 三 Three "+strings.Repeat("─", 61)+"\n\n    9 │ print(\"last \" .. n)\n\n3/3> ")
	c.key("n = 100\r", "n = 100\n3/3> ")
	c.key("g 2\r", "n is 1\n\n── 2/3 ─ 二 Two "+strings.Repeat("─", 63)+"\n\n    6 │ n = n + 1\n    7 │ print(\"now \" .. n)\n\n2/3> ")
	c.key("g 4\r", "there is no step 4; the last one is 3\n2/3> ")
	c.key("c\r", "last 2\n\nThat was the last step. Enter leaves, b shows it again, r restarts.\nend> ")
	c.key("r\r", "  A lesson\n\n── 1/3 ─ 一 One "+strings.Repeat("─", 63)+"\n\n    3 │ local n = 1\n    4 │ print(\"n is \" .. n)\n\n1/3> ")
	c.key("=n\r", "=n\nnil\n1/3> ")
	c.key("n\r", "2/3> ")
	c.key("?\r", "")
	c.until("the keys", func(v *vt) bool { return strings.Count(v.text(), "Enter runs the step") == 2 })
	c.send("q\r")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
}

func TestCtrlCStopsAStepNotThePresentation(t *testing.T) {
	t.Parallel()
	c := startLesson(t, `--- Waits
local s = udp.socket()
s:bind("127.0.0.1", 0)
print("waiting")
s:recvfrom(10)
--- Goes on
print(s:state())
`, consoleOptions{rows: 80})
	c.shows("1/2> ")
	c.send("\x03")
	c.shows("1/2> ^C\n1/2> ")
	c.key("\r", "1/2>\nwaiting")
	c.send("\x03")
	c.until("the end of the step", func(v *vt) bool {
		return strings.Contains(v.text(), "the step was interrupted\nEnter runs it once more, n goes on without it.\n") &&
			strings.HasSuffix(v.text(), "\n1/2>")
	})
	c.key("n\r", "    7 │ print(s:state())\n\n2/2> ")
	c.key("\r", "BOUND\n\nThat was the last step. Enter leaves, b shows it again, r restarts.\nend> ")
}

func TestAFailedStepMayBeRunOnceMore(t *testing.T) {
	t.Parallel()
	c := startLesson(t, "--- Try\nif not ready then error('not yet') end\nprint('ready now')\n--- Then\n", consoleOptions{})
	c.shows("1/2> ")
	c.key("\r", "lesson.lua:2: not yet\nEnter runs it once more, n goes on without it.\n\n1/2> ")
	c.key("ready = true\r", "ready = true\n1/2> ")
	c.key("\r", "ready now\n\n── 2/2 ─ Then "+strings.Repeat("─", 65)+"\n\n\n2/2> ")
}

func TestAPresentationGoesOnByItself(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{env: []string{autoVariable + "=1ms"}})
	c.shows("last 2")
	if got := c.exit(); got != 0 {
		t.Errorf("exit status %d, want 0", got)
	}
	c = startLesson(t, lessonOfThree, consoleOptions{env: []string{autoVariable + "=1h"}})
	c.until("the first step", func(v *vt) bool { return strings.Contains(v.text(), "n is") })
	c.send("\x03")
	c.shows("1/3> ")
	c.key("\r", "2/3> ")
}

func TestAProjectorShowsOneStepAtATime(t *testing.T) {
	t.Parallel()
	c := startLesson(t, lessonOfThree, consoleOptions{env: []string{projectorVariable + "=1"}})
	c.shows("\n\n      1  一 One\n\n\n        local n = 1\n        print(\"n is \" .. n)\n\n\n1/3> ")
	c.send("\r")
	c.until("the second step alone", func(v *vt) bool {
		return strings.HasSuffix(v.text(), "2  二 Two\n\n\n        n = n + 1\n        print(\"now \" .. n)\n\n\n2/3>") &&
			!strings.Contains(v.text(), "一 One")
	})
}

func TestAScriptThatIsPresentedMayAsk(t *testing.T) {
	t.Parallel()
	c := startLesson(t, "--- Ask\nlocal name = input('姓名: ')\nprint('hello ' .. name)", consoleOptions{})
	c.shows("1/1> ")
	c.key("\r", "姓名: ")
	c.key("王\r", "姓名: 王\nhello 王\n\nThat was the last step. Enter leaves, b shows it again, r restarts.\nend> ")
}

func TestNoRowOfAPresentationIsTooLong(t *testing.T) {
	t.Parallel()
	c := startLesson(t, `-- 标题
--- 一个很长的标题一个很长的标题一个很长的标题一个很长的标题一个很长的标题一个很长的标题
-- 面向连接、可靠的、基于字节流的传输层通信协议，有序传输、重发丢失的包，创建连接、数据传输、终止连接。
--   面向连接、可靠的、基于字节流的传输层通信协议，有序传输、重发丢失的包，创建连接、数据传输、终止连接。
local a = udp.socket()
a:bind("127.0.0.1", 0)
a:sendto(("你好"):rep(30), a:getsockname())
a:recvfrom(1000)
`, consoleOptions{cols: 72, rows: 200, env: []string{autoVariable + "=1ms", projectorVariable + "=1"}})
	c.exit()
	for _, line := range strings.Split(c.vt.raw.String(), "\n") {
		if line = strings.TrimRight(plainText(line), "\r"); textWidth(line) > 72 {
			t.Errorf("got a row of %d columns: %q", textWidth(line), line)
		}
	}
}

func TestThePromptPresentsOnAMachineOfItsOwn(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{rows: 100})
	c.enter("n = 7", "")
	c.send(".demo udp_self 0\r")
	c.shows("1/5> ")
	c.key("n2 = 1\r", "n2 = 1\n1/5> ")
	c.key("c\r", "end> ")
	c.key("q\r", "end> q\n> ")
	c.enter("n, n2", "7, nil")
	c.enter(".sockets", "no socket is open")
	c.enter(".demo", "usage: .demo NAME [ARG...]; .scripts lists the names")
	c.send(".demo nothing_there\r")
	c.until("what there is", func(v *vt) bool { return strings.Contains(v.text(), `no walkthrough "nothing_there"`) })
}

func TestThePromptDrawsTheLadder(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("a, b = udp.socket(), udp.socket()", "")
	c.enter("b:bind('127.0.0.1', 0)", "")
	c.enter("a:sendto('你好', b:getsockname())", "6")
	c.send(".ladder\r")
	c.until("the ladder", func(v *vt) bool {
		return strings.Contains(v.text(), `├─ #1 sendto "你好" utf-8 6 B ─`) && strings.HasSuffix(v.text(), "#1: 6 of 6 B not received\n>")
	})
	c.enter(".ladder x", "usage: .ladder [live]")
	c.enter(".ladder live", ".trace off ends it")
	c.send("b:recvfrom(10)\r")
	c.until("its row", func(v *vt) bool {
		return strings.Contains(v.text(), `recvfrom(10) = "你好" utf-8 6 B`) && strings.HasSuffix(v.text(), "\n>")
	})
	c.enter(".trace off", "")
}

func TestWhatATaskPrintsStandsAboveTheLineThatIsTyped(t *testing.T) {
	t.Parallel()
	c := startLesson(t, `--- Ask and answer
go = task.queue()
task.spawn(function()
  for word in function() return go:get() end do
    print("the task says " .. word)
  end
end)
--- Nothing
`, consoleOptions{})
	c.shows("1/2> ")
	c.key("\r", "2/2> ")
	c.key("go:put('你好')\r", "2/2> go:put('你好')\nthe task says 你好\n2/2> ")
}
