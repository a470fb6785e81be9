//go:build unix

package repl

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// What the line editor is to do with a piece of typed input.
type keyAction int

const (
	keyUnfinished keyAction = iota // more bytes are needed to tell
	keyGiven                       // goes to the editor
	keyLast                        // goes to the editor, and ends its line
	keySuspend
	keyPaste
)

const (
	ctrlC = 0x03
	ctrlE = 0x05
	ctrlZ = 0x1a
	esc   = 0x1b

	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// A key is one decoded piece of typed input: its length, what the editor gets for it (nothing for a key that the
// editor does not know: it would insert the sequence as text), and for a paste, what was pasted.
type key struct {
	action keyAction
	length int
	bytes  []byte
}

// decodeKey decodes what typed begins with.
func decodeKey(typed []byte) key {
	switch typed[0] {
	case '\r', '\n', ctrlC:
		return key{action: keyLast, length: 1, bytes: typed[:1]}
	case ctrlZ:
		return key{action: keySuspend, length: 1}
	case esc:
		return decodeEscape(typed)
	}
	n := bytes.IndexAny(typed, "\r\n\x03\x1a\x1b")
	if n < 0 {
		n = len(typed)
	}
	return key{action: keyGiven, length: n, bytes: typed[:n]}
}

func decodeEscape(typed []byte) key {
	if len(typed) < 2 {
		return key{}
	}
	switch typed[1] {
	case esc:
		return key{action: keyGiven, length: 1}
	case '[':
		return decodeCSI(typed)
	case 'O':
		if len(typed) < 3 {
			return key{}
		}
		if typed[2] == 'M' { // Enter of the number pad
			return key{action: keyLast, length: 3, bytes: []byte{'\r'}}
		}
		return key{action: keyGiven, length: 3, bytes: applicationKey(typed[2])}
	case 'b', 'd', 'f', 'y', 0x7f:
		return key{action: keyGiven, length: 2, bytes: typed[:2]}
	}
	if !utf8.FullRune(typed[1:]) {
		return key{}
	}
	_, n := utf8.DecodeRune(typed[1:])
	return key{action: keyGiven, length: 1 + n}
}

// decodeCSI decodes a control sequence: ESC [ parameters final.
func decodeCSI(typed []byte) key {
	for i := 2; i < len(typed); i++ {
		c := typed[i]
		if c >= 0x40 && c <= 0x7e {
			if string(typed[:i+1]) == pasteStart {
				return decodePaste(typed)
			}
			return key{action: keyGiven, length: i + 1, bytes: editingKey(string(typed[2:i]), c)}
		}
		if c < 0x20 || c > 0x7e {
			return key{action: keyGiven, length: i}
		}
	}
	return key{}
}

func decodePaste(typed []byte) key {
	body := typed[len(pasteStart):]
	n := bytes.Index(body, []byte(pasteEnd))
	if n < 0 {
		return key{action: keyUnfinished, length: len(pasteStart)}
	}
	return key{action: keyPaste, length: len(pasteStart) + n + len(pasteEnd), bytes: body[:n]}
}

// editingKey returns what the editor understands for a control sequence, nil if nothing. Moves with Ctrl or Alt go
// by words; Shift, which the editor knows nothing of, is left out.
func editingKey(params string, final byte) []byte {
	number, modifier, _ := strings.Cut(params, ";")
	byWord := modifier == "3" || modifier == "5" || modifier == "7"
	switch final {
	case 'A', 'B', 'H', 'F', 'Z':
		return []byte{esc, '[', final}
	case 'C', 'D':
		if byWord {
			return []byte("\x1b[1;5" + string(final))
		}
		return []byte{esc, '[', final}
	case '~':
		if number == "3" && byWord {
			return []byte{esc, 'd'}
		}
		if strings.Contains(" 1 2 3 4 5 6 7 8 15 17 18 19 20 21 23 24 ", " "+number+" ") {
			return []byte("\x1b[" + number + "~")
		}
	}
	return nil
}

// applicationKey is editingKey for the keys that begin with ESC O.
func applicationKey(final byte) []byte {
	switch final {
	case 'A', 'B', 'C', 'D', 'H', 'F':
		return []byte{esc, '[', final}
	case 'c', 'd', 'P', 'Q', 'R', 'S':
		return []byte{esc, 'O', final}
	}
	return nil
}

// pastedLines splits what was pasted into whole lines and the unfinished last one. Tabs become spaces, for a tab
// asks for completion when it is typed; other control characters go.
func pastedLines(pasted string) (lines []string, rest string) {
	pasted = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(pasted)
	pasted = strings.Map(func(r rune) rune {
		if isControl(r) && r != '\n' {
			return -1
		}
		return r
	}, pasted)
	lines = strings.Split(pasted, "\n")
	last := len(lines) - 1
	return lines[:last], lines[last]
}
