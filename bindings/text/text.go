// Package text is the Lua module "text": it turns text into the bytes of an
// encoding and back, as Python's str.encode and bytes.decode do, with the same
// names and the same results.
//
// The engine is ordinary Go, for others to use as well: Lookup finds a Codec,
// which encodes and decodes whole texts, or streams with a Decoder. A Lua
// string that holds text holds UTF-8, so text is UTF-8 here too.
//
// The multibyte tables are those of golang.org/x/text with an overlay on each
// (tables.go) that makes them the encodings as Python has them: x/text follows
// the WHATWG, whose gb2312 is gbk and whose errors are silent.
package text

//go:generate go test -run TestTablesAreWhatPythonSays -update .
//go:generate go test -run TestDigestsAreWhatPythonSays -update .

import (
	"errors"

	"lunawire/bindings"
)

// Plugin is the module.
var Plugin = bindings.Module{
	Name:          "text",
	Doc:           "Text and its encodings: gbk, gb2312, big5, utf-8, utf-16 and the others.",
	Funcs:         []bindings.Func{encodeRow, decodeRow, decoderRow, encodingsRow},
	Types:         []bindings.Type{decoderType},
	StringMethods: []string{"encode", "decode"},
}

var encodeRow = bindings.Func{
	Name:    "encode",
	Params:  "text, encoding?, errors?",
	Results: "bytes",
	Doc: `Encodes text into bytes; also s:encode(encoding, errors).

The encoding is utf-8 if none is named. Names are Python's, in any case, with
"-" or "_", or an alias: text.encodings() lists them. errors says what happens
to a character that the encoding lacks:

  "strict"             raises an error (the default)
  "replace"            writes ?
  "ignore"             leaves it out
  "backslashreplace"   writes \xNN, \uNNNN or \UNNNNNNNN
  "xmlcharrefreplace"  writes &#NNNN;

The error's code is "UnicodeEncodeError"; its position is the byte where the
character begins in the text, counted from 1.`,
	Example: `
print(("你好"):encode("gbk"):hex())                   --> c4e3bac3
print(text.encode("你好"):hex())                      --> e4bda0e5a5bd
print(("naïve"):encode("ascii", "replace"))           --> na?ve
print(pcall(text.encode, "汉語", "gb2312"))           --> false	encode gb2312: '語' (U+8A9E) at position 4, character 2: gb2312 has no such character (UnicodeEncodeError)`,
	Go: remembered(encode),
}

var decodeRow = bindings.Func{
	Name:    "decode",
	Params:  "bytes, encoding?, errors?",
	Results: "text",
	Doc: `Decodes bytes into text; also b:decode(encoding, errors).

The encoding is utf-8 if none is named. errors says what happens to bytes that
are no character:

  "strict"            raises an error (the default)
  "replace"           puts U+FFFD in their place
  "ignore"            leaves them out
  "backslashreplace"  writes \xNN for each

The error's code is "UnicodeDecodeError"; its position is that of the first
refused byte, counted from 1, so that b:byte(err.position) is that byte.`,
	Example: `
print(("\xc4\xe3\xba\xc3"):decode("gbk"))             --> 你好
print(text.decode("caf\xe9", "latin-1"))              --> café
print(("a\xffb"):decode("utf-8", "backslashreplace")) --> a\xffb
local ok, err = pcall(text.decode, "ab\xff")
print(err.code, err.position)                         --> UnicodeDecodeError	3`,
	Go: remembered(decode),
}

var decoderRow = bindings.Func{
	Name:    "decoder",
	Params:  "encoding?, errors?",
	Results: "decoder",
	Doc: `Makes a decoder for a stream that arrives in pieces.

A recv may cut a character in two; the decoder keeps the first part until the
rest comes. The arguments are those of text.decode.`,
	Example: `
local d = text.decoder("gbk")
print(d:decode("\xc4\xe3\xba"))                       --> 你
print(d:decode("\xc3"))                               --> 好`,
	Go: newDecoder,
}

var encodingsRow = bindings.Func{
	Name:    "encodings",
	Results: "list",
	Doc: `Lists the encodings, by name.

Each element has a name and its aliases.`,
	Example: `
for _, e in ipairs(text.encodings()) do
  if e.name == "gbk" then print(e.name, table.concat(e.aliases, " ")) end
end                                                   --> gbk	936 cp936 ms936`,
	Go: encodings,
}

