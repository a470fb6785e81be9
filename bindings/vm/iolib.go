package vm

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// openIO makes the library io. gopher-lua's waits with the lock held and takes
// the terminal's input from whoever reads it.
func (v *VM) openIO() {
	methods := v.blank.CreateTable(0, 8)
	v.fileMeta = v.blank.CreateTable(0, 4)
	for name, fn := range map[string]lua.LGFunction{
		"close": fileClose, "flush": fileFlush, "lines": v.fileLines, "read": fileRead,
		"seek": fileSeek, "setvbuf": fileSetvbuf, "write": fileWrite,
	} {
		methods.RawSetString(name, v.NewFunction(name, fn))
	}
	v.fileMeta.RawSetString("__index", methods)
	v.fileMeta.RawSetString("__name", lua.LString("FILE*"))
	v.fileMeta.RawSetString("__tostring", v.NewFunction("tostring", fileToString))

	v.stdin = &file{name: "stdin", fixed: true, reader: func(t *Thread) io.Reader {
		if v.options.Stdin == nil {
			return strings.NewReader("")
		}
		return v.options.Stdin(t)
	}}
	v.input = v.newFileValue(v.stdin)
	v.output = v.newFileValue(&file{name: "stdout", fixed: true, writer: v.options.Stdout})
	table := v.library("io", map[string]lua.LGFunction{
		"close":   v.ioClose,
		"flush":   func(L *lua.LState) int { return outcome(L, usable(L, v.output).flush(L)) },
		"input":   func(L *lua.LState) int { return v.redirect(L, &v.input, "r") },
		"lines":   v.ioLines,
		"open":    v.ioOpen,
		"output":  func(L *lua.LState) int { return v.redirect(L, &v.output, "w") },
		"popen":   v.ioPopen,
		"read":    func(L *lua.LState) int { return readOr(L, usable(L, v.input), 1) },
		"tmpfile": v.ioTmpfile,
		"type":    ioType,
		"write":   func(L *lua.LState) int { return writeAll(L, v.output, 1) },
	})
	table.RawSetString("stdin", v.input)
	table.RawSetString("stdout", v.output)
	table.RawSetString("stderr", v.newFileValue(&file{name: "stderr", fixed: true, writer: v.options.Stderr}))
}

func (v *VM) newFileValue(f *file) *lua.LUserData {
	return &lua.LUserData{Value: f, Metatable: v.fileMeta, Env: v.Globals()}
}

// outcome is true, or nil, the message and the number of the error.
func outcome(L *lua.LState, err error) int {
	if err == nil {
		L.Push(lua.LTrue)
		return 1
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(message(err)))
	var number syscall.Errno
	errors.As(err, &number)
	L.Push(lua.LNumber(number))
	return 3
}

// message is an error as C's perror has it: the name first, not the call.
func message(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Path + ": " + path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Old + ": " + link.Err.Error()
	}
	return err.Error()
}

func checkFile(L *lua.LState) *file {
	if data, ok := L.Get(1).(*lua.LUserData); ok {
		if f, ok := data.Value.(*file); ok {
			if f.closed {
				Raisef(L, "attempt to use a closed file")
			}
			return f
		}
	}
	argTypeError(L, 1, "FILE*")
	return nil
}

// usable is the file of a default input or output.
func usable(L *lua.LState, value *lua.LUserData) *file {
	f := value.Value.(*file)
	if f.closed {
		Raisef(L, "default file is closed")
	}
	return f
}

func fileToString(L *lua.LState) int {
	data, _ := L.Get(1).(*lua.LUserData)
	if data == nil {
		argTypeError(L, 1, "FILE*")
	}
	name := "closed"
	if f, ok := data.Value.(*file); ok && !f.closed {
		name = f.name
	}
	L.Push(lua.LString("file (" + name + ")"))
	return 1
}

func ioType(L *lua.LState) int {
	what := lua.LValue(lua.LNil)
	if data, ok := argAny(L, 1).(*lua.LUserData); ok {
		if f, ok := data.Value.(*file); ok {
			what = lua.LString("file")
			if f.closed {
				what = lua.LString("closed file")
			}
		}
	}
	L.Push(what)
	return 1
}

func (v *VM) ioOpen(L *lua.LState) int {
	name, mode := argString(L, 1), optString(L, 2, "r")
	plain := strings.Replace(mode, "b", "", 1)
	if !slices.Contains([]string{"r", "w", "a", "r+", "w+", "a+"}, plain) {
		argError(L, 2, "invalid mode")
	}
	return v.opened(L, func() (*file, error) { return openFile(name, plain) })
}

