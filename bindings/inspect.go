package bindings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// Type is what Lua's type says of v: "nil", "number", "string", "table" ...
func (v Value) Type() string { return v.value().Type().String() }

// Bytes are the bytes of a string, "" for anything else.
func (v Value) Bytes() string {
	s, _ := v.lua.(lua.LString)
	return string(s)
}

// Look runs look while no task runs Lua, so that it may read what the lock of
// the machine guards. It gives up when ctx ends, and tells whether look has run.
func (p *Prompt) Look(ctx context.Context, look func()) bool {
	if !p.looker.thread.LockUntil(ctx.Done()) {
		return false
	}
	defer p.looker.thread.Unlock()
	look()
	return true
}

// patience is how long a __tostring may take.
const patience = time.Second

// Text is v as tostring gives it. A __tostring that fails, waits or takes long
// is described in place of its result.
func (p *Prompt) Text(v Value) string { return p.rt.text(v.value()) }

// text may be called from any goroutine that does not hold the lock.
func (rt *Runtime) text(v lua.LValue) string {
	if s, ok := v.(lua.LString); ok {
		return string(s)
	}
	t := rt.newTask("tostring", nil)
	defer time.AfterFunc(patience, t.Cancel).Stop()
	t.thread.Lock()
	defer t.thread.Unlock()
	return rt.vm.ToString(v)
}

// HasWords tells whether tostring says more of v than its type and its place in
// memory.
func (p *Prompt) HasWords(v Value) bool {
	p.looker.thread.Lock()
	defer p.looker.thread.Unlock()
	t, ok := v.lua.(*lua.LTable)
	if !ok {
		return true
	}
	meta, ok := t.Metatable.(*lua.LTable)
	return ok && meta.RawGetString("__tostring") != lua.LNil
}

// An Entry is a key of a table with its value.
type Entry struct{ Key, Value Value }

// Entries returns at most limit entries of a table, and how many there are in
// all: the sequence first, then the other numbers, strings and booleans in
// their order, then the rest, in an order that stays.
func (p *Prompt) Entries(v Value, limit int) (entries []Entry, total int) {
	t, ok := v.lua.(*lua.LTable)
	if !ok {
		return nil, 0
	}
	p.looker.thread.Lock()
	defer p.looker.thread.Unlock()
	length := lua.LNumber(vm.Len(t))
	t.ForEach(func(key, value lua.LValue) {
		total++
		e := Entry{Value{key}, Value{value}}
		if n := len(entries); n == limit {
			if n == 0 || compareKeys(key, entries[n-1].Key.lua, length) > 0 {
				return
			}
			entries = entries[:n-1]
		}
		i, _ := slices.BinarySearchFunc(entries, key, func(e Entry, key lua.LValue) int {
			return compareKeys(e.Key.lua, key, length)
		})
		entries = slices.Insert(entries, i, e)
	})
	return entries, total
}

// compareKeys orders the keys of a table whose sequence has that length.
func compareKeys(a, b lua.LValue, length lua.LNumber) int {
	if c := cmp.Compare(rank(a, length), rank(b, length)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case lua.LNumber:
		return cmp.Compare(a, b.(lua.LNumber))
	case lua.LString:
		return cmp.Compare(a, b.(lua.LString))
	case lua.LBool:
		return cmp.Compare(a.String(), b.String())
	}
	return cmp.Compare(fmt.Sprintf("%s %p", a.Type(), a), fmt.Sprintf("%s %p", b.Type(), b))
}

func rank(key lua.LValue, length lua.LNumber) int {
	switch key := key.(type) {
	case lua.LNumber:
		if 1 <= key && key <= length && key == lua.LNumber(int(key)) {
			return 0
		}
		return 1
	case lua.LString:
		return 2
	case lua.LBool:
		return 3
	}
	return 4
}
