package repl

import (
	"regexp"
	"strings"
)

// A luaToken is a piece of Lua source: a word, a number, a string, an operator. Comments and spaces are none.
type luaToken struct {
	text       string
	start, end int
}

var luaPieces = regexp.MustCompile(`^(?:` +
	`(\s+)` + // spaces
	`|([A-Za-z_][A-Za-z0-9_]*)` + // words
	`|(0[xX][0-9A-Fa-f.]*|\.?[0-9](?:[eE][+-]?|[0-9A-Za-z_.])*)` + // numbers
	`|(\.\.\.|\.\.|==|~=|<=|>=|::|.)` + // operators
	`)`)

var longBracket = regexp.MustCompile(`^\[(=*)\[`)

// luaTokens takes source apart. It judges nothing: an unfinished string goes to the end of its line.
func luaTokens(source string) []luaToken {
	var tokens []luaToken
	for at := 0; at < len(source); {
		n, isToken := pieceLength(source[at:])
		if isToken {
			tokens = append(tokens, luaToken{text: source[at : at+n], start: at, end: at + n})
		}
		at += n
	}
	return tokens
}

// pieceLength measures what rest begins with, and tells whether it is a token.
func pieceLength(rest string) (n int, isToken bool) {
	switch {
	case strings.HasPrefix(rest, "--"):
		if n := longLength(rest[2:]); n > 0 {
			return 2 + n, false
		}
		return lineLength(rest), false
	case rest[0] == '"' || rest[0] == '\'':
		return quotedLength(rest), true
	case rest[0] == '[':
		if n := longLength(rest); n > 0 {
			return n, true
		}
	}
	m := luaPieces.FindStringSubmatchIndex(rest)
	if m == nil { // not UTF-8, or a newline of an odd kind
		return 1, false
	}
	return m[1], m[2] < 0
}

// longLength measures a long bracket, [[...]] or [=[...]=]: 0 if rest begins with none.
func longLength(rest string) int {
	m := longBracket.FindStringSubmatch(rest)
	if m == nil {
		return 0
	}
	end := strings.Index(rest, "]"+m[1]+"]")
	if end < 0 {
		return len(rest)
	}
	return end + len(m[1]) + 2
}

func lineLength(rest string) int {
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return i
	}
	return len(rest)
}

func quotedLength(rest string) int {
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case rest[0]:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(rest)
}

// blockDepth is by how much a word changes the depth of blocks. The do of while and for stands for both.
func blockDepth(word string) int {
	switch word {
	case "do", "function", "if", "repeat":
		return 1
	case "end", "until":
		return -1
	}
	return 0
}

// keepLocals makes the local variables of the top level of an entry global, so that the next entry has them. The
// words keep their lines and columns.
func keepLocals(source string) string {
	if !strings.Contains(source, "local") {
		return source
	}
	tokens := luaTokens(source)
	var b strings.Builder
	written, depth := 0, 0
	for i, token := range tokens {
		if token.text != "local" || depth > 0 {
			depth += blockDepth(token.text)
			continue
		}
		b.WriteString(source[written:token.start])
		b.WriteString(strings.Repeat(" ", len(token.text)))
		written = token.end
		if end := namesOnly(tokens[i+1:]); end > 0 {
			b.WriteString(source[written:end] + " = nil")
			written = end
		}
	}
	return b.String() + source[written:]
}

// namesOnly returns where a list of names without a value ends; 0 if tokens are something else.
func namesOnly(tokens []luaToken) int {
	end := 0
	for i, token := range tokens {
		switch {
		case i%2 == 0 && token.text == "function":
			return 0
		case i%2 == 0:
			end = token.end
		case token.text == "=":
			return 0
		case token.text != ",":
			return end
		}
	}
	return end
}

// mentions reports whether source uses a name.
func mentions(source, name string) bool {
	for _, token := range luaTokens(source) {
		if token.text == name {
			return true
		}
	}
	return false
}
