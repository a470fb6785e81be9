package sock

import (
	"strings"
	"syscall"
)

// Error is a system call that failed.
type Error struct {
	Op    string        // the call: "connect"
	Addr  Addr          // the address it was about, if any
	Errno syscall.Errno // what the system said
	Sent  int           // bytes handed over before a sending call failed
}

// Error returns "connect 127.0.0.1:80: connection refused (ECONNREFUSED)".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if addr := e.Addr.String(); addr != "" {
		b.WriteByte(' ')
		b.WriteString(addr)
	}
	b.WriteString(": ")
	b.WriteString(e.Message())
	b.WriteString(" (")
	b.WriteString(e.Code())
	b.WriteByte(')')
	return b.String()
}

// Code returns the name of the error number as C spells it, "ECONNREFUSED".
func (e *Error) Code() string { return errnoName(e.Errno) }

// Message returns the system's text, in lower case: "connection refused".
func (e *Error) Message() string { return errnoMessage(e.Errno) }

// Unwrap returns the error number, so that errors.Is(err, syscall.ECONNREFUSED) holds.
func (e *Error) Unwrap() error { return e.Errno }

// failure returns the Error of a call, or nil when there was no error.
func failure(op string, addr Addr, errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return &Error{Op: op, Addr: addr, Errno: errno}
}
