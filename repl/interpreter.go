package repl

import "context"

// An Interpreter is what the prompt needs of the Lua side. Its methods are called from one goroutine at a time;
// background tasks run meanwhile.
type Interpreter interface {
	// Eval runs one entry: an expression, or statements. It keeps the first result in the global _, and the local
	// variables of the top level for the next entries. When ctx ends, the entry is interrupted, whatever it does;
	// background tasks go on.
	Eval(ctx context.Context, source string) ([]Value, *Failure)

	// Compiles reports whether source is a whole chunk of statements. It runs nothing.
	Compiles(source string) bool

	// Complete returns what the end of text, from byte start on, may become. It gives up when ctx ends, and waits
	// for no task longer than that.
	Complete(ctx context.Context, text string) (start int, candidates []string)

	// Help explains a topic; an empty one is the overview. The error names near topics.
	Help(topic string) (string, error)

	// Sockets and Tasks list what is open and what runs in the background.
	Sockets() []Socket
	Tasks() []Task

	// Kill cancels the task with that number.
	Kill(task int) error

	// Scripts lists the walkthroughs that the program carries, Script returns the source of one of them or of a
	// file, and RunScript runs one as if it were an entry.
	Scripts() []Script
	Script(name string) (source string, err error)
	RunScript(ctx context.Context, name string, args []string) *Failure
}

// A Failure is why an entry did not come to its end.
type Failure struct {
	Message    string // begins with the position
	Hint       string // what to do about it
	Traceback  string
	Incomplete bool // the entry is the beginning of something: more lines may make it whole
	Syntax     bool // nothing of it has run
	Canceled   bool // it was interrupted; nothing is wrong with it
}

// A Kind tells how a Value is shown.
type Kind int

// The kinds of values. KindWords is everything that speaks for itself: nil, booleans, sockets, functions.
const (
	KindWords Kind = iota
	KindNumber
	KindString
	KindTable
)

// A Value is one Lua value as the prompt sees it.
type Value struct {
	Kind  Kind
	Text  string // the bytes of a string, the words of everything else but a table
	Table Table
}

// A Table is a Lua table that has no words of its own.
type Table interface {
	// ID is equal for the same table and different for different ones.
	ID() any
	// Entries returns at most limit entries, those of the sequence first, and how many there are in all.
	Entries(limit int) (entries []Entry, total int)
}

// An Entry is one key of a table with its value.
type Entry struct{ Key, Value Value }

// A Socket is a row of .sockets.
type Socket struct {
	ID                             int
	Type, Local, Remote, State     string
	In, Out                        int64
	Readable, Writable, Exceptions bool
}

// A Task is a row of .tasks.
type Task struct {
	ID                 int
	Name, State, Doing string
}

// A Script is a walkthrough.
type Script struct{ Name, Title string }
