package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes this test program be lunawire where it is run by that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lunawire": main})
}

func TestTheCommandLineDoesWhatTheScriptsSay(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("scripts", "testdata", "commandline"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status, "interrupt": interrupt},
	})
}

// status runs a command that must end with a status: status 2 lunawire run.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args...]")
	}
	if got := exitCode(ts.Exec(args[1], args[2:]...)); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%q: got status %d, want %s", args[1:], got, args[0])
	}
}

// exitCode is the status that a command ended with, -1 if it did not run.
func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// interrupt runs a command until it prints "ready", presses Ctrl-C, and looks
// at the status: interrupt 130 lunawire -e CODE.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupt N command [args...]")
	}
	cmd := exec.Command(args[1], args[2:]...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	_, err := cmd.StdinPipe() // stays open: nobody types
	ts.Check(err)
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer late.Stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if line == "ready\n" {
		err = cmd.Process.Signal(os.Interrupt)
	}
	if got := exitCode(cmd.Wait()); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%q: printed %q (%v) and ended with %d, want %s\n%s", args[1:], line, err, got, args[0], stderr.String())
	}
}

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// readme returns the pieces of the README in a language.
func readme(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == language {
			blocks = append(blocks, m[2])
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("README.md has no block in %s", language)
	}
	return blocks
}

// shell makes a command of a line, in a network of its own where that is
// possible, as the programs have fixed ports.
func shell(line string) *exec.Cmd {
	const up = "ip link set lo up"
	if exec.Command("unshare", "-Urn", "sh", "-c", up).Run() != nil {
		return exec.Command("sh", "-c", line)
	}
	return exec.Command("unshare", "-Urn", "sh", "-c", up+"; "+line)
}

func TestTheCommandsOfTheREADMEWork(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	bin := t.TempDir() // for what go install makes
	for _, text := range readme(t, "sh") {
		for line := range strings.Lines(text) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
			if strings.HasPrefix(line, "go test ") {
				continue // which is this very test
			}
			cmd := shell(line)
			cmd.Env = append(os.Environ(), "GOBIN="+bin, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", line, err, out)
			}
		}
	}
}

func TestTheSessionsOfTheREADMEAreReal(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	folder := t.TempDir()
	for _, script := range readme(t, "lua") {
		name, _, _ := strings.Cut(strings.TrimPrefix(script, "-- "), ":")
		if err := os.WriteFile(filepath.Join(folder, name), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, session := range readme(t, "console") {
		for _, entry := range strings.Split("\n"+session, "\n$ ")[1:] {
			line, want, _ := strings.Cut(entry, "\n")
			cmd := shell(line)
			cmd.Dir = folder
			out, _ := cmd.CombinedOutput() // some show an error
			if got := varies(string(out)); got != varies(want) {
				t.Errorf("$ %s\ngot\n%s\nwant\n%s", line, out, want)
			}
		}
	}
}

func TestThePromptOfTheREADMEIsReal(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	for _, session := range readme(t, "prompt") {
		var typed, want strings.Builder
		for line := range strings.Lines(session) {
			if entry, isTyped := strings.CutPrefix(line, "> "); isTyped {
				typed.WriteString(entry)
			} else {
				want.WriteString(line)
			}
		}
		cmd := shell("lunawire")
		cmd.Stdin = strings.NewReader(typed.String())
		out, err := cmd.CombinedOutput()
		if got := varies(string(out)); err != nil || got != varies(want.String()) {
			t.Errorf("%v, got\n%s\nwant\n%s", err, out, want.String())
		}
	}
}

var (
	clock    = regexp.MustCompile(`\d+\.\d{3}\b`)
	duration = regexp.MustCompile(` \([\d.]+ m?s\)`) // a call that had to wait
	filling  = regexp.MustCompile(`[ ─]+`)
)

// varies takes out of a session what is different each time: the clock, how
// long a call took, and the filling around that.
func varies(session string) string {
	session = clock.ReplaceAllString(session, "T")
	session = duration.ReplaceAllString(session, "")
	return strings.TrimSpace(filling.ReplaceAllString(session, " "))
}

func TestThePluginOfTheREADMECompilesAndWorks(t *testing.T) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join("bindings", "all", "all.go"))
	if err != nil {
		t.Fatal(err)
	}
	// The two changes that the README asks for, in an overlay.
	listed := strings.Replace(string(list), "import (", "import (\n\t\"lunawire/bindings/echo\"", 1)
	listed = strings.Replace(listed, "[]bindings.Plugin{", "[]bindings.Plugin{\n\t\techo.Plugin,", 1)
	folder := t.TempDir()
	replace := map[string]string{}
	for path, text := range map[string]string{"bindings/echo/echo.go": readme(t, "go")[0], "bindings/all/all.go": listed} {
		file := filepath.Join(folder, filepath.Base(path))
		replace[filepath.Join(root, filepath.FromSlash(path))] = file
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "-overlay", file, ".", "-e", `print(echo.twice("ab", "-")) help(echo.twice)`)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "ab-ab\necho.twice(bytes, separator?) -> bytes\n") {
		t.Errorf("got %v\n%s", err, out)
	}
}
