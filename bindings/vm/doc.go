// Package vm is the Lua that lunawire runs: gopher-lua, unforked, with its
// faults mended and made safe for many tasks in one state.
//
// A [VM] owns one set of globals and one lock. A [Thread] is one line of
// execution: whoever holds the lock through Thread.Lock runs Lua on it, and a
// call that waits gives the lock up meanwhile:
//
//	t.Unlock()
//	n, err := wait()    // nothing of Lua in here
//	t.Lock()
//
// The lock is handed over in the order of arrival, and a busy thread lets the
// others in every few thousand instructions, at a point where no statement is
// half done. Thread.Interrupt and Thread.Cancel reach a thread wherever it is:
// in a Lua loop, in a library call that takes long, or in a wait that was
// announced by Thread.Arm.
//
// How the mending is done. gopher-lua's main loop cannot count instructions,
// pass an error on without closing the variables of functions that live on, or
// say which variable was nil. So each state runs the loop of this package
// (loop.go) over gopher-lua's own instruction table, with a few instructions
// replaced. layout.go is the only file that knows what gopher-lua looks like
// inside; it compares what it knows with the real types before the first state
// is made. The libraries are replaced one file a subject; the comment at each
// function says what was wrong and names the upstream issue where there is one.
//
// The Lua is that of 5.1, byte for byte where it can be told (agree_test.go
// asks lua5.1), with goto and these of later versions: "\x41", "\z" and
// "\u{4f60}"; load with an environment; xpcall with arguments; __pairs, and
// __index in ipairs; yield from anywhere, coroutine.isyieldable and close;
// utf8; table.pack, unpack and move; string.rep with a separator; math.log
// with a base. What cannot be added from outside is not there: integers apart
// from floats, the operators // & | ~ << >>, weak tables, __gc and __close,
// debug hooks and string.dump.
package vm
