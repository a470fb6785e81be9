//go:build unix

package repl

import (
	"fmt"
	"strings"
	"testing"
)

func TestAProgramAsksWhileMessagesArrive(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{cols: 50})
	c.send("function tick(n) for i=1,n do task.sleep(.01) print('来', i) end end\r")
	c.until("the function", func(v *vt) bool { return strings.HasSuffix(v.text(), "end\n>") || strings.HasSuffix(v.text(), "nd\n>") })
	c.send("print('启动') task.spawn(tick, 30) x = input('\\n请输入信息: ')\r")
	c.until("the question", func(v *vt) bool { return strings.HasSuffix(v.text(), "\n请输入信息:") })
	for _, r := range "你好，世界" {
		c.send(string(r))
	}
	c.until("the last message above what is typed", func(v *vt) bool {
		return strings.HasSuffix(v.text(), "\n请输入信息: 你好，世界") && strings.Contains(v.text(), "来      30\n")
	})
	c.send("\x1b[D\x7f\r")
	c.until("the prompt", func(v *vt) bool { return strings.HasSuffix(v.text(), "\n请输入信息: 你好，界\n>") })
	c.vt.mu.Lock()
	text := c.vt.text()
	c.vt.mu.Unlock()
	for i := 1; i <= 30; i++ {
		if !strings.Contains(text, fmt.Sprintf("\n来      %d\n", i)) {
			t.Errorf("message %d is not whole", i)
		}
	}
	c.enter("x", `"你好，界"`)
}

func TestCtrlCEndsAnInput(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send("input('name: ') print('went' .. ' on')\r")
	c.shows("\nname: ")
	c.send("ab\x03")
	c.until("the interrupt", func(v *vt) bool { return strings.HasSuffix(v.text(), "^C\ninterrupted\n>") })
	c.send("input('name: ')\r")
	c.shows("\nname: ")
	c.send("\x04")
	c.until("the end of the input", func(v *vt) bool { return strings.HasSuffix(v.text(), "\nnil, \"closed\"\n>") })
	c.send("\x1b[A")
	c.shows("> input('name: ')")
}

func TestABackgroundTaskMayNotAsk(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.send("print(task.spawn(function() return pcall(input, 'name: ') end):join())\r")
	c.until("the error", func(v *vt) bool {
		return strings.Contains(v.text(), "\nfalse") && strings.Contains(v.text(), "main task") && strings.HasSuffix(v.text(), "\n>")
	})
}

func TestAnErrorOfATaskAppearsAboveTheLine(t *testing.T) {
	t.Parallel()
	c := startPrompt(t, consoleOptions{})
	c.enter("q = task.queue()", "")
	c.enter("t = task.spawn(function() q:get() error('孩子摔倒了') end)", "")
	c.send("half a 行")
	c.cursorAt("> half a 行", "")
	c.send("\x01q:put(1) -- \r")
	c.until("the error of the task", func(v *vt) bool {
		return strings.Contains(v.text(), "孩子摔倒了") && strings.HasSuffix(v.text(), "\n>")
	})
}
