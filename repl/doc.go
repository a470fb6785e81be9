// Package repl is what a person meets: the prompt, and the terminal under it.
//
// A Terminal owns the process's terminal. Everything that is printed goes through its Write (or through
// Background, for whole lines that must not mix with what the foreground prints), everything that is typed comes
// out of its ReadLine. While a line is edited, output appears above that line and leaves the line and the cursor
// as they were. Where there is no terminal, the same Terminal reads and writes plain lines.
//
// Run is the read-eval-print loop on a Terminal. It knows Lua only through Interpreter, which the caller
// provides: the package never sees the machine that runs the entries.
//
// Who owns what: Open takes the terminal over and Close gives it back as it was; between the two nobody else may
// read standard input or write to standard output, except inside Lend. The Terminal starts goroutines and Close
// waits for them. A goroutine of somebody else that may panic while a line is edited defers Terminal.Guard, so
// that the terminal is restored before the process dies.
package repl