var decoderType = bindings.Type{
	Name: "decoder",
	Var:  "d",
	Doc:  "Decodes a stream piece by piece and keeps what a piece cuts.",
	Of:   (*Stream)(nil),
	Methods: []bindings.Func{
		{
			Name: "decode", Params: "bytes, final?", Results: "text",
			Doc: `Decodes the next piece as far as its characters are complete.

final says that no more will come: a character that is cut is then an error,
and the decoder is ready for another stream. After an error the decoder is
where it was before this piece; the error's position counts from the first
pending byte.`,
			Example: `
local d = text.decoder()
print(d:decode("\xe4\xbd") == "", d:decode("\xa0", true))   --> true	你`,
			Go: (*Stream).decode,
		},
		{
			Name: "pending", Results: "bytes",
			Doc: "Returns the bytes that wait for the rest of their character.",
			Example: `
local d = text.decoder("gbk")
d:decode("\xc4\xe3\xba")
print(d:pending():hex())                              --> ba`,
			Go: (*Stream).pending,
		},
		{
			Name: "reset",
			Doc:  "Drops what is pending and begins another stream.",
			Example: `
local d = text.decoder("gbk")
d:decode("\xc4")
d:reset()
print(d:pending() == "")                              --> true`,
			Go: (*Stream).reset,
		},
	},
}

const defaultEncoding = "utf-8"

// choose finds the codec and the way to handle errors that a call names.
func choose(name bindings.Opt[string], errs bindings.Opt[Errors], allowed []Errors) (*Codec, Errors, error) {
	c, err := Lookup(name.Or(defaultEncoding))
	if err != nil {
		return nil, "", bindings.BadArgument("encoding", "%v", err)
	}
	e := errs.Or(Strict)
	if err := e.check(allowed); err != nil {
		return nil, "", bindings.BadArgument("errors", "%v", err)
	}
	return c, e, nil
}

// remembered tells the task which encoding it has used: the timeline shows the
// bytes it sends and receives by it.
func remembered[E any](convert func(*bindings.Task, string, bindings.Opt[string], bindings.Opt[E]) (string, error)) any {
	return func(task *bindings.Task, s string, name bindings.Opt[string], errs bindings.Opt[E]) (string, error) {
		converted, err := convert(task, s, name, errs)
		if err == nil {
			task.UsesEncoding(name.Or(defaultEncoding))
		}
		return converted, err
	}
}

func encode(task *bindings.Task, text string, name bindings.Opt[string], errs bindings.Opt[Errors]) (string, error) {
	c, e, err := choose(name, errs, encodeErrors)
	if err != nil {
		return "", err
	}
	data, err := c.encode(text, e, task.Check)
	return data, failure(err, text)
}

func decode(task *bindings.Task, data string, name bindings.Opt[string], errs bindings.Opt[Errors]) (string, error) {
	c, e, err := choose(name, errs, decodeErrors)
	if err != nil {
		return "", err
	}
	var m mode
	text, _, err := c.decode(data, &m, e, true, task.Check)
	return text, failure(err, data)
}

// A Stream is a Decoder as Lua sees it.
type Stream struct {
	bindings.Object
	decoder *Decoder
}

func newDecoder(name bindings.Opt[string], errs bindings.Opt[Errors]) (*Stream, error) {
	c, e, err := choose(name, errs, decodeErrors)
	if err != nil {
		return nil, err
	}
	return &Stream{decoder: c.NewDecoder(e)}, nil
}

func (s *Stream) decode(task *bindings.Task, data string, final bindings.Opt[bool]) (string, error) {
	text, err := s.decoder.decode(data, final.Or(false), task.CheckAlone) // another task may share the decoder
	if err != nil {
		return "", failure(err, s.decoder.Pending()+data)
	}
	task.UsesEncoding(s.decoder.codec.Name())
	return text, nil
}

func (s *Stream) pending() string { return s.decoder.Pending() }

func (s *Stream) reset() { s.decoder.Reset() }

// String is how a decoder prints.
func (s *Stream) String() string { return s.decoder.String() }

// An entry is one encoding in the list that Lua gets.
type entry struct {
	Name    string   `lua:"name"`
	Aliases []string `lua:"aliases"`
}

func encodings() []entry {
	var list []entry
	for _, c := range All() {
		list = append(list, entry{Name: c.Name(), Aliases: c.Aliases()})
	}
	return list
}

// failure is how an Error of this package looks in Lua; input is what was to
// be encoded or decoded.
func failure(err error, input string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	op, code := "encode ", "UnicodeEncodeError"
	if e.Decoding {
		op, code = "decode ", "UnicodeDecodeError"
	}
	return &bindings.Error{
		Op: op + e.Encoding, Code: code, Message: e.Error(), Hint: hint(e, input),
		Details: map[string]any{"position": float64(e.Offset + 1)}, Err: err,
	}
}
