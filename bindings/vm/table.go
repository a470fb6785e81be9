package vm

import (
	"sort"

	lua "github.com/yuin/gopher-lua"
)

func (v *VM) openTable() {
	v.library("table", map[string]lua.LGFunction{
		"concat":   tableConcat,
		"foreach":  tableForeach,
		"foreachi": tableForeachi,
		"getn":     func(L *lua.LState) int { L.Push(lua.LNumber(Len(argTable(L, 1)))); return 1 },
		"insert":   tableInsert,
		"maxn":     tableMaxn,
		"move":     tableMove,
		"pack":     tablePack,
		"remove":   tableRemove,
		"sort":     tableSort,
		"unpack":   unpack,
	})
}

// tableConcat is linear; gopher-lua's grows its stack step by step, 30 s for
// 200,000 items.
func tableConcat(L *lua.LState) int {
	t, sep := argTable(L, 1), optString(L, 2, "")
	i, j := optInt(L, 3, 1), 0
	if L.Get(4) == lua.LNil {
		j = Len(t)
	} else {
		j = argInt(L, 4)
	}
	out := builder{L: L}
	for k := i; k <= j; k++ {
		value := t.RawGet(lua.LNumber(k))
		if !lua.LVCanConvToString(value) {
			Raisef(L, "invalid value (%s at index %d) in table for 'concat'", value.Type(), k)
		}
		out.add(plainString(value))
		if k < j {
			out.add(sep)
		}
		if k%slice == 0 {
			Check(L)
		}
	}
	L.Push(lua.LString(out.String()))
	return 1
}

func tableForeach(L *lua.LState) int {
	t, fn := argTable(L, 1), argFunction(L, 2)
	for key := lua.LValue(lua.LNil); ; {
		var value lua.LValue
		if key, value, _ = next(t, key); key == lua.LNil {
			return 0
		}
		if result := callOne(L, fn, key, value); result != lua.LNil {
			L.Push(result)
			return 1
		}
	}
}

func tableForeachi(L *lua.LState) int {
	t, fn := argTable(L, 1), argFunction(L, 2)
	for i, n := 1, Len(t); i <= n; i++ {
		if result := callOne(L, fn, lua.LNumber(i), t.RawGet(lua.LNumber(i))); result != lua.LNil {
			L.Push(result)
			return 1
		}
	}
	return 0
}

func tableInsert(L *lua.LState) int {
	t := argTable(L, 1)
	n := Len(t)
	switch L.GetTop() {
	case 2:
		rawSet(L, t, lua.LNumber(n+1), L.Get(2))
		return 0
	case 3:
	default:
		Raisef(L, "wrong number of arguments to 'insert'")
	}
	at, value := argInt(L, 2), L.Get(3)
	if array := parts(t).array; at >= 1 && at <= n && n == len(array) && value != lua.LNil {
		t.Insert(at, value)
		return 0
	}
	for i := n; i >= at; i-- {
		rawSet(L, t, lua.LNumber(i+1), t.RawGet(lua.LNumber(i)))
	}
	rawSet(L, t, lua.LNumber(at), value)
	return 0
}

func tableRemove(L *lua.LState) int {
	t := argTable(L, 1)
	n := Len(t)
	at := optInt(L, 2, n)
	if at < 1 || at > n {
		return 0
	}
	L.Push(t.RawGet(lua.LNumber(at)))
	if array := parts(t).array; n <= len(array) {
		copy(array[at-1:n], array[at:n])
		array[n-1] = lua.LNil
		shorten(t)
		return 1
	}
	for i := at; i < n; i++ {
		rawSet(L, t, lua.LNumber(i), t.RawGet(lua.LNumber(i+1)))
	}
	rawSet(L, t, lua.LNumber(n), lua.LNil)
	return 1
}

func tableMaxn(L *lua.LState) int {
	t := argTable(L, 1)
	most := lua.LNumber(t.MaxN())
	for key := range parts(t).dict {
		if n, ok := key.(lua.LNumber); ok && n > most {
			most = n
		}
	}
	L.Push(most)
	return 1
}

// tableMove is Lua 5.3's.
func tableMove(L *lua.LState) int {
	from, first, last, at := argTable(L, 1), argInt(L, 2), argInt(L, 3), argInt(L, 4)
	to := from
	if L.Get(5) != lua.LNil {
		to = argTable(L, 5)
	}
	step := func(i int) {
		L.SetTable(to, lua.LNumber(at+i), index(L, from, lua.LNumber(first+i)))
		if i%slice == 0 {
			Check(L)
		}
	}
	if at > first && at <= last && to == from {
		for i := last - first; i >= 0; i-- {
			step(i)
		}
	} else {
		for i := 0; i <= last-first; i++ {
			step(i)
		}
	}
	L.Push(to)
	return 1
}

// tablePack is Lua 5.2's.
func tablePack(L *lua.LState) int {
	n := L.GetTop()
	t := L.CreateTable(n, 1)
	for i := 1; i <= n; i++ {
		t.RawSetInt(i, L.Get(i))
	}
	t.RawSetString("n", lua.LNumber(n))
	L.Push(t)
	return 1
}

// unpack makes room at once; gopher-lua's fails at some 5,000 values.
func unpack(L *lua.LState) int {
	t := argTable(L, 1)
	i, j := optInt(L, 2, 1), 0
	if L.Get(3) == lua.LNil {
		j = Len(t)
	} else {
		j = argInt(L, 3)
	}
	if i > j {
		return 0
	}
	needRegisters(L, j-i+1, "too many results to unpack")
	for k := i; k <= j; k++ {
		L.Push(t.RawGet(lua.LNumber(k)))
	}
	return j - i + 1
}

func tableSort(L *lua.LState) int {
	t := argTable(L, 1)
	s := &sorter{L: L, t: t, n: Len(t)}
	if L.Get(2) != lua.LNil {
		s.less = argFunction(L, 2)
	}
	if array := parts(t).array; s.n <= len(array) {
		s.array = array[:s.n]
	}
	sort.Sort(s)
	return 0
}

// A sorter sorts the elements 1 to n of a table in place.
type sorter struct {
	L     *lua.LState
	t     *lua.LTable
	n     int
	array []lua.LValue // nil for a table whose elements are not all in its array
	less  *lua.LFunction
	steps int
}

func (s *sorter) Len() int { return s.n }

func (s *sorter) at(i int) lua.LValue {
	if s.array != nil {
		return s.array[i]
	}
	return s.t.RawGet(lua.LNumber(i + 1))
}

func (s *sorter) Less(i, j int) bool {
	if s.steps++; s.steps%slice == 0 {
		Check(s.L)
	}
	a, b := s.at(i), s.at(j)
	if s.less != nil {
		return lua.LVAsBool(callOne(s.L, s.less, a, b))
	}
	return s.L.LessThan(a, b)
}

func (s *sorter) Swap(i, j int) {
	if s.array != nil {
		s.array[i], s.array[j] = s.array[j], s.array[i]
		return
	}
	a, b := s.at(i), s.at(j)
	s.t.RawSet(lua.LNumber(i+1), b)
	s.t.RawSet(lua.LNumber(j+1), a)
}
