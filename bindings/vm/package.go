package vm

import (
	"os"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (v *VM) openPackage() {
	v.loaded = v.blank.CreateTable(0, 16)
	table := v.library("package", map[string]lua.LGFunction{
		"seeall":     packageSeeall,
		"searchpath": packageSearchpath,
	})
	loaders := v.blank.CreateTable(2, 0)
	loaders.Append(v.NewFunction("package.loaders[1]", v.preloaded))
	loaders.Append(v.NewFunction("package.loaders[2]", v.loaderOfFiles))
	table.RawSetString("loaded", v.loaded)
	table.RawSetString("preload", v.blank.CreateTable(0, 0))
	table.RawSetString("loaders", loaders)
	table.RawSetString("cpath", lua.LString(""))
	table.RawSetString("config", lua.LString(string(filepath.Separator)+"\n;\n?\n!\n-\n"))
	v.packages = table
	v.SetSearchPath(v.options.SearchPath)
	v.library("", map[string]lua.LGFunction{"require": v.require, "module": v.module})
}

// SetSearchPath makes require look for modules in folder, as a rule the one of
// the script that runs. It sets package.path.
func (v *VM) SetSearchPath(folder string) {
	if folder == "" {
		folder = "."
	}
	path := filepath.Join(folder, "?.lua") + ";" + filepath.Join(folder, "?", "init.lua")
	v.packages.RawSetString("path", lua.LString(path))
}

// loading stands in package.loaded for a module that is being loaded.
var loading = &lua.LUserData{Metatable: lua.LNil}

func (v *VM) require(L *lua.LState) int {
	name := lua.LString(argString(L, 1))
	switch module := v.loaded.RawGet(name); module {
	case loading:
		Raisef(L, "loop or previous error loading module '%s'", name)
	case lua.LNil, lua.LFalse:
	default:
		L.Push(module)
		return 1
	}
	loader := v.findLoader(L, name)
	v.loaded.RawSet(name, loading)
	L.Push(loader)
	L.Push(name)
	if failure := protect(L, 1, nil); failure != nil {
		v.loaded.RawSet(name, lua.LNil)
		panic(failure)
	}
	result := L.Get(2)
	if result == lua.LNil {
		result = lua.LTrue
	}
	if v.loaded.RawGet(name) == loading {
		v.loaded.RawSet(name, result)
	}
	L.Push(v.loaded.RawGet(name))
	return 1
}

// findLoader asks package.loaders in turn; what each has to say of a module it
// does not find goes into the error.
func (v *VM) findLoader(L *lua.LState, name lua.LString) lua.LValue {
	loaders, ok := v.packages.RawGetString("loaders").(*lua.LTable)
	if !ok {
		Raisef(L, "'package.loaders' must be a table")
	}
	var said strings.Builder
	for i := 1; i <= Len(loaders); i++ {
		switch found := callOne(L, loaders.RawGetInt(i), name).(type) {
		case *lua.LFunction:
			return found
		case lua.LString:
			said.WriteString(string(found))
		}
	}
	Raisef(L, "module '%s' not found:%s", name, said.String())
	return nil
}

func (v *VM) preloaded(L *lua.LState) int {
	name := argString(L, 1)
	if table, ok := v.packages.RawGetString("preload").(*lua.LTable); ok {
		if loader := table.RawGetString(name); loader != lua.LNil {
			L.Push(loader)
			return 1
		}
	}
	L.Push(lua.LString("\n\tno field package.preload['" + name + "']"))
	return 1
}

func (v *VM) loaderOfFiles(L *lua.LState) int {
	name := argString(L, 1)
	path, ok := v.packages.RawGetString("path").(lua.LString)
	if !ok {
		Raisef(L, "'package.path' must be a string")
	}
	file, tried := findFile(name, string(path), ".", string(filepath.Separator))
	if file == "" {
		L.Push(lua.LString(tried))
		return 1
	}
	text, err := v.readChunk(L, file)
	if err == nil {
		var fn *lua.LFunction
		if fn, err = v.Load(file, text); err == nil {
			L.Push(fn)
			return 1
		}
	}
	Raise(L, lua.LString("error loading module '"+name+"' from file '"+file+"':\n\t"+err.Error()))
	return 0
}

// findFile is the first file of the path that is there, or what was tried.
func findFile(name, path, from, to string) (file, tried string) {
	if from != "" {
		name = strings.ReplaceAll(name, from, to)
	}
	for pattern := range strings.SplitSeq(path, ";") {
		if pattern == "" {
			continue
		}
		file := strings.ReplaceAll(pattern, "?", name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file, ""
		}
		tried += "\n\tno file '" + file + "'"
	}
	return "", tried
}

func packageSearchpath(L *lua.LState) int {
	file, tried := findFile(argString(L, 1), argString(L, 2), optString(L, 3, "."), optString(L, 4, string(filepath.Separator)))
	if file == "" {
		L.Push(lua.LNil)
		L.Push(lua.LString(tried))
		return 2
	}
	L.Push(lua.LString(file))
	return 1
}

// packageSeeall lets a module see the globals.
func packageSeeall(L *lua.LState) int {
	module := argTable(L, 1)
	meta, ok := module.Metatable.(*lua.LTable)
	if !ok {
		meta = L.CreateTable(0, 1)
		module.Metatable = meta
	}
	meta.RawSetString("__index", L.G.Global)
	return 0
}

// module is Lua 5.1's: it makes the table of that name the environment of the
// chunk that calls it.
func (v *VM) module(L *lua.LState) int {
	name := argString(L, 1)
	caller := frameAt(L, 1)
	if caller == nil || caller.Fn.IsG {
		Raisef(L, "'module' not called from a Lua function")
	}
	table, ok := v.loaded.RawGetString(name).(*lua.LTable)
	if !ok {
		if table, ok = L.FindTable(L.G.Global, name, 1).(*lua.LTable); !ok {
			Raisef(L, "name conflict for module '%s'", name)
		}
		v.loaded.RawSetString(name, table)
	}
	if table.RawGetString("_NAME") == lua.LNil {
		table.RawSetString("_M", table)
		table.RawSetString("_NAME", lua.LString(name))
		table.RawSetString("_PACKAGE", lua.LString(name[:strings.LastIndexByte(name, '.')+1]))
	}
	caller.Fn.Env = table
	for i := 2; i <= L.GetTop(); i++ {
		L.Push(L.Get(i))
		L.Push(table)
		L.Call(1, 0)
	}
	return 0
}
