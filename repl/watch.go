package repl

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	watchInterval = 300 * time.Millisecond
	maxWatched    = 20 // rows, so that all fit on a small screen
)

// A watched table stands at the bottom of the screen, the cursor at the end of its last row.
type watched []string

func (w watched) toTop() string  { return vertical(len(w)-1, 'A') }
func (w watched) replay() string { return strings.Join(w, "\r\n") }

// watch keeps a table up to date at the bottom of the screen until Ctrl-C; what is printed meanwhile appears above it.
// Where nothing can stand at the bottom, the table is printed once.
func (s *session) watch(ctx context.Context, table func() []string) {
	if !s.terminal.editable(0) {
		s.print(strings.Join(table(), "\n"))
		return
	}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	defer s.terminal.screen.stopShowing()
	for {
		s.terminal.screen.keepShowing(watched(shortened(table())))
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func shortened(lines []string) []string {
	if len(lines) <= maxWatched {
		return lines
	}
	return append(lines[:maxWatched-1:maxWatched-1], fmt.Sprintf("… %d more", len(lines)-maxWatched+1))
}

// keepShowing puts lines at the bottom of the screen, in place of those that it has put there before.
func (s *screen) keepShowing(lines watched) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bottom == nil {
		s.occupy(lines)
		s.emit(lines.replay())
		return
	}
	s.emit(s.bottom.toTop() + "\r\x1b[J" + lines.replay())
	s.bottom = lines
}

// stopShowing leaves them where they are, and the cursor below them.
func (s *screen) stopShowing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit("\r\n")
	s.release()
}
