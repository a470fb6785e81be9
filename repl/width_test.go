package repl

import "testing"

func TestLinesAreBrokenAtSpaces(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"short", "short"},
		{"exactly ten", "exactly\nten"},
		{"0123456789", "0123456789"},
		{"one two three four", "one two\nthree four"},
		{"  in two three\nnext\n", "  in two\n  three\nnext\n"},
		{"一二三 四五六 七", "一二三\n四五六 七"},
		{"一二三四五六七八", "一二三四五六七八"},
		{"   一二三四五六七八 x", "   一二三四五六七八 x"},
		{"unbreakable word", "unbreakable word"},
	} {
		if got := wordWrap(test.in, 10); got != test.want {
			t.Errorf("got %q, want %q, for %q", got, test.want, test.in)
		}
	}
}

func TestTextIsCutByColumns(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"short", "short"}, {"0123456789", "0123456789"}, {"0123456789a", "012345678…"}, {"一二三四五六", "一二三四…"},
	} {
		if got := cutTo(test.in, 10); got != test.want {
			t.Errorf("got %q, want %q, for %q", got, test.want, test.in)
		}
	}
}
