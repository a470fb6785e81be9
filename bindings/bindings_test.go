package bindings_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lunawire/bindings"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runtime makes a Runtime with the plugins whose output goes to the buffer.
func runtime(t *testing.T, plugins ...bindings.Plugin) (*bindings.Runtime, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	rt, err := bindings.New(bindings.Config{Plugins: plugins, Stdin: strings.NewReader(""), Stdout: out, Stderr: out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	return rt, out
}

// run runs a script and returns what it printed and how it failed.
func run(t *testing.T, source string, plugins ...bindings.Plugin) string {
	t.Helper()
	rt, out := runtime(t, plugins...)
	if err := rt.Run(context.Background(), "test.lua", source); err != nil {
		out.WriteString(rt.Describe(err).Message)
	}
	return out.String()
}

// point is a type of the test's plugin.
type point struct {
	bindings.Object
	x, y int
}

func (p *point) String() string { return "<point>" }

type options struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
	Label   string                      `lua:"label"`
}

// echo is a plugin with a function for each kind of argument and result.
func echo() bindings.Module {
	row := func(name, params, results string, fn any) bindings.Func {
		return bindings.Func{Name: name, Params: params, Results: results, Doc: "Does " + name + ".", Go: fn}
	}
	return bindings.Module{
		Name: "echo", Doc: "Gives back what it gets.",
		Funcs: []bindings.Func{
			row("text", "s", "s", func(s string) string { return s }),
			row("bytes", "b", "b", func(b []byte) []byte { return b }),
			row("int", "n", "n", func(n int) int { return n }),
			row("port", "n", "n", func(n uint16) uint16 { return n }),
			row("float", "n", "n", func(n float64) float64 { return n }),
			row("bool", "b", "b", func(b bool) bool { return b }),
			row("time", "t", "t", func(d time.Duration) time.Duration { return d }),
			row("any", "v", "v", func(v any) any { return v }),
			row("value", "v", "v", func(v bindings.Value) bindings.Value { return v }),
			row("list", "l", "l", func(l []int) []int { return l }),
			row("map", "m", "m", func(m map[string]int) map[string]int { return m }),
			row("opt", "a, b?", "s", func(a string, b bindings.Opt[int]) string {
				if b.Set {
					return a + "+"
				}
				return a
			}),
			row("some", "given", "a, b?", func(given bool) (string, bindings.Opt[string]) {
				return "a", bindings.Opt[string]{Value: "b", Set: given}
			}),
			row("opts", "n?, opts?", "s", func(n bindings.Opt[int], o options) string {
				return strings.Join([]string{o.Label, o.Timeout.Or(0).String()}, " ")
			}),
			row("all", "values...", "n", func(values ...any) int { return len(values) }),
			row("count", "n", "next", func(n int) func() (int, bool) {
				i := 0
				return func() (int, bool) { i++; return i, i <= n }
			}),
			row("spread", "n", "values...", func(n int) (v bindings.Values) {
				for i := range n {
					v = append(v, i)
				}
				return v
			}),
			row("call", "fn, values...", "values...", func(ctx context.Context, fn bindings.Function, values ...any) (bindings.Values, error) {
				return fn.Call(ctx, values...)
			}),
			row("fail", "", "", func() error { return errors.New("broken") }),
			row("outcome", "", "s", func() (string, error) { return "", bindings.Closed }),
			row("failure", "", "", func() error {
				return &bindings.Error{Op: "bind", Address: "127.0.0.1:80", Message: "permission denied", Code: "EACCES", Hint: "be root"}
			}),
			row("panic", "", "", func() { panic("at the disco") }),
			row("wait", "", "", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }),
			row("point", "x, y", "p", func(x, y int) *point { return &point{x: x, y: y} }),
		},
		Types: []bindings.Type{{
			Name: "point", Var: "p", Of: (*point)(nil), Doc: "A place.",
			Fields:  []bindings.Field{{Name: "x", Doc: "across", Go: func(p *point) int { return p.x }}, {Name: "y", Doc: "up", Go: func(p *point) int { return p.y }}},
			Tuple:   []string{"x", "y"},
			Methods: []bindings.Func{row("move", "dx", "p", func(p *point, dx int) *point { p.x += dx; return p })},
			Absent:  map[string]string{"z": "there are only two dimensions"},
		}},
	}
}

