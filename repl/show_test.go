package repl

import (
	"fmt"
	"strings"
	"testing"
)

// A list is a table in tests: keys and values in turn.
type list struct{ entries []Entry }

func (l *list) ID() any { return l }

func (l *list) Entries(limit int) ([]Entry, int) {
	return l.entries[:min(limit, len(l.entries))], len(l.entries)
}

func number(n int) Value     { return Value{Kind: KindNumber, Text: fmt.Sprint(n)} }
func word(s string) Value    { return Value{Text: s} }
func str(s string) Value     { return Value{Kind: KindString, Text: s} }
func (l *list) value() Value { return Value{Kind: KindTable, Table: l} }
func (l *list) set(k, v Value) *list {
	l.entries = append(l.entries, Entry{k, v})
	return l
}

func TestStringsAreShownAsLuaWritesThem(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"hello", `"hello"`},
		{"", `""`},
		{"你好\n", `"你好\n"`},
		{"a\"b\\c\r\t\a", `"a\"b\\c\r\t\a"`},
		{"\x00\x1b\x7f", `"\x00\x1b\x7f"`},
		{"\xff\xfe", `"\xff\xfe"`},
		{"text 中\xff", `"text 中\xff"`},
		{"\xc4\xe3\xba\xc3\xa3\xac", `"\xc4\xe3\xba\xc3\xa3\xac"`}, // 你好， in GBK; the fourth and fifth byte are ã in UTF-8
		{"\u200b\u202e", `"\u{200B}\u{202E}"`},
		{"e\u0301", "\"e\u0301\""},
		{strings.Repeat("x", 5000), `"` + strings.Repeat("x", 4096) + `"… (5000 bytes)`},
		{strings.Repeat("中", 2000), `"` + strings.Repeat("中", 1365) + `"… (6000 bytes)`},
	} {
		if got := quote(test.in); got != test.want {
			t.Errorf("got %s, want %s, for %q", got, test.want, test.in)
		}
	}
}

func TestChineseBytesAreRecognised(t *testing.T) {
	for _, test := range []struct{ bytes, want string }{
		{"\xc4\xe3\xba\xc3", "你好"},
		{"hi \xc4\xe3\xba\xc3!\n", "hi 你好!\n"},
		{"\xc4\xe3", ""},             // one character is a guess too many
		{"\xff\xfe\x00", ""},         // not GBK
		{"你好", ""},                   // text already
		{"\x81\x40\x81\x41", ""},     // rare characters
		{"\xc4\xe3\x01\xba\xc3", ""}, // control characters among them
		{"caf\xe9", ""},
	} {
		_, got, _ := looksLike(test.bytes)
		if got != test.want && !(test.want == "" && !recognised(test.bytes)) {
			t.Errorf("got %q, want %q, for %q", got, test.want, test.bytes)
		}
	}
}

func recognised(s string) bool { _, _, ok := looksLike(s); return ok }

func TestResultsAreShown(t *testing.T) {
	nested := new(list).set(str("host"), str("::1")).set(str("port"), number(80))
	cycle := new(list).set(number(1), number(7))
	cycle.set(str("me"), cycle.value())
	long := new(list)
	for i := range 100 {
		long.set(number(i+1), number(i))
	}
	odd := new(list).set(str("end"), number(1)).set(str("a b"), number(2)).set(number(3), word("true")).set(word("false"), number(4))
	deep := new(list).set(number(1), number(1))
	for range 6 {
		deep = new(list).set(number(1), deep.value())
	}
	for _, test := range []struct {
		name   string
		values []Value
		want   string
	}{
		{"words", []Value{word("nil"), str("closed")}, `nil, "closed"`},
		{"bytes", []Value{str("\xc4\xe3\xba\xc3")}, `"\xc4\xe3\xba\xc3"  -- looks like gbk: 你好`},
		{"bytes and more", []Value{str("\xc4\xe3\xba\xc3"), word("127.0.0.1:80")}, `"\xc4\xe3\xba\xc3", 127.0.0.1:80` + "\n-- looks like gbk: 你好"},
		{"empty table", []Value{new(list).value()}, `{}`},
		{"nested", []Value{new(list).set(str("to"), nested.value()).set(number(1), str("x")).value()}, `{"x", to = {host = "::1", port = 80}}`},
		{"cycle", []Value{cycle.value()}, `{7, me = {the table around it}}`},
		{"odd keys", []Value{odd.value()}, `{[3] = true, ["a b"] = 2, ["end"] = 1, [false] = 4}`},
		{"deep", []Value{deep.value()}, `{{{{{1 more}}}}}`},
	} {
		if got := show(test.values, 80); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
	got := show([]Value{long.value()}, 30)
	if !strings.HasPrefix(got, "{\n  0,\n  1,\n") || !strings.HasSuffix(got, "\n  39,\n  … 60 more,\n}") {
		t.Errorf("a long table: got\n%s", got)
	}
	for line := range strings.Lines(show([]Value{new(list).set(str("一"), nested.value()).set(str("二"), nested.value()).value()}, 36)) {
		if textWidth(line) > 36 {
			t.Errorf("the line %q is wider than 36 columns", line)
		}
	}
}
