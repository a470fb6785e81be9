package bindings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
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

type moduleInfo struct {
	Module
	table *lua.LTable
	funcs []*binding
	types []*typeInfo
}

type typeInfo struct {
	row       Type
	metatable *lua.LTable
	table     *lua.LTable // the methods by name
	methods   []*binding
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

// install puts the modules into the machine: first the types of all, so that
// any row may name them, then the functions.
func (rt *Runtime) install() error {
	plugins := append([]Plugin{rt.core()}, rt.config.Plugins...)
	for _, p := range plugins {
		m := &moduleInfo{Module: p.Module(rt)}
		for _, row := range m.Types {
			info := &typeInfo{row: row, metatable: rt.vm.Main().State().NewTable()}
			if t := reflect.TypeOf(row.Of); t == nil || t.Kind() != reflect.Pointer || rt.types[t] != nil {
				return fmt.Errorf("type %s.%s: Of is the nil pointer of a Go type that no other row has", m.Name, row.Name)
			}
			rt.types[reflect.TypeOf(row.Of)] = info
			m.types = append(m.types, info)
		}
		rt.modules = append(rt.modules, m)
	}
	var broken []error
	for _, m := range rt.modules {
		broken = append(broken, rt.installModule(m))
	}
	return errors.Join(broken...)
}

func (rt *Runtime) installModule(m *moduleInfo) error {
	if m.Doc == "" {
		return fmt.Errorf("module %q has no Doc", m.Name)
	}
	m.table = rt.moduleTable(m.Name)
	var broken []error
	for _, row := range m.Funcs {
		b, err := rt.bind(row, m.Name, nil)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		if m.Name != "string" && m.table.RawGetString(row.Name) != lua.LNil && m.Name != "" {
			return fmt.Errorf("%s: declared twice", b.name)
		}
		m.funcs = append(m.funcs, b)
		m.table.RawSetString(row.Name, rt.function(b))
	}
	for _, c := range m.Consts {
		m.table.RawSetString(c.Name, rt.toLua(c.Value))
	}
	for _, name := range m.StringMethods {
		fn := m.table.RawGetString(name)
		if fn == lua.LNil {
			return fmt.Errorf("%s: StringMethods names %q, which is not among its Funcs", m.Name, name)
		}
		rt.moduleTable("string").RawSetString(name, fn)
	}
	for _, info := range m.types {
		broken = append(broken, rt.installType(info))
	}
	if len(m.Absent) > 0 {
		meta := rt.vm.Main().State().NewTable()
		meta.RawSetString("__index", rt.vm.NewFunction(m.Name, func(l *lua.LState) int {
			return rt.absent(l, m.Name+".", m.Absent)
		}))
		m.table.Metatable = meta
	}
	return errors.Join(broken...)
}

// absent answers for a name that is not there: nil, or what to do instead.
func (rt *Runtime) absent(l *lua.LState, prefix string, names map[string]string) int {
	name := l.Get(2).String()
	if instead, known := names[name]; known {
		rt.raise(l, taskOf(l), &Error{Op: prefix + name, Message: "not offered here", Hint: instead}, "", "")
	}
	l.Push(lua.LNil)
	return 1
}

// mainTask is the number of the main task; 0 is nobody's.
const mainTask = 1

// moduleTable is the global table of that name, made if there is none.
func (rt *Runtime) moduleTable(name string) *lua.LTable {
	globals := rt.vm.Globals()
	if name == "" {
		return globals
	}
	table, ok := globals.RawGetString(name).(*lua.LTable)
	if !ok {
		table = rt.vm.Main().State().NewTable()
		globals.RawSetString(name, table)
	}
	return table
}

// function makes the Lua function of a binding.
func (rt *Runtime) function(b *binding) *lua.LFunction {
	fn := rt.vm.NewFunction(b.name, b.call)
	rt.byFunction[fn] = b
	return fn
}

// installType fills the metatable of a type: methods, fields, tostring.
func (rt *Runtime) installType(info *typeInfo) error {
	methods := rt.vm.Main().State().NewTable()
	var broken []error
	for _, row := range info.row.Methods {
		b, err := rt.bind(row, info.row.Name, &info.row)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		info.methods = append(info.methods, b)
		methods.RawSetString(row.Name, rt.function(b))
	}
	info.table = methods
	index := lua.LValue(methods)
	if len(info.row.Fields)+len(info.row.Absent) > 0 {
		get, err := rt.fieldGetter(info, methods)
		if err != nil {
			return err
		}
		index = rt.vm.NewFunction(info.row.Name+".__index", get)
	}
	text := rt.vm.NewFunction(info.row.Name+".__tostring", func(l *lua.LState) int {
		l.Push(lua.LString(fmt.Sprint(l.CheckUserData(1).Value)))
		return 1
	})
	info.metatable.RawSetString("__index", index)
	info.metatable.RawSetString("__name", lua.LString(info.row.Name))
	info.metatable.RawSetString("__tostring", text)
	info.metatable.RawSetString("__concat", rt.vm.NewFunction(info.row.Name+".__concat", rt.concat))
	info.metatable.RawSetString("__metatable", lua.LString(info.row.Name))
	return errors.Join(broken...)
}

// concat makes values of ours usable in "got " .. addr.
func (rt *Runtime) concat(l *lua.LState) int {
	l.Push(lua.LString(rt.vm.ToString(l.Get(1)) + rt.vm.ToString(l.Get(2))))
	return 1
}

// fieldGetter reads v.name and v[1] by the Field rows, then the methods.
func (rt *Runtime) fieldGetter(info *typeInfo, methods *lua.LTable) (lua.LGFunction, error) {
	type getter struct {
		fn  reflect.Value
		out writer
	}
	getters := map[string]getter{}
	for _, f := range info.row.Fields {
		fn := reflect.ValueOf(f.Go)
		if fn.Kind() != reflect.Func || fn.Type().NumIn() != 1 || fn.Type().NumOut() != 1 || fn.Type().In(0) != reflect.TypeOf(info.row.Of) {
			return nil, fmt.Errorf("field %s.%s: Go is not a func(%T) X", info.row.Name, f.Name, info.row.Of)
		}
		w, err := rt.writerFor(fn.Type().Out(0))
		if err != nil {
			return nil, fmt.Errorf("field %s.%s: %w", info.row.Name, f.Name, err)
		}
		getters[f.Name] = getter{fn, w}
	}
	return func(l *lua.LState) int {
		name := l.Get(2).String()
		if n, ok := l.Get(2).(lua.LNumber); ok && n >= 1 && int(n) <= len(info.row.Tuple) {
			name = info.row.Tuple[int(n)-1]
		}
		if method := methods.RawGetString(name); method != lua.LNil {
			l.Push(method)
			return 1
		}
		g, ok := getters[name]
		if !ok {
			return rt.absent(l, info.row.Var+":", info.row.Absent)
		}
		value := reflect.New(g.fn.Type().Out(0))
		value.Elem().Set(g.fn.Call([]reflect.Value{reflect.ValueOf(l.CheckUserData(1).Value)})[0])
		l.Push(g.out.write(rt, value.Interface()))
		return 1
	}, nil
}

// newTask makes a task that is not running yet.
func (rt *Runtime) newTask(name string, thread *vm.Thread) *Task {
	t := &Task{rt: rt, Name: name, done: make(chan struct{})}
	t.ctx.task = t
	if thread == nil {
		thread = rt.vm.NewThread(t)
	}
	thread.Owner = t
	t.thread = thread
	return t
}

// Spawn starts a task that runs fn with args. It may be called with and
// without the lock of the machine.
func (rt *Runtime) Spawn(name string, fn Function, args ...any) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) {
		t.thread.Lock()
		defer t.thread.Unlock()
		return t.thread.Call(fn.fn, rt.toLuaAll(args)...)
	})
}

