package bindings

import (
	"context"
	"io"
	"reflect"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/record"
	"lunawire/bindings/vm"
)

// Config is what a Runtime is made of. Plugins and the three streams are
// required.
type Config struct {
	Plugins []Plugin
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer

	// TaskStdout is where the other tasks than the main one print, whole lines at
	// a time; nil is Stdout.
	TaskStdout io.Writer

	// ReadLine answers input(): it shows prompt and returns a line without its
	// end, or io.EOF. nil means: prompt on Stdout, line from Stdin.
	ReadLine func(ctx context.Context, prompt string) (string, error)

	// Guard is deferred in every goroutine that the Runtime starts: a panic that
	// is about to end the program passes it, so that a terminal can be restored.
	// nil means that nothing needs to be.
	Guard func()

	// Columns is the width of the terminal that Stdout is, 0 if it is none; nil
	// means none.
	Columns func() int

	Color  bool  // whether reports have colours
	Memory int64 // bytes of live heap that end the task at fault; 0 means no limit
}

// Runtime is one Lua machine with its plugins, its tasks and all that they
// have opened. Several Runtimes in one program know nothing of each other.
// New makes one; Close ends it.
type Runtime struct {
	config  Config
	vm      *vm.VM
	main    *Task
	console *console
	record  *record.Timeline

	encodings sync.Map // of each task by its number: the name it used last

	// What the table was computed into; written by New only.
	types      map[reflect.Type]*typeInfo
	modules    []*moduleInfo
	byFunction map[*lua.LFunction]*binding

	mu       sync.Mutex
	kept     map[io.Closer]*Task // what is open, and whose it is
	tasks    map[int]*Task       // those that have not ended, without the main one
	stopping bool                // a task that starts now is cancelled at once
	ended    []int               // the numbers of tasks whose encodings are still known
	lastTask int
	failures int // tasks whose error nobody but the screen has heard
	running  sync.WaitGroup
	unheard  map[*Task]*time.Timer // failures that nobody has heard of yet
	telling  sync.WaitGroup        // failures that are being told

	views      sync.WaitGroup // what Background started
	untilClose context.Context
	closeViews context.CancelFunc
}

// New makes a Runtime. An error means that a row of a plugin is broken.
func New(config Config) (*Runtime, error) {
	rt := &Runtime{
		config:     config,
		console:    &console{in: config.Stdin},
		types:      map[reflect.Type]*typeInfo{},
		byFunction: map[*lua.LFunction]*binding{},
		kept:       map[io.Closer]*Task{},
		tasks:      map[int]*Task{},
		unheard:    map[*Task]*time.Timer{},
		record:     record.New(record.Options{}),
	}
	if config.Guard == nil {
		rt.config.Guard = func() {}
	}
	preparePoller()
	rt.untilClose, rt.closeViews = context.WithCancel(context.Background())
	rt.vm = vm.New(rt.machine())
	rt.main = rt.newTask("main", rt.vm.Main())
	rt.main.ID, rt.lastTask = mainTask, mainTask
	if err := rt.install(); err != nil {
		rt.vm.Close()
		return nil, err
	}
	return rt, nil
}

// Close cancels all tasks, waits for them and closes what is open. It must not
// be called while the main task runs.
func (rt *Runtime) Close() {
	rt.CancelTasks()
	rt.running.Wait()
	rt.tellAll()
	rt.closeKept(nil)
	rt.closeViews()
	rt.views.Wait()
	rt.console.close()
	rt.vm.Close()
}
