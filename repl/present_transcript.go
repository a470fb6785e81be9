package repl

import (
	"bytes"
	"sync"
)

// maxTranscript bounds what is kept of the output of one step.
const maxTranscript = 1 << 20

// A transcript keeps what is printed while a step runs. Any goroutine may write to it at any time; what comes while no
// step runs belongs to none.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	running bool
}

// Write keeps p, and never fails.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running && t.text.Len() < maxTranscript {
		t.text.Write(p)
	}
	return len(p), nil
}

// begin forgets the step before.
func (t *transcript) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text.Reset()
	t.running = true
}

// lineEnd is what completes the line that the step has printed last.
func (t *transcript) lineEnd() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.text.Len(); n > 0 && t.text.Bytes()[n-1] != '\n' {
		return "\n"
	}
	return ""
}

// printed reports whether the step has printed anything.
func (t *transcript) printed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Len() > 0
}

// end returns what the step has printed.
func (t *transcript) end() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = false
	return t.text.String()
}
