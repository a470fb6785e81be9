package vm

import (
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// load takes a string or a function that gives pieces, a name, a mode and an
// environment, as in Lua 5.2; it is loadstring too.
func (v *VM) load(L *lua.LState) int {
	var text string
	switch chunk := L.Get(1).(type) {
	case lua.LString:
		text = string(chunk)
	case *lua.LFunction:
		text = pieces(L, chunk)
	default:
		argTypeError(L, 1, "string or function")
	}
	return v.compiled(L, chunkName(optString(L, 2, text)), text, 3)
}

// pieces joins what a reader function gives until nil or "".
func pieces(L *lua.LState, reader *lua.LFunction) string {
	out := builder{L: L}
	for {
		piece := callOne(L, reader)
		if piece == lua.LNil || piece == lua.LString("") {
			return out.String()
		}
		if !lua.LVCanConvToString(piece) {
			Raisef(L, "reader function must return a string")
		}
		out.add(plainString(piece))
	}
}

// chunkName is what messages call a chunk: "@file" and "=name" without their
// mark, else the beginning of its text.
func chunkName(name string) string {
	if rest, ok := strings.CutPrefix(name, "@"); ok {
		return rest
	}
	if rest, ok := strings.CutPrefix(name, "="); ok {
		return rest
	}
	const most = 44
	line, _, cut := strings.Cut(name, "\n")
	if len(line) > most {
		line, cut = line[:most], true
	}
	if cut {
		line += "..."
	}
	return `[string "` + line + `"]`
}

// compiled pushes the function of a chunk, or nil and why not. The mode and
// the environment are the arguments at and after it.
func (v *VM) compiled(L *lua.LState, name, text string, mode int) int {
	allowed := optString(L, mode, "bt")
	fail := func(why string) int {
		L.Push(lua.LNil)
		L.Push(lua.LString(why))
		return 2
	}
	switch {
	case strings.HasPrefix(text, "\x1bLua"):
		return fail(name + ": binary chunks cannot be loaded")
	case !strings.Contains(allowed, "t"):
		return fail("attempt to load a text chunk (mode is '" + allowed + "')")
	}
	var fn *lua.LFunction
	var err error
	outside(L, func() { fn, err = v.Load(name, text) })
	if err != nil {
		return fail(err.Error())
	}
	fn.Env = L.Env
	if env, ok := L.Get(mode + 1).(*lua.LTable); ok {
		fn.Env = env
	}
	L.Push(fn)
	return 1
}

// loadfile reads a file, or the standard input without a name.
func (v *VM) loadfile(L *lua.LState) int {
	name := optString(L, 1, "")
	text, err := v.readChunk(L, name)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	if name == "" {
		name = "stdin"
	}
	return v.compiled(L, name, text, 2)
}

func (v *VM) readChunk(L *lua.LState, name string) (string, error) {
	if name == "" {
		return v.stdin.rest(L)
	}
	var data []byte
	var err error
	outside(L, func() { data, err = os.ReadFile(name) })
	return string(data), err
}

func (v *VM) dofile(L *lua.LState) int {
	L.SetTop(1)
	if v.loadfile(L) == 2 {
		Raise(L, L.Get(-1))
	}
	L.Call(0, lua.MultRet)
	return L.GetTop() - 1
}