func TestValuesGoThereAndBack(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`print(echo.text("a\0b") == "a\0b", echo.text(12))`, "true\t12"},
		{`print(echo.bytes("\255\254") == "\255\254")`, "true"},
		{`print(echo.int(-3), echo.int("0x10"), echo.int(2^53))`, "-3\t16\t9.007199254741e+15"},
		{`print(echo.port(65535), echo.float(1.5), echo.float("1e3"))`, "65535\t1.5\t1000"},
		{`print(echo.bool(true), echo.bool(0))`, "true\tfalse"},
		{`print(echo.time(0.25), echo.time(math.huge) > 1e9)`, "0.25\ttrue"},
		{`print(echo.any(nil), echo.any(1), echo.any("x"), echo.any(true))`, "nil\t1\tx\ttrue"},
		{`local t = {} print(echo.value(t) == t, echo.any(t) == t, echo.any(print) == print)`, "true\ttrue\ttrue"},
		{`print(#echo.list{1,2,3}, echo.map{a=1}.a)`, "3\t1"},
		{`print(echo.opt("x"), echo.opt("x", nil), echo.opt("x", 1))`, "x\tx\tx+"},
		{`print(echo.some(true)) print(echo.some(false))`, "a\tb\na"},
		{`print(echo.opts{label="l", timeout=2}, echo.opts(1, {label="m"}), echo.opts())`, "l 2s\tm 0s\t 0s"},
		{`print(echo.all(), echo.all(nil, 1), echo.spread(3))`, "0\t2\t0\t1\t2"},
		{`print(echo.call(function(a, b) return b, a end, 1, 2))`, "2\t1"},
		{`local s = 0 for i in echo.count(4) do s = s + i end print(s)`, "10"},
		{`print(echo.outcome())`, "nil\tclosed"},
		{`local p = echo.point(1, 2) print(p, p.x, p[2], p:move(4) == p, p.x, "at " .. p)`, "<point>\t1\t2\ttrue\t5\tat <point>"},
	} {
		if got := strings.TrimSpace(run(t, c.code, echo())); got != c.want {
			t.Errorf("got  %q\nwant %q\nfor  %s", got, c.want, c.code)
		}
	}
}

func TestMisuseNamesTheArgument(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`echo.text()`, `test.lua:1: usage: echo.text(s) (s: string expected, got nothing)`},
		{`echo.text({})`, `test.lua:1: usage: echo.text(s) (s: string expected, got table)`},
		{`echo.int(1.5)`, `test.lua:1: usage: echo.int(n) (n: whole number expected, got number 1.5)`},
		{`echo.int(0/0)`, `test.lua:1: usage: echo.int(n) (n: whole number expected, got number nan)`},
		{`echo.port(70000)`, `test.lua:1: usage: echo.port(n) (n: number from 0 to 65535 expected, got number 70000)`},
		{`echo.time(-1)`, `test.lua:1: usage: echo.time(t) (t: seconds (a number, 0 or more) expected, got number -1)`},
		{`echo.bool("x")`, `test.lua:1: usage: echo.bool(b) (b: boolean expected, got string "x")`},
		{`echo.list{1, "x"}`, `test.lua:1: usage: echo.list(l) (l: element 2: whole number expected, got string "x")`},
		{`echo.opts{tiemout=1}`, `test.lua:1: usage: echo.opts(n?, opts?) (opts: no option "tiemout"; there is {label=string, timeout=seconds})`},
		{`echo.text("a", "b")`, `test.lua:1: usage: echo.text(s) (2 arguments given, at most 1 are taken)`},
		{`echo.call(1)`, `test.lua:1: usage: echo.call(fn, values...) (fn: function expected, got number 1)`},
		{`local p = echo.point(1, 2) p.move(3)`, `test.lua:1: usage: p:move(dx) (call it with a colon, p:move; before the dot stands number 3)`},
		{`local p = echo.point(1, 2) return p.z`, `test.lua:1: p:z: not offered here`},
	} {
		if got := run(t, c.code, echo()); got != c.want {
			t.Errorf("got  %q\nwant %q\nfor  %s", got, c.want, c.code)
		}
	}
}

