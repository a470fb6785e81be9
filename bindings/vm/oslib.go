package vm

import (
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"
)

func (v *VM) openOS() {
	v.library("os", map[string]lua.LGFunction{
		"clock":     func(L *lua.LState) int { L.Push(lua.LNumber(cpuTime().Seconds())); return 1 },
		"date":      osDate,
		"difftime":  func(L *lua.LState) int { return number(L, argNumber(L, 1)-argNumber(L, 2)) },
		"execute":   v.osExecute,
		"exit":      v.osExit,
		"getenv":    osGetenv,
		"remove":    func(L *lua.LState) int { return outcome(L, os.Remove(argString(L, 1))) },
		"rename":    func(L *lua.LState) int { return outcome(L, os.Rename(argString(L, 1), argString(L, 2))) },
		"setlocale": osSetlocale,
		"time":      osTime,
		"tmpname":   osTmpname,
	})
}

// osExit ends the program in order: the embedder hears of it and the thread is
// cancelled. gopher-lua's ends the process at once, terminal raw and all.
func (v *VM) osExit(L *lua.LState) int {
	code := 0
	switch status := L.Get(1).(type) {
	case lua.LBool:
		if !status {
			code = 1
		}
	default:
		code = optInt(L, 1, 0)
	}
	t := Running(L)
	if v.options.Exit != nil {
		v.options.Exit(t, code)
	}
	t.Cancel(&ExitError{Code: code})
	t.raisePending(L)
	return 0
}

// osExecute runs a command without the lock; an interrupt kills it. Its output
// goes where print's goes, its input is empty. The result is the exit status,
// as in Lua 5.1.
func (v *VM) osExecute(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		L.Push(lua.LNumber(1))
		return 1
	}
	cmd := shell(argString(L, 1))
	cmd.Stdout, cmd.Stderr = v.options.Stdout, v.options.Stderr
	status := -1
	err := cmd.Start()
	if err == nil {
		wait(L, func() { kill(cmd) }, func() { status = exitStatus(cmd.Wait()) })
		Check(L)
	}
	L.Push(lua.LNumber(status))
	return 1
}

func osGetenv(L *lua.LState) int {
	value, ok := os.LookupEnv(argString(L, 1))
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(value))
	return 1
}

// osSetlocale knows the one locale there is.
func osSetlocale(L *lua.LState) int {
	switch optString(L, 1, "C") {
	case "", "C", "POSIX":
		L.Push(lua.LString("C"))
	default:
		L.Push(lua.LNil)
	}
	return 1
}

func osTmpname(L *lua.LState) int {
	file, err := os.CreateTemp("", "lua_")
	if err != nil {
		Raisef(L, "unable to generate a unique filename")
	}
	_ = file.Close() // it is empty
	L.Push(lua.LString(file.Name()))
	return 1
}

// osTime is now, or the time of a table of local time whose fields may be out
// of range, as mktime takes it.
func osTime(L *lua.LState) int {
	if L.Get(1) == lua.LNil {
		return number(L, float64(time.Now().Unix()))
	}
	t := argTable(L, 1)
	field := func(name string, otherwise int) int {
		n, ok := toNumber(L.GetField(t, name))
		if !ok {
			if otherwise < 0 {
				Raisef(L, "field '%s' missing in date table", name)
			}
			return otherwise
		}
		return clampInt(n)
	}
	when := time.Date(field("year", -1), time.Month(field("month", -1)), field("day", -1),
		field("hour", 12), field("min", 0), field("sec", 0), 0, time.Local)
	return number(L, float64(when.Unix()))
}
