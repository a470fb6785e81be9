package sock

import (
	"strings"
	"sync"
	"unsafe"
)

// The sizes of borrowed memory. No datagram of the internet families is longer
// than the small one.
const (
	smallMemory = 64 << 10
	largeMemory = 1 << 20
)

// memory is lent to one receiving system call.
type memory struct{ bytes []byte }

var smallPool, largePool sync.Pool

// take returns memory of that size, used or new.
func take(pool *sync.Pool, size int) *memory {
	if m, ok := pool.Get().(*memory); ok {
		return m
	}
	return &memory{bytes: unzeroed(size)}
}

// unzeroed returns memory with anything in it: it is written before it is read,
// and clearing it costs as much as receiving into it. A strings.Builder is the
// one way to it that the language offers.
func unzeroed(size int) []byte {
	var b strings.Builder
	b.Grow(size)
	b.WriteByte(0)
	return unsafe.Slice(unsafe.StringData(b.String()), size)
}

// borrow returns memory for the call of d, as much as it can use: the size that a
// caller names may be far beyond what there is to receive.
func (d *direction) borrow(fd int) *memory {
	s, size := d.socket, d.call.size
	switch {
	case size <= smallMemory, s.kind == Dgram && s.family != Unix:
		return take(&smallPool, smallMemory)
	case size <= largeMemory, s.kind == Stream:
		return take(&largePool, largeMemory)
	}
	if pending := min(sysPending(fd), size); pending > largeMemory {
		return &memory{bytes: make([]byte, pending)}
	}
	return take(&largePool, largeMemory)
}

// giveBack ends the loan. Memory of an odd size goes to the garbage collector.
func (m *memory) giveBack() {
	switch len(m.bytes) {
	case smallMemory:
		smallPool.Put(m)
	case largeMemory:
		largePool.Put(m)
	}
}