// SpawnWith is Spawn for a task that owns c: c is closed when it ends, however
// it ends.
func (rt *Runtime) SpawnWith(name string, c io.Closer, fn Function, args ...any) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) {
		t.Keep(c)
		defer c.Close()
		t.thread.Lock()
		defer t.thread.Unlock()
		return t.thread.Call(fn.fn, rt.toLuaAll(args)...)
	})
}

// Go starts a task that runs Go code, such as the accepting half of a server.
// It ends when its context does.
func (rt *Runtime) Go(name string, run func(context.Context) error) *Task {
	return rt.start(name, func(t *Task) ([]lua.LValue, error) { return nil, run(&t.ctx) })
}

func (rt *Runtime) start(name string, run func(*Task) ([]lua.LValue, error)) *Task {
	t := rt.newTask(name, nil)
	rt.mu.Lock()
	rt.lastTask++
	t.ID = rt.lastTask
	rt.tasks[t.ID] = t
	stopping := rt.stopping
	rt.mu.Unlock()
	if stopping { // by a server, say, that took a connection while the run was ending
		t.Cancel()
	}
	rt.record.StartTask(t.Recorded(), "")
	rt.running.Go(func() {
		defer rt.config.Guard()
		results, err := run(t)
		t.finish(results, err)
	})
	return t
}

// finish keeps what the task returned or raised and tells of an error that
// nobody waits for.
func (t *Task) finish(results []lua.LValue, err error) {
	rt := t.rt
	var code, message string
	if err != nil {
		t.failure = err
		code, message = rt.endOf(t)
		rt.closeKept(t)
	}
	t.results = results
	rt.forget(t)
	rt.record.EndTask(t.Recorded(), code, message)
	close(t.done)
	if err != nil && t.thread.Canceled() == nil {
		rt.tellSoon(t)
	}
}

