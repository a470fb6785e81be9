package vm

import (
	"io"
	"sync"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"
)

// Options say what a VM may use. The zero value is usable: no output, no
// input, the default limits.
type Options struct {
	Stdout io.Writer // print and io.write; nil discards
	Stderr io.Writer // io.stderr; nil discards

	// Print is where print writes for each thread; nil is Stdout for all.
	Print func(t *Thread) io.Writer

	// Stdin answers io.read, io.lines and io.stdin of the thread t. It is
	// called without the lock, may block, and obeys t (see Thread.Arm). It
	// returns io.EOF at the end of the input; nil is an empty input.
	Stdin func(t *Thread) io.Reader

	// Exit is told of os.exit before the calling thread is cancelled with an
	// *ExitError. It is called with the lock held and must not wait.
	Exit func(t *Thread, code int)

	// SearchPath is the folder in which require looks for modules. Empty
	// means the current one. See also VM.SetSearchPath.
	SearchPath string

	// Computing is called when a thread has computed for some 10 ms without a
	// wait, with the lock held.
	Computing func()

	MainDepth   int   // nested calls in the main thread; 0 means 16,000
	ThreadDepth int   // nested calls in other threads and coroutines; 0 means 2,000
	Memory      int64 // bytes of live heap that end the thread at fault; 0 means no limit
}

// A VM is one Lua state that many threads share, one at a time. Make one with
// [New]; all its methods but New's result need the lock unless they say else.
type VM struct {
	options Options
	lock    lock
	main    *Thread
	running *Thread                // who holds the lock; stays after it was given up
	holder  atomic.Pointer[Thread] // running, for the watchdog
	blank   *lua.LState            // never runs; new states are made after it

	loaded, packages *lua.LTable // package.loaded and package
	next, ipairsNext *lua.LFunction
	fileMeta         *lua.LTable
	stdin            *file
	input, output    *lua.LUserData     // the default files of io
	kept             map[*file]struct{} // open files that Close must see to

	methods    methodCache
	coroutines map[*coroutine]struct{} // those that have a goroutine
	idle       []*lua.LState           // states of ended coroutines, to be used again

	mu      sync.Mutex // guards what follows
	dropped []*coroutine
	reaping bool
	closed  bool
	closing chan struct{}
	helpers sync.WaitGroup // the reaper and the watchdog
}

// New makes a VM with its libraries. It panics if the gopher-lua it was built
// with is not the one it knows.
func New(options Options) *VM {
	if err := checkLayout(); err != nil {
		panic(err)
	}
	if options.Stdout == nil {
		options.Stdout = io.Discard
	}
	if options.Stderr == nil {
		options.Stderr = io.Discard
	}
	v := &VM{
		options:    options,
		coroutines: map[*coroutine]struct{}{},
		kept:       map[*file]struct{}{},
		closing:    make(chan struct{}),
	}
	base := lua.NewState(lua.Options{
		SkipOpenLibs:     true,
		CallStackSize:    firstSegments * lua.FramesPerSegment,
		RegistrySize:     lua.RegistrySize,
		RegistryMaxSize:  maxRegisters,
		RegistryGrowStep: registerStep,

		MinimizeStackMemory: true,
	})
	setUpOps(base)
	v.blank = small(base)
	base.Options.CallStackSize = depth(options.MainDepth, 16000)
	v.main = &Thread{vm: v, base: base, current: base}
	equip(base, &strand{t: v.main})
	v.main.Lock()
	defer v.main.Unlock()
	v.openLibraries()
	if options.Memory > 0 {
		v.helpers.Go(v.watch)
	}
	return v
}

// small makes a state like base, but one that costs little as long as it does
// little: its stacks grow.
func small(base *lua.LState) *lua.LState {
	options := base.Options
	base.Options.RegistrySize = registerStep
	L, _ := base.NewThread() // takes the options over
	base.Options = options
	return L
}

// newState makes a state for a thread or a coroutine.
func (v *VM) newState(s *strand) *lua.LState {
	L, _ := v.blank.NewThread()
	L.Options.CallStackSize = depth(v.options.ThreadDepth, 2000)
	equip(L, s)
	return L
}

// maxRegisters bounds the values on the stacks of one thread or coroutine.
const maxRegisters = 4 << 20

// depth is the size of a call stack that holds n calls from Lua, with room for
// the library functions among them.
func depth(n, otherwise int) int {
	if n <= 0 {
		n = otherwise
	}
	return n + 200
}

// Main is the thread of the main chunk or of the prompt.
func (v *VM) Main() *Thread { return v.main }

// NewThread makes a thread that is not running yet. It may be called with and
// without the lock.
func (v *VM) NewThread(owner any) *Thread {
	t := &Thread{Owner: owner, vm: v}
	t.base = v.newState(&strand{t: t})
	t.current = t.base
	return t
}

// Globals is the table of the global variables.
func (v *VM) Globals() *lua.LTable { return v.blank.G.Global }
