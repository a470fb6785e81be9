//go:build unix

package repl

import (
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// errWoken is returned by a read that Wake ended, errNothing by one that had a limit of time.
var (
	errWoken   = errors.New("woken")
	errNothing = errors.New("nothing to read")
)

// A keyboard reads a file in such a way that another goroutine can end a waiting read without losing a byte of
// what comes later. It waits with select, which works on every kind of file (poll refuses terminals on some
// systems), and puts no flag on the file, which the parent process shares.
type keyboard struct {
	fd           int
	own          bool     // fd is not the file's
	alarm, alert *os.File // what is written to alert makes alarm readable
}

func newKeyboard(in *os.File) (*keyboard, error) {
	alarm, alert, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	k := &keyboard{fd: int(in.Fd()), alarm: alarm, alert: alert}
	if fd, ok := reopenTerminal(k.fd); ok {
		k.fd, k.own = fd, true
	}
	return k, nil
}

// reopenTerminal opens the terminal that fd is once more, so that a read of it never blocks: a Ctrl-C throws away the
// line that select has just announced, and a read would then wait with nothing to end it.
func reopenTerminal(fd int) (int, bool) {
	if _, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP); err != nil { // not the one that /dev/tty is
		return 0, false
	}
	again, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	return again, err == nil
}

func (k *keyboard) close() {
	if k.own {
		unix.Close(k.fd)
	}
	k.alarm.Close()
	k.alert.Close()
}

// Read waits for input, end of input or Wake.
func (k *keyboard) Read(p []byte) (int, error) { return k.read(p, -1) }

// read is Read with a limit, if the limit is not negative.
func (k *keyboard) read(p []byte, limit time.Duration) (int, error) {
	for {
		if err := k.wait(limit); err != nil {
			return 0, err
		}
		n, err := unix.Read(k.fd, p)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
			continue
		case err == unix.EIO: // the terminal has hung up
			return 0, io.EOF
		case err != nil:
			return 0, os.NewSyscallError("read", err)
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

func (k *keyboard) wait(limit time.Duration) error {
	alarm := int(k.alarm.Fd())
	for {
		var ready unix.FdSet
		ready.Set(k.fd)
		ready.Set(alarm)
		var timeout *unix.Timeval
		if limit >= 0 {
			tv := unix.NsecToTimeval(limit.Nanoseconds())
			timeout = &tv
		}
		n, err := unix.Select(max(k.fd, alarm)+1, &ready, nil, nil, timeout)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return os.NewSyscallError("select", err)
		case n == 0:
			return errNothing
		case ready.IsSet(alarm):
			k.forget()
			return errWoken
		}
		return nil
	}
}

// Wake ends the read that waits, or else the next one.
func (k *keyboard) Wake() { k.alert.Write([]byte{0}) }

// forget takes back what Wake did while nobody read.
func (k *keyboard) forget() {
	alarm := int(k.alarm.Fd())
	var scratch [64]byte
	for {
		var ready unix.FdSet
		ready.Set(alarm)
		n, err := unix.Select(alarm+1, &ready, nil, nil, &unix.Timeval{})
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return
		}
		unix.Read(alarm, scratch[:])
	}
}
