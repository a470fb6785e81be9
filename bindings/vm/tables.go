package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// Len is #t without metamethods, also for elements behind the array part.
func Len(t *lua.LTable) int {
	n := t.Len()
	if n < arrayLimit-1 || len(parts(t).dict) == 0 {
		return n
	}
	low, high := n, 2*n
	for t.RawGet(lua.LNumber(high)) != lua.LNil {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := (low + high) / 2; t.RawGet(lua.LNumber(middle)) != lua.LNil {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// shorten takes the nils off the end of the array part.
func shorten(t *lua.LTable) {
	p := parts(t)
	n := len(p.array)
	for n > 0 && p.array[n-1] == lua.LNil {
		n--
		p.array[n] = nil
	}
	p.array = p.array[:n]
}

// untidy says whether most of the keys that t remembers are deleted ones.
// gopher-lua never forgets a key (issue 214): a table of connections grows for
// ever, keeps its keys alive and gets slower to go through.
func untidy(t *lua.LTable) bool {
	p := parts(t)
	return len(p.keys) > 32 && len(p.keys) > 2*(len(p.dict)+len(p.strdict))
}

// tidy forgets the deleted keys of t before a new one comes in. Only then: the
// keys must stay while a loop over t deletes, and Lua forbids only to add
// within such a loop.
func tidy(t *lua.LTable, key, value lua.LValue) {
	if !untidy(t) || value == lua.LNil || t.RawGetH(key) != lua.LNil {
		return
	}
	p := parts(t)
	live := make([]lua.LValue, 0, len(p.dict)+len(p.strdict)+1)
	for _, k := range p.keys {
		if t.RawGetH(k) != lua.LNil {
			live = append(live, k)
		}
	}
	p.keys = live
	p.k2i = make(map[lua.LValue]int, len(live))
	for i, k := range live {
		p.k2i[k] = i
	}
}

// rawSet is t[key] = value without metamethods, for the library's functions.
func rawSet(L *lua.LState, t *lua.LTable, key, value lua.LValue) {
	tidy(t, key, value)
	L.RawSet(t, key, value)
	if n, ok := key.(lua.LNumber); ok && value == lua.LNil && int(n) == len(parts(t).array) {
		shorten(t)
	}
}

// next is the key and value that follow key in t; key nil begins. ok is false
// for a key that t does not know.
func next(t *lua.LTable, key lua.LValue) (k, v lua.LValue, ok bool) {
	p := parts(t)
	i, inKeys := 0, false
	switch key := key.(type) {
	case *lua.LNilType:
	case lua.LNumber:
		n := int(key)
		if lua.LNumber(n) == key && n > 0 && n < arrayLimit {
			i = n
			break
		}
		i, inKeys = p.k2i[key]
		if !inKeys {
			return lua.LNil, lua.LNil, false
		}
		i++
	default:
		i, inKeys = p.k2i[key]
		if !inKeys {
			return lua.LNil, lua.LNil, false
		}
		i++
	}
	if !inKeys {
		for ; i < len(p.array); i++ {
			if v := p.array[i]; v != lua.LNil {
				return lua.LNumber(i + 1), v, true
			}
		}
		i = 0
	}
	for ; i < len(p.keys); i++ {
		if v := t.RawGetH(p.keys[i]); v != lua.LNil {
			return p.keys[i], v, true
		}
	}
	return lua.LNil, lua.LNil, true
}
