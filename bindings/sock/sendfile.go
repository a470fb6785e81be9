package sock

import (
	"context"
	"os"
	"syscall"
)

// SendFile sends count bytes of a file from offset on, or with a count below zero
// all that follows, without a way through this program: sendfile(2). It returns
// how much was sent, also with an error; less than count without one means that
// the file ended. The position of the file stays where it is.
func (s *Socket) SendFile(ctx context.Context, f *os.File, offset, count int64) (int64, error) {
	start := s.began()
	n, err := s.sendFile(ctx, f, offset, count)
	s.tell(start, Call{Ctx: ctx, Name: "sendfile", Args: Args{Len: int(count)}, N: countOf(int(n), err), Err: err})
	return n, err
}

// fileRange is the part of a file that is still to be sent.
type fileRange struct {
	fd     int
	offset int64
	left   int64 // below zero: to the end
	sent   int64
}

func (s *Socket) sendFile(ctx context.Context, f *os.File, offset, count int64) (int64, error) {
	const op = "sendfile"
	raw, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	d := &s.out
	if err := d.begin(ctx); err != nil {
		return 0, opError(op, Addr{}, err, 0)
	}
	defer d.end()
	r := &fileRange{offset: offset, left: count}
	c := &d.call
	c.n, c.flags, c.extra, c.once = 0, 0, r, sendFileRest
	c.patient = !d.late()
	var sendErr error
	// Control keeps the file open as long as its descriptor is used.
	if err := raw.Control(func(fd uintptr) {
		r.fd = int(fd)
		sendErr = d.run()
	}); err != nil {
		return 0, err
	}
	s.sent.Add(r.sent)
	c.n = int(r.sent)
	return r.sent, d.sendError(op, Addr{}, sendErr)
}

// sendFileChunk is the most that one sendfile(2) takes.
const sendFileChunk = 0x7ffff000

func sendFileRest(d *direction, fd int) syscall.Errno {
	r := d.call.extra.(*fileRange)
	for r.left != 0 {
		chunk := int64(sendFileChunk)
		if r.left > 0 {
			chunk = min(chunk, r.left)
		}
		n, errno := sysSendfile(fd, r.fd, &r.offset, int(chunk))
		if errno != 0 {
			return errno
		}
		if n == 0 {
			return 0
		}
		r.sent += int64(n)
		if r.left > 0 {
			r.left -= int64(n)
		}
	}
	return 0
}
