package bindings

import (
	"bufio"
	"context"
	"io"
	"strings"
	"sync"
)

// console reads lines from a stream that may block for ever: one goroutine
// does the reading, and a line that came after its reader was interrupted is
// there for the next one.
type console struct {
	in    io.Reader
	once  sync.Once
	want  chan struct{}
	lines chan typed
	due   bool // a line has been asked for and not been taken yet
}

type typed struct {
	line string
	err  error
}

func (c *console) readLine(ctx context.Context) (string, error) {
	c.once.Do(func() {
		c.want, c.lines = make(chan struct{}), make(chan typed, 1)
		go c.run()
	})
	if !c.due {
		c.want <- struct{}{}
		c.due = true
	}
	select {
	case got := <-c.lines:
		c.due = false
		return got.line, got.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// run lives as long as the stream; it is the one goroutine that Close cannot
// end, because a read from a terminal cannot be interrupted.
func (c *console) run() {
	buffered := bufio.NewReader(c.in)
	for range c.want {
		line, err := buffered.ReadString('\n')
		if err == io.EOF && line != "" {
			err = nil
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		c.lines <- typed{line, err}
	}
}

// close ends the goroutine unless it is in a read.
func (c *console) close() {
	c.once.Do(func() { c.want = make(chan struct{}) })
	close(c.want)
}
