package fs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"

	"lunawire/bindings"
)

// A File is an open file of a Dir. Several tasks may use it; their calls come
// one after the other.
type File struct {
	bindings.Object
	name, mode string
	drop       func() // tells the Runtime that the file is closed

	mu     sync.Mutex
	file   *os.File // nil once it is closed
	reader *bufio.Reader
}

// largest is how much a call reads into memory; piece is how much it reads or
// writes before it looks whether it has been interrupted.
const (
	largest = 512 << 20
	piece   = 1 << 20
)

func newFile(file *os.File, name, mode string) *File {
	return &File{file: file, name: name, mode: mode, reader: bufio.NewReader(file)}
}

// File is the file itself, for those who send it; nil once it is closed.
func (f *File) File() *os.File {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.file
}

// Close closes the file.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	f.drop()
	return failed("close", f.name, file.Close())
}

// String is how a file prints.
func (f *File) String() string {
	file := f.File()
	if file == nil {
		return fmt.Sprintf("<file %s closed>", printable(f.name))
	}
	return fmt.Sprintf("<file %s mode %s>", printable(f.name), f.mode)
}

// use runs fn on the open file.
func (f *File) use(op string, fn func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return failed(op, f.name, errClosed)
	}
	err := failed(op, f.name, fn())
	var e *bindings.Error
	if errors.As(err, &e) && e.Code == "EBADF" {
		e.Hint = fmt.Sprintf("the file was opened with the mode %q", f.mode)
	}
	return err
}

func (f *File) read(ctx context.Context, n bindings.Opt[int]) (data bindings.Opt[string], err error) {
	if !n.Set {
		rest, err := f.readAll(ctx)
		return bindings.Some(rest), err
	}
	if n.Value < 0 {
		return data, bindings.BadArgument("n", "%d is below 0", n.Value)
	}
	err = f.use("read", func() error {
		text, err := f.take(ctx, n.Value)
		data = bindings.Opt[string]{Value: text, Set: text != "" || n.Value == 0}
		return err
	})
	return data, err
}

func (f *File) readAll(ctx context.Context) (data string, err error) {
	err = f.use("read", func() error {
		data, err = f.rest(ctx)
		return err
	})
	return data, err
}

// rest is what is left of the file.
func (f *File) rest(ctx context.Context) (string, error) { return f.take(ctx, math.MaxInt) }

// take reads n bytes, or what is left. Memory grows with what there is to read,
// not with what was asked for. After an error the position is where it was.
func (f *File) take(ctx context.Context, n int) (string, error) {
	if n > largest {
		if err := f.checkRest(); err != nil {
			return "", err
		}
		n = largest
	}
	var buffer bytes.Buffer
	for buffer.Len() < n {
		if err := ctx.Err(); err != nil {
			return "", errors.Join(err, f.back(buffer.Len()))
		}
		next := min(n-buffer.Len(), piece)
		buffer.Grow(next + bytes.MinRead)
		_, err := io.CopyN(&buffer, f.reader, int64(next))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return buffer.String(), nil
}

// checkRest refuses what a call should not bring into memory.
func (f *File) checkRest() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	at, err := f.file.Seek(0, io.SeekCurrent)
	if err == nil && info.Size()-at+int64(f.reader.Buffered()) > largest {
		err = errTooLarge
	}
	return err
}

func (f *File) readLine(ctx context.Context) (line bindings.Opt[string], err error) {
	err = f.use("readline", func() error {
		line, err = f.line(ctx)
		return err
	})
	return line, err
}

// line reads up to the end of a line; nothing at the end of the file.
func (f *File) line(ctx context.Context) (bindings.Opt[string], error) {
	var text []byte
	for {
		if err := ctx.Err(); err != nil {
			return bindings.Opt[string]{}, errors.Join(err, f.back(len(text)))
		}
		part, err := f.reader.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case err == nil:
			return bindings.Some(strings.TrimSuffix(string(text), "\n")), nil
		case errors.Is(err, io.EOF):
			return bindings.Opt[string]{Value: string(text), Set: len(text) > 0}, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return bindings.Opt[string]{}, err
		case len(text) > largest:
			return bindings.Opt[string]{}, errors.Join(errTooLarge, f.back(len(text)))
		}
	}
}

func (f *File) lines(ctx context.Context) ([]string, error) {
	list := []string{}
	err := f.use("lines", func() error {
		rest, err := f.rest(ctx)
		for line := range strings.Lines(rest) {
			list = append(list, strings.TrimSuffix(line, "\n"))
		}
		return err
	})
	return list, err
}

func (f *File) write(ctx context.Context, parts ...string) (total int, err error) {
	err = f.use("write", func() error {
		if err := f.back(0); err != nil {
			return err
		}
		for _, part := range parts {
			n, err := f.put(ctx, part)
			total += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return total, err
}

// put writes data piece by piece.
func (f *File) put(ctx context.Context, data string) (total int, err error) {
	for total < len(data) {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := f.file.WriteString(data[total:min(len(data), total+piece)])
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// back moves the position back by n bytes that the script has not got, and
// drops what was read ahead.
func (f *File) back(n int) error {
	n += f.reader.Buffered()
	f.reader.Reset(f.file)
	if n == 0 {
		return nil
	}
	_, err := f.file.Seek(int64(-n), io.SeekCurrent)
	return err
}

// seek takes Python's arguments or Lua's.
func (f *File) seek(_ context.Context, first, second bindings.Opt[any]) (position int64, err error) {
	offset, whence, err := seekArguments(first, second)
	if err != nil {
		return 0, err
	}
	err = f.use("seek", func() error {
		if err := f.back(0); err != nil {
			return err
		}
		position, err = f.file.Seek(offset, whence)
		return err
	})
	return position, err
}

// whences are the words of Lua and the numbers of Python.
var whences = map[any]int{
	"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd,
	0.0: io.SeekStart, 1.0: io.SeekCurrent, 2.0: io.SeekEnd,
}

func seekArguments(first, second bindings.Opt[any]) (offset int64, whence int, err error) {
	_, isWord := first.Value.(string)
	number, word := first, second
	switch {
	case !first.Set && !second.Set:
		return 0, io.SeekCurrent, nil
	case isWord:
		number, word = second, first
	case !second.Set:
		word = bindings.Some[any](0.0)
	}
	whence, ok := whences[word.Or(nil)]
	if !ok {
		return 0, 0, bindings.BadArgument("whence", `"set", "cur" or "end" expected, or 0, 1 or 2`)
	}
	n, ok := number.Or(0.0).(float64)
	if !ok || n != float64(int64(n)) {
		return 0, 0, bindings.BadArgument("offset", "a whole number expected")
	}
	return int64(n), whence, nil
}

func (f *File) tell(ctx context.Context) (int64, error) {
	return f.seek(ctx, bindings.Opt[any]{}, bindings.Opt[any]{})
}

func (f *File) size(_ context.Context) (size int64, err error) {
	err = f.use("size", func() error {
		info, err := f.file.Stat()
		if err == nil {
			size = info.Size()
		}
		return err
	})
	return size, err
}
