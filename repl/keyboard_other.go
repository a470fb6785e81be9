//go:build !unix

package repl

import (
	"errors"
	"io"
	"os"
	"sync"
)

// errWoken is returned by a read that Wake ended.
var errWoken = errors.New("woken")

// A keyboard reads a file in such a way that another goroutine can end a waiting read without losing a byte of
// what comes later: the file is read by a goroutine of its own, whose result waits for the next read.
type keyboard struct {
	in    *os.File
	alarm chan struct{}
	data  chan []byte
	start sync.Once
	rest  []byte
}

func newKeyboard(in *os.File) (*keyboard, error) {
	return &keyboard{in: in, alarm: make(chan struct{}, 1), data: make(chan []byte)}, nil
}

func (k *keyboard) close() {}

// Read waits for input, end of input or Wake.
func (k *keyboard) Read(p []byte) (int, error) {
	k.start.Do(func() { go k.fill() })
	if len(k.rest) == 0 {
		select {
		case <-k.alarm:
			return 0, errWoken
		case data, open := <-k.data:
			if !open {
				return 0, io.EOF
			}
			k.rest = data
		}
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// fill ends with the input. A console that nobody types at holds it until the process ends.
func (k *keyboard) fill() {
	defer close(k.data)
	for {
		buf := make([]byte, 4096)
		n, err := k.in.Read(buf)
		if n > 0 {
			k.data <- buf[:n]
		}
		if err != nil {
			return
		}
	}
}

// Wake ends the read that waits, or else the next one.
func (k *keyboard) Wake() {
	select {
	case k.alarm <- struct{}{}:
	default:
	}
}

// forget takes back what Wake did while nobody read.
func (k *keyboard) forget() {
	select {
	case <-k.alarm:
	default:
	}
}
