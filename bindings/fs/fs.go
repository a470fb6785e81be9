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
			Go: (*Dir).open,
		},
		{
			Name: "read", Params: "name", Results: "bytes",
			Doc: "Reads a whole file.",
			Go:  (*Dir).read,
		},
		{
			Name: "write", Params: "name, bytes",
			Doc: "Writes a whole file; what was in it is lost.",
			Go:  (*Dir).write,
		},
		{
			Name: "list", Params: "folder?", Results: "names",
			Doc: "Lists the names in the folder, or in a folder of it, sorted.",
			Go:  (*Dir).list,
		},
		{
			Name: "exists", Params: "name?", Results: "found",
			Doc: "Tells whether a file is there, or without a name the folder itself.",
			Go:  (*Dir).exists,
		},
		{
			Name: "create", Results: "created",
			Doc: "Creates the folder, with those above it; false if it is there.",
			Go:  (*Dir).create,
		},
		{
			Name: "mkdir", Params: "name",
			Doc: "Creates a folder inside.",
			Go:  (*Dir).mkdir,
		},
		{
			Name: "remove", Params: "name?",
			Doc: "Removes a file or an empty folder; without a name the folder itself.",
			Go:  (*Dir).remove,
		},
		{
			Name: "rename", Params: "from, to",
			Doc: "Gives a file another name; a file that has it already is replaced.",
			Go:  (*Dir).rename,
		},
		{
			Name: "stat", Params: "name", Results: "info",
			Doc: `Tells what a name stands for.

The table has size in bytes, modified in seconds since 1970, and kind: "file",
"folder" or "other".`,
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
			Go: (*File).read,
		},
		{
			Name: "readall", Results: "bytes",
			Doc: "Reads the rest of the file.",
			Go:  (*File).readAll,
		},
		{
			Name: "readline", Results: "line?",
			Doc: "Reads a line, without its end; nil at the end of the file.",
			Go:  (*File).readLine,
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
			Go:  (*File).write,
		},
		{
			Name: "seek", Params: "offset?, whence?", Results: "position",
			Doc: `Moves the position, and tells it.

Either as in Python, seek(offset, whence) with 0 the beginning, 1 the position
and 2 the end; or as in Lua, seek(whence, offset) with "set", "cur", "end".
seek() only tells.`,
			Go: (*File).seek,
		},
		{
			Name: "tell", Results: "position",
			Doc: "Tells the position, 0 at the beginning.",
			Go:  (*File).tell,
		},
		{
			Name: "size", Results: "n",
			Doc: "Tells the size of the file.",
			Go:  (*File).size,
		},
		{
			Name: "close",
			Doc:  "Closes the file; closing it again does nothing.",
			Go:   (*File).Close,
		},
	},
}
