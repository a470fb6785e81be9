package vm

import (
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/gopher-lua/parse"
)

var wholeWord = regexp.MustCompile(`^[a-z]+$`)

// Keywords are the words that cannot name a variable: of the names that the
// parser has for its tokens, those that it refuses as one.
var Keywords = sync.OnceValue(func() []string {
	var words []string
	for token := parse.TAnd; ; token++ {
		name, isWord := strings.CutPrefix(parse.TokenName(token), "T")
		word := strings.ToLower(name)
		if !isWord {
			if token > parse.TString {
				return words
			}
			continue
		}
		if _, err := parse.Parse(strings.NewReader("local "+word), ""); err != nil && wholeWord.MatchString(word) {
			words = append(words, word)
		}
	}
})
