package vm_test

import (
	"slices"
	"strings"
	"testing"

	"lunawire/bindings/vm"
)

func TestNearFindsSlipsOfTheFinger(t *testing.T) {
	names := []string{"recv", "recvfrom", "send", "sendto", "settimeout"}
	for name, want := range map[string][]string{
		"rcev": {"recv"}, "RECVFORM": {"recvfrom"}, "sendot": {"sendto"}, "senf": {"send"}, "x": nil, "listen": nil,
	} {
		if got := vm.Near(name, names); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q for %q", got, want, name)
		}
	}
}

// TestNearOfAHugeName fails if a long string that a script gives for a name is
// gone through: with each name of an encoding, 100 MB took half a minute.
func TestNearOfAHugeName(t *testing.T) {
	huge := strings.Repeat("X", 1<<20)
	if n := testing.AllocsPerRun(1, func() {
		if got := vm.Near(huge, []string{"recv"}); got != nil {
			t.Errorf("got %q", got)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
