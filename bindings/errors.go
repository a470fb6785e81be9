package bindings

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a failure as Lua sees it: a value with the fields .op .code
// .message .address .hint .where, printed as
//
//	bind 127.0.0.1:80: permission denied (EACCES)
type Error struct {
	Object
	Op      string         // what was attempted: "bind"
	Code    string         // symbolic: "EACCES"
	Message string         // what came back: "permission denied"
	Address string         // what it was attempted on, if anything
	Hint    string         // what to do about it
	Where   string         // "script.lua:12", filled in when it is raised
	Details map[string]any // further fields: sent, position ...
	Err     error          // the Go error behind it
}

// Error is the message without position and hint.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Address != "" {
		b.WriteString(" " + e.Address)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	if e.Code != "" {
		b.WriteString(" (" + e.Code + ")")
	}
	return b.String()
}

// String is what tostring(err) gives.
func (e *Error) String() string { return e.Error() }

// Unwrap returns the Go error behind e.
func (e *Error) Unwrap() error { return e.Err }

// An Outcome is a result that is no failure: it reaches Lua as nil and a word.
type Outcome string

// The two outcomes of calls whose results are read.
const (
	Closed  Outcome = "closed"
	Timeout Outcome = "timeout"
)

// Error makes an Outcome a Go error, so that it can travel in the last result.
func (o Outcome) Error() string { return string(o) }

// An argumentError is a misuse that becomes a usage line.
type argumentError struct{ param, problem string }

func (e *argumentError) Error() string {
	if e.param == "" {
		return e.problem
	}
	return e.param + ": " + e.problem
}

// BadArgument says what is wrong with the argument of that name. Lua sees it
// beside the usage line of the function.
func BadArgument(param, format string, args ...any) error {
	return &argumentError{param, fmt.Sprintf(format, args...)}
}

// Usage says what is wrong with a call as a whole.
func Usage(format string, args ...any) error {
	return &argumentError{problem: fmt.Sprintf(format, args...)}
}

// asError gives the error value that Lua sees for a Go error: op is the
// function that failed, usage its usage line, where its place in the script.
func asError(err error, op, usage, where string) *Error {
	var bad *argumentError
	if errors.As(err, &bad) {
		return &Error{Message: "usage: " + usage + " (" + bad.Error() + ")", Where: where, Err: err}
	}
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Op: op, Message: err.Error(), Where: where, Err: err}
	}
	if e.Where == "" {
		e.Where = where
	}
	return e
}
