package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"lunawire/bindings"
)

// A Codec is one encoding. It holds no state: any number of goroutines may use it.
type Codec struct {
	name    string
	aliases []string
	bom     string // what every encoded text begins with
	scheme  func() scheme

	// same tells of a whole text that it has the same bytes in UTF-8 and in
	// this encoding. nil where that is never known beforehand.
	same func(string) bool
	// ascii says that a byte below 0x80 is that ASCII character wherever a
	// character may begin.
	ascii bool
}

// A scheme is the rule of one family of encodings. What it must remember from
// one character to the next is in the mode, so that a scheme itself is constant.
type scheme interface {
	// read takes the first character of b, which is not empty: its n bytes, or
	// the n bytes that are none and why. A mark such as a BOM gives noRune.
	read(b string, m *mode) (r rune, n int, why reason)
	// write appends the bytes of r; false means that it has none.
	write(dst []byte, r rune, m *mode) ([]byte, bool)
}

// A closer is a scheme whose texts must be ended, as hz has to leave its mode.
type closer interface {
	close(dst []byte, m *mode) []byte
}

// A mode is the place of a text in its scheme; zero is the beginning.
type mode uint8

const noRune rune = -1

// Lookup finds the codec of a name as Python writes it: in any case, with "-",
// "_" or a space, or one of its aliases.
func Lookup(name string) (*Codec, error) {
	const longest = 40 // of all names
	if len(name) > longest {
		name = name[:longest] + "..."
	}
	if c, ok := registry().byName[normalize(name)]; ok {
		return c, nil
	}
	known := registry().names
	if near := bindings.Near(name, known); len(near) > 0 {
		return nil, fmt.Errorf("unknown encoding %q; near: %s", name, strings.Join(near, ", "))
	}
	return nil, fmt.Errorf("unknown encoding %q; text.encodings() lists those there are", name)
}

// All lists the codecs by name.
func All() []*Codec { return slices.Clone(registry().codecs) }

// Name is the usual name of the encoding: "utf-8".
func (c *Codec) Name() string { return c.name }

// Aliases are the other names that Lookup takes, in the form it compares.
func (c *Codec) Aliases() []string { return slices.Clone(c.aliases) }

// Encode turns a text, which is UTF-8, into bytes. Where both are the same
// nothing is copied.
func (c *Codec) Encode(text string, errs Errors) (string, error) { return c.encode(text, errs, nil) }

func (c *Codec) encode(text string, errs Errors, report pace) (string, error) {
	if c.bom == "" && c.same != nil && c.same(text) {
		return text, nil
	}
	e := encoder{codec: c, scheme: c.scheme(), errs: errs, text: text, out: make([]byte, 0, len(text)+len(c.bom)), report: report}
	if err := e.run(); err != nil {
		return "", err
	}
	return string(e.out), nil
}

// Decode turns bytes into a text, which is UTF-8. Where both are the same
// nothing is copied.
func (c *Codec) Decode(data string, errs Errors) (string, error) {
	var m mode
	text, _, err := c.decode(data, &m, errs, true, nil)
	return text, err
}

// A pace is told during a long conversion how many bytes were made so far, each
// time that some more were read, and may end it by a panic. nil is told nothing.
type pace func(made int)

// stride is how many bytes are read between two reports.
const stride = 64 << 10

// tell reports that the conversion is at i, if it is far enough, and returns
// where to report next.
func (report pace) tell(i, next, made int) int {
	if report == nil || i < next {
		return next
	}
	report(made)
	return i + stride
}

