// Package fs is the Lua module "fs": files inside a folder that the script has
// named, and nowhere else. A name that a peer sends over the network can thus
// be opened as it comes.
//
// A Dir owns the descriptor of its folder, a File that of its file. Both belong
// to the task that opened them, as sockets do, and are closed with it when it
// fails and at the end of the run.
package fs

import "lunawire/bindings"

// Plugin is the module.
var Plugin = bindings.Module{
	Name:  "fs",
	Doc:   "Files inside a folder.",
	Funcs: []bindings.Func{dirRow},
	Types: []bindings.Type{dirType, fileType},
}

var dirRow = bindings.Func{
	Name:    "dir",
	Params:  "path, opts?",
	Results: "dir",
	Doc: `Names the folder that files are read from and written to.

All other names are relative to it and can't leave it: "../x", "/x" and a link
that leads out raise an error with the code "OutsideFolder". The folder need
not be there yet: dir:exists() tells, dir:create() makes it. opts: create=true
makes it at once if it is missing.`,
	Example: `
local d = fs.dir("download", {create = true})
d:write("hello.txt", "hi")
print(d:read("hello.txt"), d:exists("other.txt"))     --> hi	false
d:remove("hello.txt")
d:remove()`,
	Go: openDir,
}

var dirType = bindings.Type{
	Name: "dir",
	Var:  "dir",
	Doc:  "A folder. tostring(dir) is its path.",
	Of:   (*Dir)(nil),
	Fields: []bindings.Field{
		{Name: "path", Doc: "the absolute path", Go: (*Dir).String},
	},
	Methods: []bindings.Func{
		{
			Name: "open", Params: "name, mode?", Results: "file",
			Doc: `Opens a file of the folder.

mode is Python's, without text: "r" reads (the default), "w" empties or creates,
"a" appends, "x" creates and fails if the file is there; with "+" both reads and
writes. A "b" may stand in it. Only regular files are opened: a folder, a pipe
or a device raises an error.`,
			Example: `
local d = fs.dir("download", {create = true})
local f = d:open("log.txt", "w")
f:write("one\n")
f:close()
print(d:read("log.txt") == "one\n")   --> true
d:remove("log.txt")
d:remove()`,
			Go: (*Dir).open,
		},
		{
			Name: "read", Params: "name", Results: "bytes",
			Doc: "Reads a whole file.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "hello")
print(d:read("a.txt"))                --> hello
print(select(2, pcall(d.read, d, "../a.txt")))   --> read ../a.txt: the name leads out of the folder (OutsideFolder)
d:remove("a.txt")
d:remove()`,
			Go: (*Dir).read,
		},
		{
			Name: "write", Params: "name, bytes",
			Doc: "Writes a whole file; what was in it is lost.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "hello")
print(d:stat("a.txt").size)           --> 5
d:remove("a.txt")
d:remove()`,
			Go: (*Dir).write,
		},
		{
			Name: "list", Params: "folder?", Results: "names",
			Doc: "Lists the names in the folder, or in a folder of it, sorted.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("b", "")
d:write("a", "")
print(table.concat(d:list(), " "))    --> a b
d:remove("a")
d:remove("b")
d:remove()`,
			Go: (*Dir).list,
		},
		{
			Name: "exists", Params: "name?", Results: "found",
			Doc: "Tells whether a file is there, or without a name the folder itself.",
			Example: `
local d = fs.dir("download")
print(d:exists(), d:exists("a.txt"))  --> false	false`,
			Go: (*Dir).exists,
		},
		{
			Name: "create", Results: "created",
			Doc: "Creates the folder, with those above it; false if it is there.",
			Example: `
local d = fs.dir("download")
print(d:create(), d:create())         --> true	false
d:remove()`,
			Go: (*Dir).create,
		},
		{
			Name: "mkdir", Params: "name",
			Doc: "Creates a folder inside.",
			Example: `
local d = fs.dir("download", {create = true})
d:mkdir("sub")
print(d:stat("sub").kind)             --> folder
d:remove("sub")
d:remove()`,
			Go: (*Dir).mkdir,
		},
		{
			Name: "remove", Params: "name?",
			Doc: "Removes a file or an empty folder; without a name the folder itself.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "")
d:remove("a.txt")
print(d:exists("a.txt"))              --> false
d:remove()`,
			Go: (*Dir).remove,
		},
		{
			Name: "rename", Params: "from, to",
			Doc: "Gives a file another name; a file that has it already is replaced.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.part", "all of it")
d:rename("a.part", "a.txt")
print(d:read("a.txt"))                --> all of it
d:remove("a.txt")
d:remove()`,
			Go: (*Dir).rename,
		},
		{
			Name: "stat", Params: "name", Results: "info",
			Doc: `Tells what a name stands for.

The table has size in bytes, modified in seconds since 1970, and kind: "file",
"folder" or "other".`,
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "hello")
local info = d:stat("a.txt")
print(info.size, info.kind)           --> 5	file
d:remove("a.txt")
d:remove()`,
			Go: (*Dir).stat,
		},
		{
			Name: "close",
			Doc:  "Closes the folder; files that were opened stay open.",
			Go:   (*Dir).Close,
		},
	},
}

