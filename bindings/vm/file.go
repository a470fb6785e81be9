package vm

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// A file is what Lua's io library calls one. Reading and writing go without
// the lock; an interrupt ends a read from a pipe and loses no byte: what was
// read stays in the buffer. Writes are not buffered unless setvbuf asks for it:
// nothing would write the rest of a file that Lua forgets to close.
type file struct {
	name   string
	closed bool
	fixed  bool // a standard file, which Lua cannot close

	reader func(*Thread) io.Reader // nil if it cannot be read
	writer io.Writer               // nil if it cannot be written
	handle *os.File                // for seek and close; nil for the standard ones
	cmd    *exec.Cmd               // of popen

	buf []byte // read and not yet taken
	eof bool

	unwritten []byte
	mode      buffering
}

// buffering is when a file passes on what is written to it.
type buffering string

const (
	full buffering = "full"
	line buffering = "line"
	none buffering = "no"
)

// flushAt is how much a full buffer holds at most.
const flushAt = 1 << 16

func openFile(name, mode string) (*file, error) {
	flags := map[string]int{
		"r": os.O_RDONLY, "w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "a": os.O_WRONLY | os.O_CREATE | os.O_APPEND,
		"r+": os.O_RDWR, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	}[mode]
	handle, err := os.OpenFile(name, flags, 0o666)
	if err != nil {
		return nil, err
	}
	return newFile(handle, flags&(os.O_WRONLY|os.O_RDWR) != os.O_WRONLY, flags&(os.O_WRONLY|os.O_RDWR) != 0), nil
}

func newFile(handle *os.File, read, write bool) *file {
	f := &file{name: handle.Name(), handle: handle}
	if read {
		f.reader = func(*Thread) io.Reader { return handle }
	}
	if write {
		f.writer = handle
	}
	return f
}

// abort makes a read or write that waits return.
func (f *file) abort() {
	if f.handle != nil {
		_ = f.handle.SetDeadline(time.Unix(1, 0)) // fails for regular files, which do not wait
	}
}

var errNotReadable = errors.New("file is not open for reading")

// fill reads more into the buffer. At the end of the file it is io.EOF.
func (f *file) fill(L *lua.LState) error {
	if f.reader == nil {
		return errNotReadable
	}
	if f.eof {
		return io.EOF
	}
	if err := f.flush(L); err != nil {
		return err
	}
	t := Running(L)
	chunk := make([]byte, min(max(len(f.buf), 4096), 1<<20))
	n, err := 0, error(nil)
	wait(L, f.abort, func() {
		r := f.reader(t)
		for n == 0 && err == nil {
			n, err = r.Read(chunk)
		}
	})
	f.buf = append(f.buf, chunk[:n]...)
	switch {
	case n > 0:
		return nil
	case errors.Is(err, io.EOF):
		f.eof = f.handle != nil // a terminal can go on after its end
		return io.EOF
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = f.handle.SetDeadline(time.Time{})
	}
	Check(L) // an interrupt made it fail
	return err
}

// take removes n bytes from the buffer.
func (f *file) take(n int) string {
	text := string(f.buf[:n])
	if f.buf = f.buf[n:]; len(f.buf) == 0 {
		f.buf = nil
	}
	return text
}

// line reads up to the next line end, without it unless keep.
func (f *file) line(L *lua.LState, keep bool) (string, error) {
	for seen := 0; ; {
		if i := bytes.IndexByte(f.buf[seen:], '\n'); i >= 0 {
			line := f.take(seen + i + 1)
			if !keep {
				line = line[:len(line)-1]
			}
			return line, nil
		}
		seen = len(f.buf)
		CheckRoom(L, float64(seen))
		if err := f.fill(L); err == io.EOF && seen > 0 {
			return f.take(seen), nil
		} else if err != nil {
			return "", err
		}
	}
}

