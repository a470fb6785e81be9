package vm_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lunawire/bindings/vm"
)

// suiteFiles are the files of Lua 5.1's own test suite that pass, with the
// lines that are left out of one.
var suiteFiles = map[string][][2]int{
	"api.lua":        nil,
	"attrib.lua":     nil,
	"calls.lua":      nil,
	"checktable.lua": nil,
	"closure.lua":    nil,
	"code.lua":       nil,
	"constructs.lua": nil,
	"errors.lua": {
		{38, 41}, {44, 44}, {48, 51}, {190, 196}, // gopher-lua's parser takes empty statements and has messages of its own
		{111, 111},             // there is no __gc
		{126, 126},             // the line of a for loop that begins on the line before
		{210, 226}, {227, 249}, // limits of the C parser
	},
	"events.lua":   nil,
	"files.lua":    nil,
	"literals.lua": nil,
	"locals.lua":   nil,
	"math.lua":     nil,
	"nextvar.lua":  nil,
	"pm.lua":       nil,
	"sort.lua":     nil,
	"strings.lua":  nil,
	"vararg.lua":   nil,
}

// suiteRest are the files that are left out.
var suiteRest = map[string]string{
	"all.lua":     "runs the others",
	"big.lua":     "makes a string of 4 GB and wants C's words for why not",
	"db.lua":      "is about debug hooks, which there are none of",
	"gc.lua":      "is about the steps of C Lua's collector and weak tables",
	"main.lua":    "runs the program lua",
	"verybig.lua": "has 150,000 constants in one function, more than gopher-lua's compiler takes",
}

func TestLuasOwnSuite(t *testing.T) {
	dir := copySuite(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.lua"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		cuts, ok := suiteFiles[name]
		if !ok {
			if suiteRest[name] == "" {
				t.Errorf("%s is in neither list", name)
			}
			continue
		}
		if raced && name == "constructs.lua" {
			continue // compiles 10,000 chunks: half a minute
		}
		t.Run(name, func(t *testing.T) { runSuiteFile(t, name, cuts) })
	}
}

func runSuiteFile(t *testing.T, name string, cuts [][2]int) {
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	for _, cut := range cuts {
		for i := cut[0]; i <= cut[1]; i++ {
			lines[i-1] = ""
		}
	}
	m := newMachine(t, vm.Options{})
	stop := time.AfterFunc(time.Minute, func() { m.Main().Cancel(errors.New("takes too long")) })
	defer stop.Stop()
	fn, err := m.Load(name, strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	m.Main().Lock()
	defer m.Main().Unlock()
	if _, err = m.Main().Call(fn); err != nil {
		t.Errorf("%v\n%s", err, err.(*vm.Error).Traceback)
	}
}

// copySuite copies the suite, which gopher-lua's module carries, to a folder of
// the test's own and makes that the current one.
func copySuite(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/gopher-lua").Output()
	if err != nil {
		t.Skip("the module cache cannot be asked: ", err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(strings.TrimSpace(string(out)), "_lua5.1-tests"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}