// opened pushes the file that open gives, or nil and why not. Opening may wait:
// for the other end of a named pipe.
func (v *VM) opened(L *lua.LState, open func() (*file, error)) int {
	var f *file
	var err error
	outside(L, func() { f, err = open() })
	if err != nil {
		return outcome(L, err)
	}
	if f.cmd != nil {
		v.kept[f] = struct{}{}
	}
	L.Push(v.newFileValue(f))
	return 1
}

func (v *VM) ioTmpfile(L *lua.LState) int {
	return v.opened(L, func() (*file, error) {
		handle, err := os.CreateTemp("", "lua_")
		if err != nil {
			return nil, err
		}
		_ = os.Remove(handle.Name()) // where the system can, it is gone with its last user
		return newFile(handle, true, true), nil
	})
}

// ioPopen starts a command whose output can be read, or whose input written.
func (v *VM) ioPopen(L *lua.LState) int {
	command, mode := argString(L, 1), optString(L, 2, "r")
	if mode != "r" && mode != "w" {
		argError(L, 2, "invalid mode")
	}
	return v.opened(L, func() (*file, error) {
		ours, theirs, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		cmd := shell(command)
		cmd.Stderr = v.options.Stderr
		if mode == "r" {
			cmd.Stdout = theirs
		} else {
			ours, theirs = theirs, ours
			cmd.Stdin, cmd.Stdout = theirs, v.options.Stdout
		}
		err = cmd.Start()
		_ = theirs.Close() // the command has its own
		if err != nil {
			_ = ours.Close()
			return nil, err
		}
		f := newFile(ours, mode == "r", mode == "w")
		f.name, f.cmd = command, cmd
		return f, nil
	})
}

// redirect is io.input and io.output: it sets the default file or tells it.
func (v *VM) redirect(L *lua.LState, which **lua.LUserData, mode string) int {
	switch to := L.Get(1).(type) {
	case *lua.LNilType:
	case *lua.LUserData:
		checkFile(L)
		*which = to
	default:
		name := argString(L, 1)
		if v.opened(L, func() (*file, error) { return openFile(name, mode) }) != 1 {
			Raisef(L, "%s", L.Get(-2))
		}
		*which = L.Get(-1).(*lua.LUserData)
	}
	L.Push(*which)
	return 1
}

func (v *VM) ioClose(L *lua.LState) int {
	if L.GetTop() == 0 {
		L.Push(v.output)
	}
	return fileClose(L)
}

func fileClose(L *lua.LState) int {
	f := checkFile(L)
	if f.fixed {
		L.Push(lua.LNil)
		L.Push(lua.LString("cannot close standard file"))
		return 2
	}
	err := f.close(L)
	if f.cmd == nil {
		return outcome(L, err)
	}
	Check(L)
	status := exitStatus(err)
	ended := lua.LValue(lua.LTrue)
	if status != 0 {
		ended = lua.LNil
	}
	L.Push(ended)
	L.Push(lua.LString("exit"))
	L.Push(lua.LNumber(status))
	return 3
}

func fileFlush(L *lua.LState) int { return outcome(L, checkFile(L).flush(L)) }

func fileSetvbuf(L *lua.LState) int {
	f := checkFile(L)
	switch mode := buffering(argString(L, 2)); mode {
	case full, line, none:
		f.mode = mode
		if mode != none && !f.fixed {
			Running(L).vm.kept[f] = struct{}{}
		}
	default:
		argError(L, 2, "invalid option '"+string(mode)+"'")
	}
	return outcome(L, f.flush(L))
}

func fileSeek(L *lua.LState) int {
	f := checkFile(L)
	whence := slices.Index([]string{"set", "cur", "end"}, optString(L, 2, "cur"))
	if whence < 0 {
		argError(L, 2, "invalid option '"+argString(L, 2)+"'")
	}
	offset := int64(optInt(L, 3, 0))
	if f.handle == nil {
		return outcome(L, syscall.ESPIPE)
	}
	if whence == io.SeekCurrent {
		offset -= int64(len(f.buf))
	}
	if err := f.flush(L); err != nil {
		return outcome(L, err)
	}
	at, err := f.handle.Seek(offset, whence)
	if err != nil {
		return outcome(L, err)
	}
	f.buf, f.eof = nil, false
	L.Push(lua.LNumber(at))
	return 1
}

func fileWrite(L *lua.LState) int {
	checkFile(L)
	return writeAll(L, L.Get(1).(*lua.LUserData), 2)
}

// writeAll writes the arguments from first on and gives the file, so that
// calls can be chained.
func writeAll(L *lua.LState, value *lua.LUserData, first int) int {
	f := usable(L, value)
	out := builder{L: L}
	for i := first; i <= L.GetTop(); i++ {
		out.add(argString(L, i))
	}
	if err := f.write(L, out.String()); err != nil {
		return outcome(L, err)
	}
	L.Push(value)
	return 1
}
