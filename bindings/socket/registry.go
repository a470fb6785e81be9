package socket

import (
	"context"
	"slices"
	"sync"
	"time"

	"lunawire/bindings"
	"lunawire/bindings/record"
	"lunawire/bindings/sock"
)

// Registry holds the open sockets of a Runtime: nobody else would close them,
// as Lua has no finalisers here.
type Registry struct {
	rt        *bindings.Runtime
	addresses interned

	mu   sync.Mutex
	open map[*Socket]bool
}

// add makes the Lua side of a new socket; it belongs to task.
func (r *Registry) add(raw *sock.Socket, task *bindings.Task) *Socket {
	recorded := r.rt.Timeline().Open(record.Opening{Task: *task.Recorded(), Network: networkOf(raw), Args: socketArgs(raw)})
	return r.adopt(raw, recorded, task)
}

// accepted is add for a connection that listener accepted.
func (r *Registry) accepted(raw *sock.Socket, task *bindings.Task, listener *Socket) *Socket {
	recorded := r.rt.Timeline().Open(record.Opening{Task: *task.Recorded(), Network: networkOf(raw), From: listener.recorded,
		Local: recordedAddr(raw.KnownLocal()), Peer: recordedAddr(raw.KnownPeer())})
	return r.adopt(raw, recorded, task)
}

func (r *Registry) adopt(raw *sock.Socket, recorded *record.Socket, task *bindings.Task) *Socket {
	s := &Socket{raw: raw, recorded: recorded, registry: r}
	s.user.Store(task)
	s.timeout.Store(int64(bindings.LongestTime))
	raw.Observe(s)
	r.mu.Lock()
	r.open[s] = true
	r.mu.Unlock()
	task.Keep(s)
	return s
}

func (r *Registry) forget(s *Socket) {
	r.mu.Lock()
	delete(r.open, s)
	r.mu.Unlock()
	r.rt.Drop(s)
}

// sockets lists what is open, oldest first.
func (r *Registry) sockets() []*Socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*Socket, 0, len(r.open))
	for s := range r.open {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *Socket) int { return a.ID() - b.ID() })
	return list
}

// Open makes a socket that belongs to task: socket(2).
func (r *Registry) Open(task *bindings.Task, family sock.Family, kind sock.Kind, proto int) (*Socket, error) {
	raw, err := sock.Open(family, kind, proto)
	if err != nil {
		return nil, failed("socket", "", err)
	}
	return r.add(raw, task), nil
}

func (r *Registry) pair(task *bindings.Task, family sock.Family, kind sock.Kind) (*Socket, *Socket, error) {
	a, b, err := sock.Pair(family, kind)
	if err != nil {
		return nil, nil, failed("socketpair", "", err)
	}
	one, other := r.rt.Timeline().OpenPair(record.Opening{Task: *task.Recorded(), Network: networkOf(a), Args: socketArgs(a)})
	return r.adopt(a, one, task), r.adopt(b, other, task), nil
}

// sel is select(2) with LuaSocket's signature: what it returns are arrays that
// also have the sockets as keys.
func (r *Registry) sel(ctx context.Context, readers, writers bindings.Opt[[]*Socket], timeout bindings.Opt[time.Duration]) (bindings.Set, bindings.Set, bindings.Opt[string], error) {
	var none bindings.Opt[string]
	ready := bindings.Set{}
	var rawReaders []*sock.Socket
	for _, s := range readers.Value {
		if s.buffered() > 0 {
			ready = append(ready, s)
		}
		rawReaders = append(rawReaders, s.raw)
	}
	limit := timeout.Or(bindings.LongestTime)
	if len(ready) > 0 {
		limit = 0
	}
	var rawWriters []*sock.Socket
	for _, s := range writers.Value {
		rawWriters = append(rawWriters, s.raw)
	}
	canRead, canWrite, err := sock.Select(bindings.Within(ctx, limit), rawReaders, rawWriters)
	if err = read("select", err); err != nil && err != bindings.Timeout {
		return nil, nil, none, err
	}
	for _, s := range readers.Value {
		if slices.Contains(canRead, s.raw) && s.buffered() == 0 {
			ready = append(ready, s)
		}
	}
	var writable bindings.Set
	for _, s := range writers.Value {
		if slices.Contains(canWrite, s.raw) {
			writable = append(writable, s)
		}
	}
	if len(ready)+len(writable) == 0 {
		none = bindings.Some("timeout")
	}
	return ready, writable, none, nil
}