var fileType = bindings.Type{
	Name: "file",
	Var:  "f",
	Doc:  "An open file. Positions and sizes are in bytes.",
	Of:   (*File)(nil),
	Fields: []bindings.Field{
		{Name: "name", Doc: "the name it was opened by", Go: func(f *File) string { return f.name }},
	},
	Methods: []bindings.Func{
		{
			Name: "read", Params: "n?", Results: "bytes?",
			Doc: `Reads the next n bytes, fewer only at the end; without n the rest.

At the end of the file read(n) returns nil; read() returns "".`,
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
print(f:read(3), f:read() == "\ntwo\n", f:read(1))   --> one	true	nil
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).read,
		},
		{
			Name: "readall", Results: "bytes",
			Doc: "Reads the rest of the file.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
print(#f:readall())                   --> 8
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).readAll,
		},
		{
			Name: "readline", Results: "line?",
			Doc: "Reads a line, without its end; nil at the end of the file.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
print(f:readline(), f:readline(), f:readline())   --> one	two	nil
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).readLine,
		},
		{
			Name: "lines", Results: "list",
			Doc: `Reads the rest of the file as a list of lines, without their ends.`,
			Example: `
local d = fs.dir("download", {create = true})
d:write("names.txt", "ann\nbob\n")
with(d:open("names.txt"), function(f)
  for i, line in ipairs(f:lines()) do print(i, line) end
end)
--> 1	ann
--> 2	bob
d:remove("names.txt")
d:remove()`,
			Go: (*File).lines,
		},
		{
			Name: "write", Params: "bytes...", Results: "n",
			Doc: "Writes bytes at the position; returns how many.",
			Example: `
local d = fs.dir("download", {create = true})
with(d:open("a.txt", "a"), function(f) print(f:write("one", "two")) end)   --> 6
d:remove("a.txt")
d:remove()`,
			Go: (*File).write,
		},
		{
			Name: "seek", Params: "offset?, whence?", Results: "position",
			Doc: `Moves the position, and tells it.

Either as in Python, seek(offset, whence) with 0 the beginning, 1 the position
and 2 the end; or as in Lua, seek(whence, offset) with "set", "cur", "end".
seek() only tells.`,
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
print(f:seek("end"), f:seek(4), f:readline())     --> 8	4	two
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).seek,
		},
		{
			Name: "tell", Results: "position",
			Doc: "Tells the position, 0 at the beginning.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
f:readline()
print(f:tell())                       --> 4
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).tell,
		},
		{
			Name: "size", Results: "n",
			Doc: "Tells the size of the file.",
			Example: `
local d = fs.dir("download", {create = true})
d:write("a.txt", "one\ntwo\n")
local f = d:open("a.txt")
print(f:size())                       --> 8
f:close()
d:remove("a.txt")
d:remove()`,
			Go: (*File).size,
		},
		{
			Name: "close",
			Doc:  "Closes the file; closing it again does nothing.",
			Go:   (*File).Close,
		},
	},
}
