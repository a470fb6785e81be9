package sock

import (
	"context"
	"os"
	"slices"
	"syscall"
	"time"
)

// Select waits until at least one of the readers can be received from without
// waiting, or one of the writers be sent on, and returns those: select(2). The end
// of a stream, an error and a connection to accept count as readable, the end of a
// connect as writable. If none is ready by the deadline, the error is
// os.ErrDeadlineExceeded. Other calls may wait on the same sockets meanwhile.
func Select(ctx context.Context, readers, writers []*Socket) (r, w []*Socket, err error) {
	observed := observedOf(readers, writers)
	if observed == nil {
		return selectReady(ctx, readers, writers)
	}
	start := observed.began()
	r, w, err = selectReady(ctx, readers, writers)
	n := len(r) + len(w)
	if err != nil && err != os.ErrDeadlineExceeded {
		n = -1
	}
	observed.tell(start, Call{Ctx: ctx, Name: "select", Args: Args{Len: len(readers) + len(writers)}, N: n, Err: err})
	return r, w, err
}

// observedOf returns the socket whose observer is told of the call: the first that has one.
func observedOf(readers, writers []*Socket) *Socket {
	for s := range slices.Values(slices.Concat(readers, writers)) {
		if s.observer != nil {
			return s
		}
	}
	return nil
}

// pollItem is one descriptor that is looked at.
type pollItem struct {
	socket *Socket // nil for the one that ends the wait
	fd     int
	write  bool
	ready  bool
}

func selectReady(ctx context.Context, readers, writers []*Socket) (r, w []*Socket, err error) {
	const op = "select"
	if err := refused(ctx); err != nil {
		return nil, nil, err
	}
	items := make([]pollItem, 0, len(readers)+len(writers)+1)
	defer func() {
		for _, it := range items {
			if it.socket != nil {
				it.socket.release()
			}
		}
	}()
	for i, s := range slices.Concat(readers, writers) {
		if !s.hold() {
			return nil, nil, failure(op, Addr{}, syscall.EBADF)
		}
		items = append(items, pollItem{socket: s, fd: s.fd, write: i >= len(readers)})
	}
	err = errnoError(sysPoll(items, 0))
	if err == nil && !anyReady(items) {
		items, err = waitReady(ctx, items)
	}
	if err != nil {
		return nil, nil, opError(op, Addr{}, err, 0)
	}
	for _, it := range items {
		switch {
		case !it.ready || it.socket == nil:
		case it.write:
			w = append(w, it.socket)
		default:
			r = append(r, it.socket)
		}
	}
	return r, w, nil
}

// errnoError returns errno as an error, nil for 0.
func errnoError(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

func anyReady(items []pollItem) bool {
	return slices.ContainsFunc(items, func(it pollItem) bool { return it.ready })
}

// waitReady waits in the system's poll, which a byte on a socket of its own ends.
func waitReady(ctx context.Context, items []pollItem) ([]pollItem, error) {
	deadline, dated := ctx.Deadline()
	if dated && !deadline.After(time.Now()) {
		return items, os.ErrDeadlineExceeded
	}
	w, err := newWatcher()
	if err != nil {
		return items, err
	}
	defer w.close()
	for _, it := range items {
		if !it.socket.watch(w) {
			return items, syscall.EBADF
		}
		defer it.socket.unwatch(w)
	}
	items = append(items, pollItem{fd: w.ear})
	var a arming
	if err := a.arm(ctx, w.wake); err != nil {
		return items, err
	}
	defer a.disarm()
	for {
		if errno := sysPoll(items, untilDeadline(deadline, dated)); errno != 0 && errno != syscall.EINTR {
			return items, errno
		}
		woken := items[len(items)-1].ready
		switch {
		case slices.ContainsFunc(items, func(it pollItem) bool { return it.socket != nil && it.socket.Closed() }):
			return items, syscall.EBADF
		case anyReady(items[:len(items)-1]):
			return items, nil
		case woken:
			return items, canceled(ctx)
		case dated && !deadline.After(time.Now()):
			return items, os.ErrDeadlineExceeded
		}
	}
}

// forEver is the time-out of poll(2) without one.
const forEver = -1

// untilDeadline returns the time-out of poll(2), in milliseconds, rounded up.
func untilDeadline(deadline time.Time, dated bool) int {
	if !dated {
		return forEver
	}
	const most = 1 << 30
	left := (time.Until(deadline) + time.Millisecond - 1) / time.Millisecond
	return int(min(max(left, 0), most))
}

// watcher ends a wait in poll: what wake writes into mouth, ear hears.
type watcher struct{ ear, mouth int }

func newWatcher() (*watcher, error) {
	fds, errno := sysPair(Unix, Stream)
	if errno != 0 {
		return nil, errno
	}
	return &watcher{ear: fds[0], mouth: fds[1]}, nil
}

// wake may be called often: one byte is enough, and a full queue has one.
func (w *watcher) wake() { sysSend(w.mouth, []byte{0}, DontWait, nil) }

func (w *watcher) close() {
	sysClose(w.ear)
	sysClose(w.mouth)
}

// watch lets Close of s wake w, and reports whether s is still open.
func (s *Socket) watch(w *watcher) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() {
		return false
	}
	s.watchers = append(s.watchers, w)
	return true
}

func (s *Socket) unwatch(w *watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.watchers, w); i >= 0 {
		s.watchers = slices.Delete(s.watchers, i, i+1)
	}
}
