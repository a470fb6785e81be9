package fs

import (
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"lunawire/bindings"
)

// A refusal is an error of this module's own.
type refusal struct{ code, message, hint string }

func (r *refusal) Error() string { return r.message }

var (
	errEmptyName = &refusal{"EINVAL", "the name is empty", ""}
	errZeroByte  = &refusal{"EINVAL", "a name can't contain a zero byte", ""}
	errOutside   = &refusal{"OutsideFolder", "the name leads out of the folder", "names are relative to the folder, without .. that leave it"}
	errClosed    = &refusal{"EBADF", "it is closed", ""}
	errTooLarge  = &refusal{"EFBIG", fmt.Sprintf("more than %d MiB at once", largest>>20), "read it in pieces, read(n), or let s:sendfile send it"}
)

func notRegular(mode iofs.FileMode) error {
	what := "not a file"
	switch {
	case mode.IsDir():
		return &refusal{"EISDIR", "it is a folder", "dir:list(name) lists it"}
	case mode&iofs.ModeNamedPipe != 0:
		what = "a pipe"
	case mode&iofs.ModeDevice != 0:
		what = "a device"
	case mode&iofs.ModeSocket != 0:
		what = "a socket"
	}
	return &refusal{"NotAFile", "it is " + what, "only regular files are opened"}
}

// A folderError is about the folder itself, not about the name in it.
type folderError struct{ err error }

func (e *folderError) Error() string { return e.err.Error() }
func (e *folderError) Unwrap() error { return e.err }

// failed is how an error looks in Lua; nil stays nil.
func failed(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var done *bindings.Error
	if errors.As(err, &done) {
		return err
	}
	e := &bindings.Error{Op: op, Address: printable(name), Err: err}
	var own *refusal
	var errno syscall.Errno
	switch {
	case errors.As(err, &own):
		e.Code, e.Message, e.Hint = own.code, own.message, own.hint
	case errors.Is(err, os.ErrClosed):
		e.Code, e.Message = errClosed.code, errClosed.message
	case errors.As(err, &errno):
		e.Code, e.Message = codeOf(errno), errno.Error()
	case fromRoot(err):
		e.Code, e.Message, e.Hint = errOutside.code, errOutside.message, errOutside.hint
	default:
		return err
	}
	var folder *folderError
	if errors.As(err, &folder) && errors.Is(err, iofs.ErrNotExist) {
		e.Message, e.Hint = "the folder is not there", "dir:create() makes it"
	}
	return e
}

// fromRoot tells that os.Root refused a name: it says so with an error that no
// system call has given.
func fromRoot(err error) bool {
	var path *iofs.PathError
	var link *os.LinkError
	return errors.As(err, &path) || errors.As(err, &link)
}

// codeOf is the symbolic name of an error of the system.
func codeOf(errno syscall.Errno) string {
	switch {
	case errors.Is(errno, iofs.ErrNotExist):
		return "ENOENT"
	case errors.Is(errno, iofs.ErrExist) && errno != syscall.ENOTEMPTY:
		return "EEXIST"
	}
	return errnoName(errno)
}

// printable shows a name that a stranger may have chosen.
func printable(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return !strconv.IsPrint(r) || r == '\uFFFD' }) >= 0 {
		return strconv.Quote(name)
	}
	return name
}
