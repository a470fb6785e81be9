package trace_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/all"
	"lunawire/scripts"
)

var update = flag.Bool("update", false, "write the golden ladders anew")

// runs is how often a demonstration is run: every time its ladder must be the same.
var runs = flag.Int("runs", 3, "how often each demonstration is run")

// A screen is an output that tasks may write to at the same time.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newRuntime makes a Runtime with all plugins.
func newRuntime(t testing.TB) (*bindings.Runtime, *screen) {
	t.Helper()
	out := &screen{}
	rt, err := bindings.New(bindings.Config{Plugins: all.Plugins(), Stdin: strings.NewReader(""), Stdout: out, Stderr: out})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	return rt, out
}

// play runs a script to its end, in a minute at most.
func play(t testing.TB, rt *bindings.Runtime, name, source string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := rt.Run(ctx, name, source, args...); err != nil {
		t.Fatalf("%s: %s", name, rt.Describe(err).Text())
	}
}

// demonstrations are the scripts that need nobody else.
func demonstrations() []scripts.Script {
	var list []scripts.Script
	for _, s := range scripts.List() {
		if strings.HasPrefix(s.Name, "demo_") {
			list = append(list, s)
		}
	}
	return list
}

// stableLadder runs a demonstration and draws what is the same at every run.
func stableLadder(t testing.TB, s scripts.Script) string {
	t.Helper()
	rt, out := newRuntime(t)
	play(t, rt, s.Name, s.Source)
	said := len(out.String())
	if _, err := rt.NewPrompt().Eval(context.Background(), "trace.ladder{stable=true}"); err != nil {
		t.Fatal(rt.Describe(err).Text())
	}
	return s.Title + "\n\n" + out.String()[said:]
}

func TestEveryDemonstrationDrawsTheSameLadderEachTime(t *testing.T) {
	for _, s := range demonstrations() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join("testdata", s.Name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(stableLadder(t, s)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for run := range *runs {
				if got := stableLadder(t, s); got != string(want) {
					t.Fatalf("run %d: got\n%s\nwant\n%s", run+1, got, want)
				}
			}
		})
	}
}
