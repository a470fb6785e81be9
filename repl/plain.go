package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

// A plainReader reads whole lines of any length where no line can be edited. One reader serves the prompt and
// the programs that ask for input, so that a script on standard input can be answered from the lines after it.
type plainReader struct {
	in       io.Reader
	keyboard *keyboard // in, if it can be woken
	typed    bool      // in is a terminal: Enter is a return, if it was pressed while a line was edited
	unread   []byte
}

// readLine returns the next line without its end. The last line may have no end; after it comes io.EOF. A read
// that ctx ends keeps what it has read for the next.
func (r *plainReader) readLine(ctx context.Context) (string, error) {
	if err := context.Cause(ctx); err != nil {
		return "", err
	}
	if r.keyboard != nil {
		r.keyboard.forget()
		defer whenDone(ctx, r.keyboard.Wake)()
	}
	seen := 0
	for {
		if i := bytes.IndexAny(r.unread[seen:], r.ends()); i >= 0 {
			return r.take(seen+i, 1), nil
		}
		seen = len(r.unread)
		var buf [4096]byte
		n, err := r.in.Read(buf[:])
		r.unread = append(r.unread, buf[:n]...)
		if n > 0 || err == nil {
			continue
		}
		if errors.Is(err, errWoken) {
			return "", context.Cause(ctx)
		}
		if err == io.EOF && len(r.unread) > 0 {
			return r.take(len(r.unread), 0), nil
		}
		return "", err
	}
}

func (r *plainReader) ends() string {
	if r.typed {
		return "\r\n"
	}
	return "\n"
}

// take removes the first n bytes and the end of line after them.
func (r *plainReader) take(n, end int) string {
	line := string(bytes.TrimSuffix(r.unread[:n], []byte("\r")))
	r.unread = r.unread[n+end:]
	if len(r.unread) == 0 {
		r.unread = nil
	}
	return line
}

// whenDone calls f when ctx ends before the returned function is called, which waits for f. The channel is fetched
// now: a context of the Lua side may serve another call as soon as this one is over.
func whenDone(ctx context.Context, f func()) (forget func()) {
	done := ctx.Done()
	over := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		select {
		case <-done:
			f()
		case <-over:
		}
	})
	return func() {
		close(over)
		watcher.Wait()
	}
}
