package repl

import "testing"

func TestLocalsOfTheTopLevelAreKept(t *testing.T) {
	for _, test := range []struct{ entry, want string }{
		{"x = 1", "x = 1"},
		{"local x = 1", "      x = 1"},
		{"local a, b", "      a, b = nil"},
		{"local a, b local c = 2", "      a, b = nil       c = 2"},
		{"local a; print(a)", "      a = nil; print(a)"},
		{"local function f() local y = 1 return y end", "      function f() local y = 1 return y end"},
		{"do local x = 1 end local y = 2", "do local x = 1 end       y = 2"},
		{"for i = 1, 2 do local x = i end", "for i = 1, 2 do local x = i end"},
		{"while x do local y end local z = 1", "while x do local y end       z = 1"},
		{"repeat local x = 1 until x local y = 2", "repeat local x = 1 until x       y = 2"},
		{"if a then local b elseif c then local d else local e end local f = 1",
			"if a then local b elseif c then local d else local e end       f = 1"},
		{"t = {f = function() local x = 1 end} local y = 2", "t = {f = function() local x = 1 end}       y = 2"},
		{"s = 'local x' -- local y\nlocal z = [[local\n]]", "s = 'local x' -- local y\n      z = [[local\n]]"},
		{"--[==[ local a ]==] local b = \"local \\\" c\"", "--[==[ local a ]==]       b = \"local \\\" c\""},
		{"localx = 1", "localx = 1"},
	} {
		if got := keepLocals(test.entry); got != test.want {
			t.Errorf("got %q, want %q, for the entry %q", got, test.want, test.entry)
		}
	}
}

func TestMentionsFindsNamesButNoText(t *testing.T) {
	for _, test := range []struct {
		source string
		want   bool
	}{
		{"print(_)", true}, {"_G.x", false}, {"'_' .. x", false}, {"x -- _", false}, {"_.host", true},
	} {
		if got := mentions(test.source, "_"); got != test.want {
			t.Errorf("got %v, want %v, for %q", got, test.want, test.source)
		}
	}
}
