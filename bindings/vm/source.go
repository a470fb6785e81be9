package vm

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// A SyntaxError is why a chunk cannot be compiled.
type SyntaxError struct {
	Source  string // the chunk's name
	Line    int    // the line at fault; for an unfinished chunk its last one
	Message string // without the position
	AtEnd   bool   // the text ended too early
}

// Error is "file:line: message".
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Source, e.Line, e.Message) }

// Load compiles a chunk. name is what messages call it. A first line that
// begins with # is skipped; the escapes \xHH, \z and \u{} of later Lua
// versions mean what they mean there (gopher-lua turns "\x41" into "x41"
// without a word). The error is a [*SyntaxError]. Load does not need the lock.
func (v *VM) Load(name, source string) (*lua.LFunction, error) {
	text, err := translate(name, skipFirstLine(source))
	if err != nil {
		return nil, err
	}
	chunk, err := parse.Parse(strings.NewReader(text), name)
	if err != nil {
		return nil, parseError(name, source, err)
	}
	chunk = partJumps(chunk)
	proto, err := lua.Compile(chunk, name)
	if err != nil {
		return nil, compileError(name, err)
	}
	mendScopes(chunk, proto)
	return v.blank.NewFunctionFromProto(proto), nil
}

// skipFirstLine empties a first line that begins with #, after a byte order mark.
func skipFirstLine(source string) string {
	source = strings.TrimPrefix(source, "\ufeff")
	if !strings.HasPrefix(source, "#") {
		return source
	}
	end := strings.IndexByte(source, '\n')
	if end < 0 {
		return ""
	}
	return source[end:]
}

func parseError(name, source string, err error) error {
	var parsed *parse.Error
	if !errors.As(err, &parsed) {
		return &SyntaxError{Source: name, Line: 1, Message: err.Error()}
	}
	e := &SyntaxError{Source: name, Line: parsed.Pos.Line, Message: parsed.Message}
	if parsed.Pos.Line == parse.EOF {
		e.AtEnd = true
		e.Line = 1 + strings.Count(strings.TrimRight(source, "\r\n"), "\n")
		if e.Message == "parse error" { // of an error in the scanner, which is none here
			e.Message = "syntax error"
		}
		e.Message += " near <eof>"
	} else if parsed.Token != "" {
		e.Message = strings.ToLower(e.Message[:1]) + e.Message[1:] + " near '" + parsed.Token + "'"
	}
	return e
}

func compileError(name string, err error) error {
	var compiled *lua.CompileError
	if !errors.As(err, &compiled) {
		return &SyntaxError{Source: name, Line: 1, Message: err.Error()}
	}
	return &SyntaxError{Source: name, Line: compiled.Line, Message: compiled.Message}
}

// Incomplete says whether err of Load(source) means that source is the
// beginning of a chunk: a prompt then asks for the next line. A string that
// lacks its closing quote on its line is wrong, not unfinished.
func Incomplete(err error, source string) bool {
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || !syntax.AtEnd {
		return false
	}
	backslashes := len(source) - len(strings.TrimRight(source, `\`))
	return !strings.HasPrefix(syntax.Message, "unterminated string") || backslashes%2 == 1
}
