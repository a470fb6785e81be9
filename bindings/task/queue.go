package task

import (
	"context"
	"fmt"
	"sync"
	"time"

	"lunawire/bindings"
)

// Queue hands values from task to task, first in, first out.
type Queue struct {
	bindings.Object

	mu      sync.Mutex
	values  []bindings.Value
	size    int // 0 is unlimited
	closed  bool
	changed chan struct{} // closed at the next change, nil when nobody waits
}

func newQueue(size bindings.Opt[int]) (*Queue, error) {
	if size.Value < 0 {
		return nil, bindings.BadArgument("size", "0 or more expected, got %d", size.Value)
	}
	return &Queue{size: size.Value}, nil
}

// String is what tostring(q) gives.
func (q *Queue) String() string { return fmt.Sprintf("<queue of %d>", q.length()) }

var queueRow = bindings.Type{
	Name: "queue", Var: "q", Of: (*Queue)(nil),
	Doc: "A queue through which tasks hand values over, first in, first out.",
	Methods: []bindings.Func{
		{
			Name: "put", Params: "value, opts?",
			Doc: "Puts a value in; waits while the queue is full.\n\nRaises ETIMEDOUT when {timeout=seconds} is over first and EPIPE on a closed queue. nil cannot be put.",
			Go:  bindings.Wait3to0((*Queue).put),
		},
		{
			Name: "get", Params: "opts?", Results: "value",
			Doc: "Takes the oldest value out; waits until there is one.\n\nReturns nil, \"closed\" when the queue is closed and empty and nil, \"timeout\" when {timeout=seconds} is over first.",
			Go:  bindings.Wait2to1((*Queue).get),
		},
		{Name: "close", Doc: "Says that nothing more will be put in; what is in it can still be taken.", Go: (*Queue).Close},
		{Name: "len", Results: "n", Doc: "Returns how many values are in the queue.", Go: (*Queue).length},
	},
}

type queueOptions struct {
	Timeout bindings.Opt[time.Duration] `lua:"timeout"`
}

func (q *Queue) put(ctx context.Context, value bindings.Value, opts queueOptions) error {
	if value.IsNil() {
		return bindings.BadArgument("value", "anything but nil expected")
	}
	ctx = bindings.Within(ctx, opts.Timeout.Or(bindings.LongestTime))
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			return &bindings.Error{Op: "put", Code: "EPIPE", Message: "the queue is closed"}
		}
		if q.size == 0 || len(q.values) < q.size {
			q.values = append(q.values, value)
			q.tell()
			q.mu.Unlock()
			return nil
		}
		changed := q.watch()
		q.mu.Unlock()
		if err := bindings.Wait(ctx, changed); err == bindings.Timeout {
			return &bindings.Error{Op: "put", Code: "ETIMEDOUT", Message: "the queue stayed full"}
		} else if err != nil {
			return err
		}
	}
}

func (q *Queue) get(ctx context.Context, opts queueOptions) (bindings.Value, error) {
	ctx = bindings.Within(ctx, opts.Timeout.Or(bindings.LongestTime))
	for {
		q.mu.Lock()
		if len(q.values) > 0 {
			value := q.values[0]
			q.values[0] = bindings.Value{}
			q.values = q.values[1:]
			q.tell()
			q.mu.Unlock()
			return value, nil
		}
		if q.closed {
			q.mu.Unlock()
			return bindings.Value{}, bindings.Closed
		}
		changed := q.watch()
		q.mu.Unlock()
		if err := bindings.Wait(ctx, changed); err != nil {
			return bindings.Value{}, err
		}
	}
}

// Close ends the queue; tasks that wait in get learn of it.
func (q *Queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.tell()
	return nil
}

func (q *Queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.values)
}

// watch is closed at the next change; tell makes it known. Both need q.mu.
func (q *Queue) watch() <-chan struct{} {
	if q.changed == nil {
		q.changed = make(chan struct{})
	}
	return q.changed
}

func (q *Queue) tell() {
	if q.changed != nil {
		close(q.changed)
		q.changed = nil
	}
}
