// Package bindings is what a lunawire plugin is made of, and the Runtime that
// runs plugins: the calls, the tasks, the help.
//
// # Writing a plugin
//
// A plugin is one table of rows and ordinary Go functions. It never touches
// the Lua machine:
//
//	// Package echo is the Lua module "echo".
//	package echo
//
//	// Plugin is the module.
//	var Plugin = bindings.Module{
//		Name: "echo",
//		Doc:  "Sends bytes back.",
//		Funcs: []bindings.Func{{
//			Name:    "twice",
//			Params:  "bytes, separator?",
//			Results: "bytes",
//			Doc:     "Returns bytes two times, with separator between.",
//			Example: `print(echo.twice("ab", "-"))   --> ab-ab`,
//			Go:      twice,
//		}},
//	}
//
//	func twice(bytes string, separator bindings.Opt[string]) string {
//		return bytes + separator.Or("") + bytes
//	}
//
// List the plugin in bindings/all and it is there: argument checks, the usage
// line of a wrong call, help(echo.twice), completion, the Markdown reference
// and the test that runs its Example are all computed from the row. Names
// stand in the row, types in the Go function; New rejects a row where the two
// disagree, so a broken table is found at start-up and not by a user.
//
// # The Go function
//
//	func([receiver,] [ctx context.Context,] [task *Task,] arguments...) (results..., [error])
//
// The receiver is there in the methods of a Type. A context means that the
// function may wait: the lock of the Lua machine is given up while it runs, so
// other tasks go on, and the context ends when the task is interrupted. A
// function without one must return at once. A *Task is the task that calls.
// Neither is an argument of the Lua call.
//
// # Which Go type stands for which Lua value
//
//	string                  a string; a number counts as its digits, as everywhere in Lua
//	[]byte                  the same; as an argument it aliases the Lua string and must not be changed
//	int, int64, uint16 ...  a number without fraction and in range, else a usage error
//	float64                 a number
//	bool                    a boolean (0 and 1 are taken too, as in setblocking(0))
//	time.Duration           seconds, a number; math.huge is the longest time there is
//	*T                      a value of the Type whose Of is (*T)(nil); the same pointer is the same Lua value if T embeds Object
//	an interface            any value of ours that has its methods
//	[]T                     an array table
//	map[string]T            a table
//	a struct                an options table, keys by the tag `lua:"timeout"`; absent means all fields zero; as a result: a table
//	Opt[T]                  an optional argument or a result that may be left out: "port?" in the row
//	...T                    the rest of the arguments: "values..." in the row
//	Values                  as the last result: any number of results, "values..." in the row
//	func() (T, bool)        as a result: an iterator for Lua's for; it must not wait
//	Set                     as a result: an array that also has its elements as keys
//	any                     nil, bool, float64, string, a pointer of ours; Value for tables, functions and the like
//	Value                   any Lua value, passed on untouched
//	Function                a function; its Call takes the machine's lock again
//	an ArgReader            a type that reads its own arguments, such as an address in one or two of them
//
// A module without a name adds globals. A module named after a library of Lua
// ("string") adds to it. StringMethods names functions that also work as
// methods of strings, s:encode("gbk").
//
// # Errors
//
// The error is the last result. An *Error becomes a Lua error value with its
// fields; BadArgument and Usage become the usage line of the function; Outcome
// values (Closed, Timeout) are no failures and are returned to Lua as nil and
// the word; any other error is wrapped into an *Error with the name of the
// function as Op.
package bindings

// A Plugin declares one Lua module for a Runtime.
type Plugin interface {
	Module(*Runtime) Module
}

// A Module is a table of functions, types and constants under one Lua name. A
// Module that needs nothing of the Runtime is its own Plugin.
type Module struct {
	Name string // the global it lives in; "" for globals; "string" adds to Lua's own library
	Doc  string

	Funcs         []Func
	Types         []Type
	Consts        []Const
	StringMethods []string          // names of Funcs that are also methods of strings
	Absent        map[string]string // names that people look for here, and what to do instead
}

// Module returns m itself.
func (m Module) Module(*Runtime) Module { return m }

// A Func is one row: the names and words of a Lua function and the Go function
// behind it.
type Func struct {
	Name    string // "connect"
	Params  string // names only: "host, port?, opts?"
	Results string // names only: "conn, address"
	Doc     string // a sentence in the third person; after a blank line: units, shapes, errors, man page or RFC
	Example string // Lua with its output as "--> " comments; run as a test
	Go      any    // the function, or a Fast one
}

// A Type describes the Lua side of values that are Go pointers.
type Type struct {
	Name    string // what type errors call it: "socket"
	Var     string // the name its values have in usage lines: "s" gives s:bind(host, port)
	Doc     string
	Of      any // a nil pointer of the Go type: (*Socket)(nil)
	Fields  []Field
	Tuple   []string // the names of the fields that v[1], v[2], ... stand for
	Methods []Func
	Absent  map[string]string // names that people look for here, and what to do instead
}

// A Field is a value that is read as v.name.
type Field struct {
	Name, Doc string
	Go        any // func(*T) X
}

// A Const is a named value of a module.
type Const struct {
	Name, Doc string
	Value     any
}
