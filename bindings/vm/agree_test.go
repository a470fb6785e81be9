package vm_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lunawire/bindings/vm"
)

func TestLibraryCallsGiveWhatTheyGiveInLua51(t *testing.T) {
	lua51, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Skip("there is no lua5.1 to compare with")
	}
	script := filepath.Join("testdata", "agree.lua")
	out, err := exec.Command(lua51, script).Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	m := newMachine(t, vm.Options{})
	if _, err := m.run(string(source)); err != nil {
		t.Fatalf("%v\n%s", err, err.(*vm.Error).Traceback)
	}
	want, got := strings.Split(string(out), "\n"), strings.Split(m.out.String(), "\n")
	if len(got) != len(want) {
		t.Errorf("got %d lines, want %d", len(got), len(want))
	}
	differ := 0
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			if differ++; differ <= 20 {
				t.Errorf("got  %s\nwant %s", got[i], want[i])
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d of %d lines differ", differ, len(want))
	}
}
