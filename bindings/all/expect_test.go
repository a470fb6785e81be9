package all_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/all"
)

// A sink is an output that tasks may write to at the same time.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newRuntime makes a Runtime of all plugins, and those of config, that writes to
// out. Who asks for it closes it.
func newRuntime(tb testing.TB, out *sink, config bindings.Config) *bindings.Runtime {
	tb.Helper()
	config.Plugins = append(all.Plugins(), config.Plugins...)
	config.Stdin, config.Stdout, config.Stderr = strings.NewReader(""), out, out
	rt, err := bindings.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	return rt
}

// run runs a script with all plugins and returns what it printed; if it fails,
// the error follows.
func run(t *testing.T, name, source string, args ...string) string {
	t.Helper()
	out := &sink{}
	rt := newRuntime(t, out, bindings.Config{})
	defer rt.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := rt.Run(ctx, name, source, args...); err != nil {
		fmt.Fprintln(out, rt.Describe(err).Text())
	}
	return out.String()
}

// expectation is the output that the "--> " comments of a script promise.
func expectation(source string) []string {
	var lines []string
	for _, line := range strings.Split(source, "\n") {
		if _, promise, ok := strings.Cut(line, "--> "); ok {
			lines = append(lines, promise)
		}
	}
	return lines
}

// check compares an output with its expectation: a word in <angles> stands for
// anything without a space, and runs of spaces count as one.
func check(t *testing.T, source, output string) {
	t.Helper()
	want := expectation(source)
	var got []string
	if output = strings.TrimRight(output, "\n"); output != "" {
		got = strings.Split(output, "\n")
	}
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			t.Fatalf("line %d: got %q, want no more\n%s", i+1, got[i], source)
		case i >= len(got):
			t.Fatalf("line %d: got no more, want %q\n%s", i+1, want[i], source)
		case !pattern(want[i]).MatchString(strings.TrimSpace(got[i])):
			t.Fatalf("line %d: got  %q\n\twant %q\n%s", i+1, got[i], want[i], source)
		}
	}
}

var (
	placeholder = regexp.MustCompile(`<(port|number|where|id|name|path|seconds)>`)
	spaces      = regexp.MustCompile(`\s+`)
)

func pattern(want string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(spaces.ReplaceAllString(strings.TrimSpace(want), " "))
	quoted = strings.ReplaceAll(quoted, " ", `\s+`)
	return regexp.MustCompile("^" + placeholder.ReplaceAllString(quoted, `[^\s]+?`) + "$")
}

func TestEveryExampleDoesWhatItSays(t *testing.T) {
	rt := newRuntime(t, &sink{}, bindings.Config{})
	defer rt.Close()
	for name, source := range rt.Examples() {
		t.Run(name, func(t *testing.T) { check(t, source, run(t, "example", source)) })
	}
}
