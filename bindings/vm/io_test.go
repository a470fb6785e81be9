package vm_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lunawire/bindings/vm"
)

func TestFilesAreReadAndWrittenAsInLua(t *testing.T) {
	t.Chdir(t.TempDir())
	check(t, []printing{
		{`local f = assert(io.open("a", "w")); print(io.type(f), f:write("one\n", 2, "\nthree") == f, f:close(), io.type(f), tostring(f))`, "file\ttrue\ttrue\tclosed file\tfile (closed)"},
		{`for line in io.lines("a") do io.write("[", line, "]") end print()`, "[one][2][three]"},
		{`local f = io.open("a"); print(f:read("*l", "*n", "*L", 3, "*a", "*l", 0)); f:close()`, "one\t2\t\n\tthr\tee\tnil"},
		{`local f = io.open("a"); print(f:seek("end"), f:seek("set", 1), f:read(2), f:seek()); f:close()`, "11\t1\tne\t3"},
		{`local f = io.open("a", "r+"); f:read(); f:write("X"); f:seek("set"); print(f:read("*a")); f:close()`, "one\nX\nthree"},
		{`print(io.open("missing"))`, "nil\tmissing: no such file or directory\t2"},
		{`print(pcall(io.lines, "missing"))`, "false\ttest.lua:1: missing: no such file or directory"},
		{`print(pcall(io.open, "a", "rz"))`, "false\ttest.lua:1: bad argument #2 to 'open' (invalid mode)"},
		{`local f = io.open("a"); f:close(); print(pcall(f.read, f))`, "false\ttest.lua:1: attempt to use a closed file"},
		{`print(os.rename("a", "b"), os.remove("b"), (os.remove("b")))`, "true\ttrue\tnil"},
		{`io.write("a", 1, "\n"); io.stdout:write("b\n"); print(io.stdout:close())`, "a1\nb\nnil\tcannot close standard file"},
		{`local p = io.popen("echo hi; exit 3"); print(p:read("*a"), p:close())`, "hi\n\tnil\texit\t3"},
		{`print(os.execute("exit 4"), os.execute(), os.execute("echo out"))`, "out\n4\t1\t0"},
	})
}

func TestReadingWaitsWithoutTheLockAndCanBeInterrupted(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	reading := make(chan struct{}, 10)
	m := newMachine(t, vm.Options{Stdin: func(thread *vm.Thread) io.Reader {
		return readerFunc(func(b []byte) (int, error) {
			if err := thread.Arm(func() { _ = in.SetReadDeadline(time.Unix(1, 0)) }); err != nil {
				return 0, err
			}
			defer func() {
				thread.Disarm()
				_ = in.SetReadDeadline(time.Time{})
			}()
			reading <- struct{}{}
			return in.Read(b)
		})
	}})
	done := make(chan error)
	go func() {
		_, err := m.run(`print(io.read()); print(pcall(io.read)); print(io.read("*n"), io.read(), io.read())`)
		done <- err
	}()
	<-reading
	if _, err := m.runOn(m.NewThread(nil), `print("meanwhile")`); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(out, "first\n")
	<-reading
	m.Main().Interrupt()
	<-reading
	fmt.Fprint(out, "42 rest\n")
	<-reading
	_ = out.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got, want := m.out.String(), "meanwhile\nfirst\nfalse\ttest.lua:1: interrupted\n42\t rest\tnil\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestAPipeIsLeftAtAnInterrupt(t *testing.T) {
	for _, source := range []string{
		`local p = io.popen("echo started; exec sleep 60"); print(p:read()); p:read()`,
		`os.execute("echo started; exec sleep 60")`,
	} {
		started := make(chan struct{}, 10)
		out := writerFunc(func(b []byte) (int, error) { started <- struct{}{}; return len(b), nil })
		m := newMachine(t, vm.Options{Stdout: out})
		why := errors.New("enough")
		go func() {
			<-started
			m.Main().Cancel(why)
		}()
		if _, err := m.run(source); !errors.Is(err, why) {
			t.Errorf("got %v, want the cause of the cancel, from %s", err, source)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestExitCancelsTheThreadAndTellsTheStatus(t *testing.T) {
	for source, want := range map[string]int{
		`os.exit(3)`:                  3,
		`pcall(os.exit, false)`:       1,
		`while pcall(os.exit) do end`: 0,
	} {
		told := -1
		m := newMachine(t, vm.Options{Exit: func(_ *vm.Thread, code int) { told = code }})
		_, err := m.run(source + ` print("not reached")`)
		var exit *vm.ExitError
		if !errors.As(err, &exit) || exit.Code != want || told != want || m.out.Len() > 0 {
			t.Errorf("got %v, told %d, printed %q; want status %d from %s", err, told, m.out, want, source)
		}
	}
}

func TestPrintToASlowPipeDoesNotStopTheOthers(t *testing.T) {
	release := make(chan struct{})
	writing := make(chan struct{})
	m := newMachine(t, vm.Options{Stdout: writerFunc(func(b []byte) (int, error) {
		close(writing)
		<-release
		return len(b), nil
	})})
	done := make(chan error)
	go func() {
		_, err := m.run(`print("slow")`)
		done <- err
	}()
	<-writing
	if _, err := m.runOn(m.NewThread(nil), `x = 1`); err != nil {
		t.Error(err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestTheFilesOfATemporaryFolderAreGone(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if got := output(t, `local f = io.tmpfile(); f:write("x"); f:seek("set"); print(f:read("*a")); f:close(); os.remove(os.tmpname())`); got != "x" {
		t.Errorf("got %s, want x", got)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v left in %s", left, err, filepath.Base(dir))
	}
}