// upTo reads at most n bytes.
func (f *file) upTo(L *lua.LState, n int) (string, error) {
	for len(f.buf) < max(n, 1) {
		CheckRoom(L, float64(len(f.buf)))
		if err := f.fill(L); err == io.EOF && len(f.buf) > 0 {
			break
		} else if err != nil {
			return "", err
		}
	}
	return f.take(min(n, len(f.buf))), nil
}

// rest reads to the end; it is "" there.
func (f *file) rest(L *lua.LState) (string, error) {
	for {
		CheckRoom(L, float64(len(f.buf)))
		if err := f.fill(L); err == io.EOF {
			return f.take(len(f.buf)), nil
		} else if err != nil {
			return "", err
		}
	}
}

// numeral reads a number as *n does: what can belong to one, at most 200 bytes.
func (f *file) numeral(L *lua.LState) (lua.LValue, error) {
	next := func(i int) (byte, bool) {
		for len(f.buf) <= i {
			if f.fill(L) != nil {
				return 0, false
			}
		}
		return f.buf[i], true
	}
	c, ok := next(0)
	for ; ok && (c == ' ' || '\t' <= c && c <= '\r'); c, ok = next(0) {
		f.take(1)
	}
	n := 0
	for ; ok && n < 200; c, ok = next(n) {
		sign := (c == '+' || c == '-') && (n == 0 || exponent(string(f.buf[:n])))
		if !sign && c != '.' && !isDigit(c) && !isNumeralLetter(string(f.buf[:n]), c) {
			break
		}
		n++
	}
	if value, ok := parseNumber(f.take(n)); ok {
		return lua.LNumber(value), nil
	}
	return lua.LNil, nil
}

// isNumeralLetter says whether the letter c may follow the numeral read so far.
func isNumeralLetter(read string, c byte) bool {
	read = strings.TrimLeft(read, "+-")
	c |= 0x20
	switch {
	case c == 'x':
		return read == "0"
	case len(read) > 1 && read[1]|0x20 == 'x':
		return 'a' <= c && c <= 'f' || c == 'p'
	}
	return c == 'e' && read != ""
}

func (f *file) write(L *lua.LState, text string) error {
	if f.writer == nil {
		return errors.New("file is not open for writing")
	}
	f.unwritten = append(f.unwritten, text...)
	if f.mode == full && len(f.unwritten) < flushAt || f.mode == line && !bytes.ContainsRune(f.unwritten, '\n') {
		return nil
	}
	return f.flush(L)
}

// flush passes on what has been written.
func (f *file) flush(L *lua.LState) error {
	data := f.unwritten
	f.unwritten = nil
	if len(data) == 0 {
		return nil
	}
	if len(f.buf) > 0 && f.handle != nil { // write where Lua is, not where the buffer ends
		if _, err := f.handle.Seek(int64(-len(f.buf)), io.SeekCurrent); err == nil {
			f.buf = nil
		}
	}
	var err error
	wait(L, f.abort, func() { _, err = f.writer.Write(data) })
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = f.handle.SetDeadline(time.Time{})
		Check(L)
	}
	return err
}

// close ends the file; for a command it waits for its end.
func (f *file) close(L *lua.LState) error {
	delete(Running(L).vm.kept, f)
	err := f.flush(L)
	f.closed, f.buf = true, nil
	if f.handle != nil {
		err = errors.Join(err, f.handle.Close())
	}
	if f.cmd != nil {
		wait(L, func() { kill(f.cmd) }, func() { err = f.cmd.Wait() })
	}
	return err
}

// abandon closes a file that Lua has not closed when the VM ends.
func (f *file) abandon() {
	if len(f.unwritten) > 0 {
		_, _ = f.writer.Write(f.unwritten) // nobody is left to hear of it
	}
	if f.handle != nil {
		_ = f.handle.Close()
	}
	if f.cmd != nil {
		kill(f.cmd)
		_ = f.cmd.Wait()
	}
	f.closed = true
}
