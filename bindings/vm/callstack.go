package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// A call stack of gopher-lua is a list of segments that is as long as the deepest
// call is to be, 2 KiB for 2,000 calls, of which most tasks make three. Here
// states begin with a short list, which is made longer in time.

// firstSegments is how many segments a state begins with.
const firstSegments = 16

// reserve makes the list longer when it is nearly used up. Between any two looks
// fewer calls are made than a segment has frames: one by an instruction or the
// library, one of a Go function in its place, and what that one calls.
func (cs *callStack) reserve(depth int) {
	most := segmentsFor(depth)
	if int(cs.segIdx)+2 < len(cs.segments) || len(cs.segments) >= most {
		return
	}
	longer := make([]*segment, min(2*len(cs.segments), most))
	copy(longer, cs.segments)
	cs.segments = longer
}

func segmentsFor(depth int) int { return (depth + lua.FramesPerSegment - 1) / lua.FramesPerSegment }

// limit takes back what reserve gave for more than that depth. The calls that
// there are are not as deep.
func (cs *callStack) limit(depth int) {
	cs.setSp(cs.sp())
	cs.segments = cs.segments[:min(len(cs.segments), segmentsFor(depth))]
}

// push gives the next frame, which is not emptied, or nil where only gopher-lua
// can go on: at the end of a segment.
func (cs *callStack) push() *frame {
	if cs.segSp >= lua.FramesPerSegment {
		return nil
	}
	f := &cs.segments[cs.segIdx].array[cs.segSp]
	f.Idx = int(cs.segIdx)*lua.FramesPerSegment + int(cs.segSp)
	cs.segSp++
	return f
}

// pop takes the last frame away.
func (cs *callStack) pop() { cs.setSp(cs.sp() - 1) }

// sp is how many frames there are.
func (cs *callStack) sp() int { return int(cs.segIdx)*lua.FramesPerSegment + int(cs.segSp) }

// setSp takes all frames but the first sp away. gopher-lua's own SetSp empties
// the stack where the last frame to stay ends a segment behind which there is no
// other yet.
func (cs *callStack) setSp(sp int) {
	last := max(sp-1, 0) / lua.FramesPerSegment
	for int(cs.segIdx) > last {
		freeSegment(cs.segments[cs.segIdx])
		cs.segments[cs.segIdx] = nil
		cs.segIdx--
	}
	cs.segSp = uint8(sp - last*lua.FramesPerSegment)
}

var stockCall instruction

// opCall is R(A), ... := R(A)(R(A+1), ...). It calls Go functions itself, which
// is what scripts that move data do most: gopher-lua's way copies two frames of
// 80 bytes and takes twice the Go stack, which a task that waits holds on to.
func opCall(L *lua.LState, inst uint32, base *frame) int {
	in := inside(L)
	cf := in.currentFrame
	calls := in.ctx.(*strand).calls
	calls.reserve(L.Options.CallStackSize)
	ra := cf.LocalBase + argA(inst)
	fn, ok := in.reg.array[ra].(*lua.LFunction)
	if !ok || !fn.IsG {
		in.reg.growStep()
		return stockCall(L, inst, base)
	}
	f := calls.push()
	if f == nil {
		return stockCall(L, inst, base)
	}
	nargs := argB(inst) - 1
	if nargs < 0 { // up to the top
		nargs = in.reg.top - ra - 1
	}
	f.Fn, f.Parent, f.Pc, f.TailCall = fn, cf, 0, 0
	f.Base, f.LocalBase, f.ReturnBase = ra, ra+1, ra
	f.NArgs, f.NRet = nargs, argC(inst)-1
	in.currentFrame = f
	in.reg.setTop(ra + 1 + nargs)
	in.reg.move(ra, fn.GFunction(L), argC(inst)-1)
	calls.pop()
	in.currentFrame = cf
	return 0
}

// setTop makes top the first free register; those that come into use by it are
// nil. The registers are there: the caller of a function has them.
func (r *registry) setTop(top int) {
	for i := r.top; i < top; i++ {
		r.array[i] = lua.LNil
	}
	if top < r.top {
		clear(r.array[top:r.top])
	}
	r.top = top
}

// move takes n results from the top to register to: want of them, or all.
func (r *registry) move(to, n, want int) {
	if want == lua.MultRet {
		want = n
	}
	end := to + want
	moved := copy(r.array[to:end], r.array[r.top-n:r.top])
	for i := to + moved; i < end; i++ {
		r.array[i] = lua.LNil
	}
	if end < r.top {
		clear(r.array[end:r.top])
	}
	r.top = end
}