// decode reads data from the place m on. What is cut off at its end waits for
// more unless the data is final; used is how much was read.
func (c *Codec) decode(data string, m *mode, errs Errors, final bool, report pace) (text string, used int, err error) {
	if c.same != nil && c.same(data) {
		return data, len(data), nil
	}
	s := c.scheme()
	out := make([]byte, 0, len(data)+min(len(data)/2, stride))
	for i, next := 0, stride; i < len(data); {
		next = report.tell(i, next, len(out))
		if c.ascii && data[i] < utf8.RuneSelf {
			n := asciiPrefix(data[i:min(i+stride, len(data))])
			out = append(out, data[i:i+n]...)
			i += n
			continue
		}
		r, n, why := s.read(data[i:], m)
		switch {
		case why == fine && r != noRune:
			out = utf8.AppendRune(out, r)
		case why == fine:
		case why.incomplete() && !final:
			return string(out), i, nil
		default:
			if out, err = errs.repairBytes(out, data[i:i+n]); err != nil {
				return "", 0, &Error{Encoding: c.name, Decoding: true, Offset: i, Index: i, Bytes: data[i : i+n], Reason: string(why)}
			}
		}
		i += n
	}
	return string(out), len(data), nil
}

// An encoder is one text on its way into bytes.
type encoder struct {
	codec  *Codec
	scheme scheme
	errs   Errors
	text   string
	out    []byte
	mode   mode
	report pace
}

func (e *encoder) run() error {
	e.out = append(e.out, e.codec.bom...)
	for i, next := 0, stride; i < len(e.text); {
		next = e.report.tell(i, next, len(e.out))
		if e.codec.ascii && e.text[i] < utf8.RuneSelf {
			n := asciiPrefix(e.text[i:min(i+stride, len(e.text))])
			e.out = append(e.out, e.text[i:i+n]...)
			i += n
			continue
		}
		r, n, why := utf8Scheme{}.read(e.text[i:], nil)
		if why == fine && e.put(r) {
			i += n
			continue
		}
		if err := e.repair(i, n, r, why); err != nil {
			return err
		}
		i += n
	}
	if s, ok := e.scheme.(closer); ok {
		e.out = s.close(e.out, &e.mode)
	}
	return nil
}

// put writes a character if the encoding has it.
func (e *encoder) put(r rune) (ok bool) {
	e.out, ok = e.scheme.write(e.out, r, &e.mode)
	return ok
}

// repair writes what stands for the n bytes at i, which the encoding has not.
func (e *encoder) repair(i, n int, r rune, why reason) error {
	bad := e.text[i : i+n]
	instead, ok := e.errs.substitute(bad, r, why == fine)
	for _, r := range instead {
		ok = ok && e.put(r)
	}
	if ok {
		return nil
	}
	failure := &Error{Encoding: e.codec.name, Offset: i, Index: utf8.RuneCountInString(e.text[:i]), Bytes: bad, Reason: string(why)}
	if why == fine {
		failure.Reason = e.codec.name + " has no such character"
	}
	return failure
}

// asciiPrefix counts the bytes below 0x80 that s begins with.
func asciiPrefix(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if s[i]|s[i+1]|s[i+2]|s[i+3]|s[i+4]|s[i+5]|s[i+6]|s[i+7] >= utf8.RuneSelf {
			break
		}
	}
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func isASCII(s string) bool { return asciiPrefix(s) == len(s) }

// A directory is all codecs, by name and in order.
type directory struct {
	codecs []*Codec
	byName map[string]*Codec
	names  []string // what somebody may have meant who mistyped
}

// registry is made when the first encoding is looked up; the tables of a
// multibyte codec when it is first used.
var registry = sync.OnceValue(func() directory {
	d := directory{codecs: append(append(unicodeCodecs(), multibyteCodecs()...), singleByteCodecs()...), byName: map[string]*Codec{}}
	for _, c := range d.codecs {
		c.aliases = strings.Fields(aliasesOf[c.name])
		for _, name := range append(c.aliases, c.name) {
			d.byName[normalize(name)] = c
		}
		d.names = append(append(d.names, c.name), c.aliases...)
	}
	slices.SortFunc(d.codecs, func(a, b *Codec) int { return cmp.Compare(a.name, b.name) })
	return d
})

// normalize makes the spellings of a name one: UTF-8, utf_8, "Utf 8".
func normalize(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "_")
}
