//go:build unix

package repl

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	pasteOn  = "\x1b[?2004h"
	pasteOff = "\x1b[?2004l"

	// escapeWait is how long the rest of a key's sequence may take; pasteWait, that of a paste.
	escapeWait = 25 * time.Millisecond
	pasteWait  = 2 * time.Second
)

// A pump carries what is typed from the keyboard to the line editor, while a line is edited and not longer: up to
// the key that ends the line and no byte beyond, so that what is typed ahead stays for whoever reads next. On the
// way it takes pastes apart, drops keys that the editor would insert as text, and acts on Ctrl-Z.
type pump struct {
	keyboard *keyboard
	suspend  func()

	feed, fed *os.File // the two ends of the editor's input
	done      chan struct{}
	aborted   atomic.Bool

	// Owned by the running pump, or by the reader between two lines.
	queue []byte // typed, not given yet

	mu    sync.Mutex
	lines []string // of a paste: whole lines
	rest  string   // and what follows them
}

func newPump(k *keyboard, suspend func()) *pump {
	done := make(chan struct{})
	close(done)
	return &pump{keyboard: k, suspend: suspend, done: done}
}

// feedTo sets where the keys go, and ends what was set before.
func (p *pump) feedTo(feed, fed *os.File) {
	if p.feed != nil {
		p.feed.Close()
		p.fed.Close()
	}
	p.feed, p.fed = feed, fed
}

// start begins to carry. It ends by itself after the key that ends the line.
func (p *pump) start(spawn func(func())) {
	p.keyboard.forget()
	p.aborted.Store(false)
	p.done = make(chan struct{})
	spawn(func() {
		defer close(p.done)
		p.run()
	})
}

// stop ends the pump and waits for it.
func (p *pump) stop() {
	p.keyboard.Wake()
	<-p.done
}

// abort ends the line as Ctrl-C does.
func (p *pump) abort() {
	p.aborted.Store(true)
	p.keyboard.Wake()
}

func (p *pump) run() {
	buf := make([]byte, 4096)
	for {
		wait, ended := p.give()
		if ended {
			return
		}
		n, err := p.keyboard.read(buf, wait)
		p.queue = append(p.queue, buf[:n]...)
		switch {
		case err == errNothing:
			if p.giveUp() {
				return
			}
		case err == errWoken:
			if p.aborted.Load() {
				p.feed.Write([]byte{ctrlC})
			}
			return
		case err != nil:
			p.feed.Close()
			return
		}
	}
}

// give hands over all that is complete. It returns how long the rest may take, and whether the line has ended.
func (p *pump) give() (wait time.Duration, ended bool) {
	for len(p.queue) > 0 {
		k := decodeKey(p.queue)
		switch k.action {
		case keyUnfinished:
			if k.length > 0 {
				return pasteWait, false
			}
			return escapeWait, false
		case keySuspend:
			p.queue = p.queue[k.length:]
			p.suspend()
			continue
		case keyPaste:
			ended = p.paste(string(k.bytes))
		case keyLast, keyGiven:
			p.feed.Write(k.bytes)
			ended = k.action == keyLast
		}
		p.queue = p.queue[k.length:]
		if ended {
			return 0, true
		}
	}
	return -1, false
}

// giveUp hands over a sequence whose rest has not come: an Escape by itself, or a paste without its end.
func (p *pump) giveUp() (ended bool) {
	k := decodeKey(p.queue)
	if k.action != keyUnfinished {
		return false
	}
	if k.length > 0 {
		ended = p.paste(string(p.queue[k.length:]))
	} else if len(p.queue) == 1 {
		p.feed.Write(p.queue)
	}
	p.queue = nil
	return ended
}

// paste types the first line. The others wait for the lines that are read next.
func (p *pump) paste(text string) (ended bool) {
	lines, rest := pastedLines(text)
	if len(lines) == 0 {
		p.feed.WriteString(rest)
		return false
	}
	p.mu.Lock()
	p.lines, p.rest = append(p.lines, lines[1:]...), rest
	p.mu.Unlock()
	p.feed.WriteString(string(rune(ctrlE)) + lines[0] + "\r")
	return true
}

// nextPasted returns the next line of a paste, and whether it is whole: an unfinished one is to be edited.
func (p *pump) nextPasted() (line string, whole bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lines) > 0 {
		line, p.lines = p.lines[0], p.lines[1:]
		return line, true
	}
	line, p.rest = p.rest, ""
	return line, false
}

func (p *pump) linesWait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lines) > 0 || p.rest != ""
}
