package all_test

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"
)

// alone tells whether this process has no network but the loopback, so that
// nothing of what it does can leave the machine.
func alone() bool {
	list, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range list {
		if i.Flags&net.FlagLoopback == 0 {
			return false
		}
	}
	return true
}

// inOwnNetwork runs a test or a fuzz target once more where it is alone, and
// tells whether this is that run. It skips where there are no network
// namespaces. A target is fuzzed by hand as
//
//	unshare -Urn sh -c 'ip link set lo up; go test -fuzz FuzzBindings ./bindings/all'
func inOwnNetwork(t testing.TB) bool {
	t.Helper()
	if alone() {
		return true
	}
	if f := flag.Lookup("test.fuzz"); f.Value.String() != "" {
		t.Skip("it is fuzzed in a network of its own: unshare -Urn")
	}
	if out, err := exec.Command("unshare", "-Urn", "ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Skipf("no network namespace: %v %s", err, out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, "unshare", "-Urn", "sh", "-c", `ip link set lo up && exec "$0" "$@"`,
		os.Args[0], "-test.run=^"+t.Name()+"$", fmt.Sprintf("-test.short=%v", testing.Short()))
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("in a network of its own: %v\n%s", err, out)
	}
	return false
}