func TestErrorsAreValues(t *testing.T) {
	got := run(t, `
local ok, err = pcall(echo.failure)
print(ok, err, err.op, err.code, err.message, err.address, err.hint, err.where)
print(select(2, pcall(echo.fail)))
echo.failure()`, echo())
	want := "false\tbind 127.0.0.1:80: permission denied (EACCES)\tbind\tEACCES\tpermission denied\t127.0.0.1:80\tbe root\ttest.lua:2\n" +
		"fail: broken\ntest.lua:5: bind 127.0.0.1:80: permission denied (EACCES)"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAPanicIsAnErrorThatNamesTheFunction(t *testing.T) {
	got := run(t, `print(pcall(echo.panic)) print(echo.text("still here"))`, echo())
	if !strings.Contains(got, "echo.panic") || !strings.Contains(got, "at the disco") || !strings.Contains(got, "still here") {
		t.Errorf("got %q", got)
	}
}

func TestBrokenRowsAreRejectedAtStart(t *testing.T) {
	for _, c := range []struct {
		row  bindings.Func
		want string
	}{
		{bindings.Func{Name: "f", Doc: "Does.", Params: "a, b", Go: func(string) {}}, "which the Go function does not have"},
		{bindings.Func{Name: "f", Doc: "Does.", Go: func(string) {}}, "name fewer arguments"},
		{bindings.Func{Name: "f", Doc: "Does.", Params: "a?", Go: func(string) {}}, "disagree whether"},
		{bindings.Func{Name: "f", Doc: "Does.", Params: "a", Go: func(bindings.Opt[string]) {}}, "disagree whether"},
		{bindings.Func{Name: "f", Doc: "Does.", Params: "a", Go: func(...string) {}}, "disagree whether"},
		{bindings.Func{Name: "f", Doc: "Does.", Params: "a", Go: func(chan int) {}}, "no Lua value stands for"},
		{bindings.Func{Name: "f", Doc: "Does.", Results: "a", Go: func() {}}, "the Go function has 0"},
		{bindings.Func{Name: "f", Doc: "Does.", Go: func() int { return 0 }}, "the Go function has 1"},
		{bindings.Func{Name: "f", Doc: "Does.", Go: 7}, "Go field is not a function"},
		{bindings.Func{Name: "f", Doc: "Does.", Params: "p", Go: func(*point) {}}, "no Type row"},
		{bindings.Func{Name: "f", Go: func() {}}, "needs a Name and a Doc"},
		{bindings.Func{Name: "f", Doc: "no full stop", Go: func() {}}, "one sentence"},
	} {
		rt, err := bindings.New(bindings.Config{
			Plugins: []bindings.Plugin{bindings.Module{Name: "m", Doc: "Broken.", Funcs: []bindings.Func{c.row}}},
			Stdin:   strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{},
		})
		if err == nil {
			rt.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got  %v\nwant %q\nfor  %+v", err, c.want, c.row)
		}
	}
}

func TestHelpIsComputedFromTheTable(t *testing.T) {
	rt, _ := runtime(t, echo())
	for topic, want := range map[string]string{
		"":           "echo      Gives back what it gets.",
		"echo":       "echo.opt(a, b?)",
		"echo.opts":  "opts: {label=string, timeout=seconds}",
		"point:move": "p:move(dx) -> p",
		"p:move":     "Does move.",
		"move":       "Does move.",
		"point":      ".x",
	} {
		if got, err := rt.Help(topic); err != nil || !strings.Contains(got, want) {
			t.Errorf("got  %q, %v\nwant %q\nfor  %q", got, err, want, topic)
		}
	}
	if _, err := rt.Help("echo.opst"); err == nil || !strings.Contains(err.Error(), "did you mean echo.opt") {
		t.Errorf("got %v for a misspelt topic", err)
	}
	if ref := rt.Reference(); !strings.Contains(ref, "#### `echo.some(given) -> a, b?`") {
		t.Errorf("got %q", ref)
	}
}

func TestAnnotationsAreLuaWithATypeForEachArgument(t *testing.T) {
	rt, _ := runtime(t, echo())
	text := rt.Annotations()
	if !rt.NewPrompt().Compiles(text) {
		t.Errorf("got no Lua:\n%s", text)
	}
	want := "---Does opts.\n---@param n? integer\n---@param opts? table\n---@return string s\nfunction echo.opts(n, opts) end\n"
	if !strings.Contains(text, want) {
		t.Errorf("got\n%s\nwant in it\n%s", text, want)
	}
}

func TestAnInterruptEndsAWaitingCall(t *testing.T) {
	rt, _ := runtime(t, echo())
	for _, code := range []string{`echo.wait()`, `while true do end`, `while true do pcall(echo.wait) end`, `coroutine.wrap(function() while true do end end)()`} {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(5*time.Millisecond, cancel)
		if err := rt.Run(ctx, "test.lua", code); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v for %s", err, code)
		}
		if values, err := rt.NewPrompt().Eval(context.Background(), "1 + 1"); err != nil || len(values) != 1 {
			t.Errorf("got %v, %v after %s", values, err, code)
		}
	}
}