// joinGrace is how long a failed task waits for somebody to join it before its
// error is told to all.
const joinGrace = 50 * time.Millisecond

// tellSoon tells of a failure that nobody joins.
func (rt *Runtime) tellSoon(t *Task) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.unheard[t] = time.AfterFunc(joinGrace, func() { rt.tell(t) })
}

// tell tells of a failure now, if nobody has heard of it.
func (rt *Runtime) tell(t *Task) {
	rt.mu.Lock()
	timer, pending := rt.unheard[t]
	if pending {
		delete(rt.unheard, t)
		rt.telling.Add(1)
	}
	rt.mu.Unlock()
	if !pending {
		return
	}
	defer rt.telling.Done()
	timer.Stop()
	if t.hear() {
		rt.mu.Lock()
		rt.failures++
		rt.mu.Unlock()
		rt.Report(t.label() + ": " + rt.Describe(t.failure).Text())
	}
}

// tellAll tells of every failure that nobody has heard of, as the run ends.
func (rt *Runtime) tellAll() {
	rt.mu.Lock()
	list := slices.SortedFunc(maps.Keys(rt.unheard), func(a, b *Task) int { return a.ID - b.ID })
	rt.mu.Unlock()
	for _, t := range list {
		rt.tell(t)
	}
	rt.telling.Wait()
}

// endOf is how the timeline tells of a task that did not end well.
func (rt *Runtime) endOf(t *Task) (code, message string) {
	if t.thread.Canceled() != nil {
		return record.Canceled, ""
	}
	if e := errorValue(t.failure); e != nil {
		return e.Code, e.Error()
	}
	return "", t.failure.Error()
}

// Encoding is the text encoding that a task used last, "" if none. The
// timeline shows its data by it.
func (rt *Runtime) Encoding(task int) string {
	if name, ok := rt.encodings.Load(task); ok {
		return name.(string)
	}
	return ""
}

// UsesEncoding says that the task has encoded or decoded text.
func (t *Task) UsesEncoding(name string) {
	if t.encoding != name {
		t.encoding = name
		t.rt.encodings.Store(t.ID, name)
	}
}

// Timeline is the record of what happened, from the start of the Runtime.
func (rt *Runtime) Timeline() *record.Timeline { return rt.record }

// rememberedTasks is of how many tasks that have ended the timeline still
// knows the encoding.
const rememberedTasks = 4096

// forget takes an ended task out of the books, so that a server may run for days.
func (rt *Runtime) forget(t *Task) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	delete(rt.tasks, t.ID)
	rt.ended = append(rt.ended, t.ID)
	if len(rt.ended) > rememberedTasks {
		rt.encodings.Delete(rt.ended[0])
		rt.ended = rt.ended[1:]
	}
}

// Report tells of something that nobody asked for, such as the error of a task.
func (rt *Runtime) Report(text string) {
	fmt.Fprintln(rt.config.Stderr, text)
}

// Columns is the width of the terminal, 0 where the output is none.
func (rt *Runtime) Columns() int {
	if rt.config.Columns == nil {
		return 0
	}
	return rt.config.Columns()
}

// Write prints text as print does, without a newline. An output that is gone
// ends the run by other ways than this.
func (rt *Runtime) Write(text string) {
	_, _ = io.WriteString(rt.config.Stdout, text)
}

// ReportTo is where reports go.
func (rt *Runtime) ReportTo() io.Writer { return rt.config.Stderr }

// Background runs a view of the timeline beside everything else. It is no
// task: a run does not wait for its end. The function returned ends it and
// waits; Close does the same.
func (rt *Runtime) Background(view func(context.Context)) context.CancelFunc {
	ctx, cancel := context.WithCancel(rt.untilClose)
	done := make(chan struct{})
	rt.views.Go(func() {
		defer close(done)
		defer rt.config.Guard()
		view(ctx)
	})
	return func() {
		cancel()
		<-done
	}
}

// Colored tells whether what is printed may have colours.
func (rt *Runtime) Colored() bool { return rt.config.Color }

// Failures is how many tasks failed without anybody having joined them.
func (rt *Runtime) Failures() int {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.failures
}

// label names the task in front of its error.
func (t *Task) label() string { return fmt.Sprintf("task %d (%s)", t.ID, t.Name) }

// Tasks lists the tasks that have not ended, oldest first, without the main one.
func (rt *Runtime) Tasks() []*Task {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	var list []*Task
	for _, t := range rt.tasks {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *Task) int { return a.ID - b.ID })
	return list
}

// Main is the task of the script or the prompt.
func (rt *Runtime) Main() *Task { return rt.main }

// CancelTasks cancels every task but the main one, and those that start from
// now on until the next Run.
func (rt *Runtime) CancelTasks() {
	rt.mu.Lock()
	rt.stopping = true
	rt.mu.Unlock()
	for _, t := range rt.Tasks() {
		t.Cancel()
	}
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
