package scripts_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The environment carries these to the runs inside a network namespace.
const (
	programVariable   = "LUNAWIRE_TEST_PROGRAM"   // the program that TestMain has built
	namespaceVariable = "LUNAWIRE_TEST_NAMESPACE" // set inside a namespace
)

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

// buildAndRun runs the tests with the program built, once for all of them.
func buildAndRun(m *testing.M) int {
	if os.Getenv(programVariable) != "" {
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "lunawire-scripts-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "lunawire.exe") // the name that every system takes
	build := exec.Command("go", "build", "-o", program, "lunawire")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %v\n%s", build, err, out)
		return 1
	}
	os.Setenv(programVariable, program)
	return m.Run()
}

// patience is how long anything may take.
const patience = time.Minute

// canIsolate tells why there are no network namespaces here, if so.
var canIsolate = sync.OnceValue(func() error {
	out, err := exec.Command("unshare", "-Urn", "ip", "link", "set", "lo", "up").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w %s", err, out)
	}
	return nil
})

// ownNetwork runs the test once more in a network namespace of its own, where
// all ports are free, and tells whether this is that run. It skips the test
// where there are no namespaces.
func ownNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(namespaceVariable) != "" {
		return true
	}
	t.Parallel()
	if err := canIsolate(); err != nil {
		t.Skipf("no network namespace: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	again := exec.CommandContext(ctx, "unshare", "-Urn", "sh", "-c", `ip link set lo up && exec "$0" "$@"`,
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", fmt.Sprintf("-test.short=%v", testing.Short()))
	again.Env = append(os.Environ(), namespaceVariable+"=1")
	out, err := again.CombinedOutput()
	switch {
	case err != nil:
		t.Errorf("in a network of its own: %v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	return false
}

// freePort is a port that nothing has bound a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return portOf(l.Addr())
}

// portOf is the port of an address, as an argument of a program.
func portOf(a net.Addr) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}
