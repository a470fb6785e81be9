package vm

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// slice is how many instructions a thread runs before it looks whether it is
// interrupted and whether others wait: about 0.1 ms. grace is how many more it
// may run in search of a loop's end before a call or a return will do.
const (
	slice = 2000
	grace = 32
)

// A strand is what this package knows of one LState: the base of a thread or
// a coroutine. It travels as the state's context, the one place gopher-lua has
// for it; the context's own methods are never called by our loop.
type strand struct {
	t      *Thread // the thread that runs this strand now
	calls  *callStack
	roomy  bool // the handler of an error has room beyond the limit
	budget int
	co     *coroutine // that this is the strand of, or nil
}

func (*strand) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*strand) Done() <-chan struct{}       { return nil }
func (*strand) Err() error                  { return nil }
func (*strand) Value(any) any               { return nil }

var _ context.Context = (*strand)(nil)

func strandOf(L *lua.LState) *strand { return L.Context().(*strand) }

// equip makes L run under this package's loop, errors and counting.
func equip(L *lua.LState, s *strand) {
	s.calls = callsOf(L)
	s.budget = slice
	L.SetContext(s)
	L.Panic = throw
	in := inside(L)
	in.mainLoop = run
	// Otherwise an error closes the open variables of every function of the
	// state, also of those that go on (gopher-lua issue 448). protect closes
	// exactly those of the functions that the error ends.
	in.hasErrorFunc = true
}

// ops are the instructions as run executes them. The size makes every opcode
// a valid index.
var ops [64]instruction

// stockLoop is gopher-lua's own loop, which calls Go functions.
var stockLoop func(*lua.LState, *frame)

// run executes instructions until the frame base, or the last one, returns.
func run(L *lua.LState, base *frame) {
	in := inside(L)
	s := in.ctx.(*strand)
	s.calls.reserve(L.Options.CallStackSize)
	in.reg.growStep()
	if in.currentFrame.Fn.IsG {
		stockLoop(L, base)
		return
	}
	for {
		cf := in.currentFrame
		inst := cf.Fn.Proto.Code[cf.Pc]
		cf.Pc++
		if s.budget--; s.budget <= 0 {
			s.tick(L, inst)
		}
		if ops[inst>>26](L, inst, base) == 1 {
			return
		}
	}
}

// tick runs before inst when the slice is over.
func (s *strand) tick(L *lua.LState, inst uint32) {
	t := s.t
	switch {
	case t.pending.Load():
		s.budget = 0
		t.raisePending(L)
	case t.vm.lock.waiting.Load() == 0:
		s.budget = slice
		t.computed()
	case mayHandOver(inst, s.budget):
		t.yield()
		s.budget = slice
		t.computed()
	}
}

// computing is how many slices without a wait make a thread one that computes:
// some 10 ms.
const computing = 100

// computed counts a slice.
func (t *Thread) computed() {
	if t.slices++; t.slices == computing && t.vm.options.Computing != nil {
		t.vm.options.Computing()
	}
}

// mayHandOver says whether another thread may run before inst. Between two
// such points a statement without a call, a loop or a wait is never cut in
// two, so that n = n + 1 in three tasks loses no count.
func mayHandOver(inst uint32, budget int) bool {
	switch int(inst >> 26) {
	case lua.OP_FORLOOP, lua.OP_TFORLOOP:
		return true
	case lua.OP_JMP:
		return int(inst&0x3ffff) < maxSbx // backward
	case lua.OP_CALL, lua.OP_RETURN, lua.OP_TAILCALL:
		return budget < -grace
	}
	return false
}

// maxSbx is the bias of an instruction's signed operand.
const maxSbx = 1<<17 - 1
