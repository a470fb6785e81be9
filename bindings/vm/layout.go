package vm

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

//lint:file-ignore U1000 the types repeat fields that are not used here.

// The types below repeat the unexported parts of gopher-lua v1.1.2 that the
// loop, protected calls and tables need, field by field. checkLayout compares
// them with the real ones by name, offset, size and kind, so an upgrade that
// moves anything is refused at start-up and cannot corrupt memory.

type state struct {
	G       *lua.Global
	Parent  *lua.LState
	Env     *lua.LTable
	Panic   func(*lua.LState)
	Dead    bool
	Options lua.Options

	stop         int32
	reg          *registry
	stack        [2]unsafe.Pointer // an interface; see callsOf
	alloc        unsafe.Pointer
	currentFrame *frame
	wrapped      bool
	uvcache      *upvalue
	hasErrorFunc bool
	mainLoop     func(*lua.LState, *frame)
	ctx          context.Context
	ctxCancelFn  context.CancelFunc
}

type registry struct {
	array   []lua.LValue
	top     int
	growBy  int
	maxSize int
	alloc   unsafe.Pointer
	handler [2]unsafe.Pointer
}

type frame struct {
	Idx        int
	Fn         *lua.LFunction
	Parent     *frame
	Pc         int
	Base       int
	LocalBase  int
	ReturnBase int
	NArgs      int
	NRet       int
	TailCall   int
}

// callStack is gopher-lua's growing call stack, which stands behind the interface
// in the field stack of a state.
type callStack struct {
	segments []*segment
	segIdx   uint16 // of the segment in use
	segSp    uint8  // frames in use there
}

type segment struct{ array [lua.FramesPerSegment]frame }

type upvalue struct {
	next   *upvalue
	reg    *registry
	index  int
	value  lua.LValue
	closed bool
}

type table struct {
	Metatable lua.LValue

	array   []lua.LValue
	dict    map[lua.LValue]lua.LValue
	strdict map[string]lua.LValue
	keys    []lua.LValue
	k2i     map[lua.LValue]int
}

// inside gives the unexported fields of a state.
func inside(L *lua.LState) *state { return (*state)(unsafe.Pointer(L)) }

// parts gives the unexported fields of a table.
func parts(t *lua.LTable) *table { return (*table)(unsafe.Pointer(t)) }

// stockOps is gopher-lua's table of instructions.
//
//go:linkname stockOps github.com/yuin/gopher-lua.jumpTable
var stockOps [lua.OP_NOP + 1]instruction

// boxNumber is gopher-lua's way to make values of numbers 32 at a time.
//
//go:linkname boxNumber github.com/yuin/gopher-lua.(*allocator).LNumber2I
func boxNumber(alloc unsafe.Pointer, n lua.LNumber) lua.LValue

// freeSegment gives a segment of a call stack back to gopher-lua's pool of them.
//
//go:linkname freeSegment github.com/yuin/gopher-lua.freeCallFrameStackSegment
func freeSegment(*segment)

// An instruction executes inst on L; 1 ends the loop that was entered for base.
type instruction = func(L *lua.LState, inst uint32, base *frame) int

// callsOf gives the call stack of L, which its unexported field stack points to.
func callsOf(L *lua.LState) *callStack { return (*callStack)(stackOf(L).Elem().UnsafePointer()) }

func stackOf(L *lua.LState) reflect.Value {
	field := reflect.ValueOf(L).Elem().FieldByName("stack")
	return reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
}

// checkLayout says where gopher-lua differs from what this file knows of it.
var checkLayout = sync.OnceValue(func() error {
	ls := reflect.TypeFor[lua.LState]()
	elem := func(name string) reflect.Type {
		f, ok := ls.FieldByName(name)
		if !ok || f.Type.Kind() != reflect.Pointer {
			return reflect.TypeFor[struct{}]()
		}
		return f.Type.Elem()
	}
	calls := stackOf(lua.NewState(lua.Options{SkipOpenLibs: true, CallStackSize: 1, RegistrySize: 1, MinimizeStackMemory: true})).Elem().Type().Elem()
	segments, ok := calls.FieldByName("segments")
	if !ok {
		return fmt.Errorf("vm: %v has no segments", calls)
	}
	for _, pair := range [][2]reflect.Type{
		{calls, reflect.TypeFor[callStack]()},
		{segments.Type.Elem().Elem(), reflect.TypeFor[segment]()},
		{ls, reflect.TypeFor[state]()},
		{reflect.TypeFor[lua.LTable](), reflect.TypeFor[table]()},
		{elem("reg"), reflect.TypeFor[registry]()},
		{elem("currentFrame"), reflect.TypeFor[frame]()},
		{elem("uvcache"), reflect.TypeFor[upvalue]()},
	} {
		if err := sameLayout(pair[0], pair[1]); err != nil {
			return err
		}
	}
	return nil
})

func sameLayout(real, known reflect.Type) error {
	if real.NumField() != known.NumField() {
		return fmt.Errorf("vm: %v has %d fields, layout.go knows %d", real, real.NumField(), known.NumField())
	}
	for i := range real.NumField() {
		r, k := real.Field(i), known.Field(i)
		if r.Name != k.Name || r.Offset != k.Offset || r.Type.Size() != k.Type.Size() || !sameKind(r.Type, k.Type) {
			return fmt.Errorf("vm: %v.%s is %v at %d, layout.go knows %s %v at %d", real, r.Name, r.Type, r.Offset, k.Name, k.Type, k.Offset)
		}
	}
	return nil
}

func sameKind(real, known reflect.Type) bool {
	switch real.Kind() {
	case reflect.Interface:
		return known.Kind() == reflect.Interface || known.Kind() == reflect.Array
	case reflect.Pointer:
		return known.Kind() == reflect.Pointer || known.Kind() == reflect.UnsafePointer
	}
	return real.Kind() == known.Kind()
}
