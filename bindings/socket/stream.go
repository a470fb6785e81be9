package socket

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/sock"
)

// chunk is how much the calls below ask the system for at once. What they
// receive too much waits in s.pending for the next call, recv included, so a
// timeout or an interrupt in the middle loses no byte.
const chunk = 64 << 10

// maxLine is how long a line or a block may get unless the caller says so.
const maxLine = 1 << 20

// takePending hands out what an earlier call received too much.
func (s *Socket) takePending(n int, flags sock.Flags) (string, bool) {
	if s.raw.Kind() != sock.Stream {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) == 0 || n == 0 {
		return "", false
	}
	n = min(n, len(s.pending))
	data := string(s.pending[:n])
	if flags&sock.Peek == 0 {
		s.pending = s.pending[n:]
	}
	return data, true
}

// buffered is how much waits in s.pending; select counts it as readable.
func (s *Socket) buffered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending)
}

// receive fills s.pending until find says where the wanted part ends in it, and
// cuts that off. At the end of the stream find sees all there is.
func (s *Socket) receive(ctx context.Context, op string, find func(pending []byte, ended bool) (int, error)) (string, error) {
	if s.raw.Kind() != sock.Stream {
		return "", bindings.Usage("%s is for streams; a datagram comes whole from recvfrom", op)
	}
	for {
		data, err := s.cut(find)
		if !errors.Is(err, errMore) {
			return data, err
		}
		more, err := s.raw.Recv(ctx, chunk, 0)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", read(op, err)
		}
		s.mu.Lock()
		s.pending = append(s.pending, more...)
		s.ended = err != nil
		s.mu.Unlock()
	}
}

// errMore says that the wanted part has not arrived yet.
var errMore = errors.New("more is needed")

func (s *Socket) cut(find func([]byte, bool) (int, error)) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := find(s.pending, s.ended)
	if err != nil {
		return "", err
	}
	data := string(s.pending[:n])
	s.pending = s.pending[n:]
	if len(s.pending) == 0 {
		s.pending = nil
	}
	return data, nil
}

func (s *Socket) recvexact(ctx context.Context, n int, opts waitOptions) (string, error) {
	if n < 0 {
		return "", bindings.BadArgument("n", "0 or more expected, got %d", n)
	}
	ctx, _ = s.within(ctx, opts.Timeout)
	return s.receive(ctx, "recvexact", func(pending []byte, ended bool) (int, error) {
		switch {
		case len(pending) >= n:
			return n, nil
		case ended:
			return 0, bindings.Closed
		}
		return 0, errMore
	})
}

func (s *Socket) recvline(ctx context.Context, limit bindings.Opt[int], opts waitOptions) (string, error) {
	most, err := mostBytes(limit)
	if err != nil {
		return "", err
	}
	ctx, _ = s.within(ctx, opts.Timeout)
	line, err := s.receive(ctx, "recvline", func(pending []byte, ended bool) (int, error) {
		n, err := endOf(pending, ended, []byte("\n"), most)
		if errors.Is(err, bindings.Closed) && len(pending) > 0 {
			return len(pending), nil // a last line without an end
		}
		return n, err
	})
	return string(bytes.TrimSuffix(bytes.TrimSuffix([]byte(line), []byte("\n")), []byte("\r"))), err
}

func (s *Socket) recvuntil(ctx context.Context, delimiter string, limit bindings.Opt[int], opts waitOptions) (string, error) {
	if delimiter == "" {
		return "", bindings.BadArgument("delimiter", "at least one byte expected")
	}
	most, err := mostBytes(limit)
	if err != nil {
		return "", err
	}
	ctx, _ = s.within(ctx, opts.Timeout)
	return s.receive(ctx, "recvuntil", func(pending []byte, ended bool) (int, error) {
		return endOf(pending, ended, []byte(delimiter), most)
	})
}

// mostBytes is how long a line or a block may get.
func mostBytes(limit bindings.Opt[int]) (int, error) {
	if n := limit.Or(maxLine); n >= 0 {
		return n, nil
	}
	return 0, bindings.BadArgument("max", "0 or more expected, got %d", limit.Value)
}

// endOf is where the part that delimiter ends stops.
func endOf(pending []byte, ended bool, delimiter []byte, limit int) (int, error) {
	i := bytes.Index(pending[:min(len(pending), limit)], delimiter)
	switch {
	case i >= 0:
		return i + len(delimiter), nil
	case len(pending) >= limit:
		return 0, &bindings.Error{Op: "recvuntil", Code: "EMSGSIZE", Message: "no end within the limit",
			Hint: "nothing is lost: read on with recv, or give a larger limit"}
	case ended:
		return 0, bindings.Closed
	}
	return 0, errMore
}

func (s *Socket) recvall(ctx context.Context, opts waitOptions) (string, error) {
	ctx, _ = s.within(ctx, opts.Timeout)
	return s.receive(ctx, "recvall", func(pending []byte, ended bool) (int, error) {
		if ended {
			return len(pending), nil
		}
		return 0, errMore
	})
}

// An openFile is a file that a script has opened.
type openFile interface{ File() *os.File }

type fileOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
	Offset  bindings.Opt[int64]         `lua:"offset"`
	Count   bindings.Opt[int64]         `lua:"count"`
}

// sendfile sends a file without bringing it into the program.
func (s *Socket) sendfile(ctx context.Context, file openFile, opts fileOptions) (int64, error) {
	ctx, limit := s.within(ctx, opts.Timeout)
	f := file.File()
	if f == nil {
		return 0, &bindings.Error{Op: "sendfile", Code: "EBADF", Message: "the file is closed"}
	}
	offset := opts.Offset.Or(0)
	count := opts.Count.Or(0)
	if !opts.Count.Set {
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		count = max(0, info.Size()-offset)
	}
	n, err := s.raw.SendFile(ctx, f, offset, count)
	return n, sendError("sendfile", "", int(n), limit, err)
}
