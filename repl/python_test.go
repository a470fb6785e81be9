package repl

import "testing"

func TestPythonIsAnsweredWithLua(t *testing.T) {
	isMethod := func(variable, method string) bool { return variable == "s" && (method == "bind" || method == "close") }
	for _, test := range []struct{ entry, want string }{
		{"import socket", "nothing is imported: the modules are there, help lists them"},
		{"from socket import *", "nothing is imported: the modules are there, help lists them"},
		{"print x", "print is a function: print(x)"},
		{"print 'a', 1", "print is a function: print('a', 1)"},
		{"s.bind('127.0.0.1', 80)", "methods are called with a colon: s:bind(...)"},
		{"s.bind(('127.0.0.1', 2399))", "there are no tuples: s:bind('127.0.0.1', 2399)"},
		{"s:bind((\"\", 2399))", "there are no tuples: s:bind(\"\", 2399)"},
		{"s.sendto(b'abc', addr)", "a Lua string is bytes already: write 'abc'"},
		{"'你好'.encode('gbk')", "a method of a string in quotes needs brackets and a colon: ('你好'):encode('gbk')"},
		{"print('x: %s' % x)", "format with string.format('x: %s', ...), or join with .."},
		{"def main():", "a function is written: function main() ... end"},
		{"while True:", "a loop is written: while true do ... end"},
		{"while n > 0:", "a loop is written: while n > 0 do ... end"},
		{"if x == 1:", "a condition is written: if x == 1 then ... end"},
		{"for i in range(10):", "count with: for i = 0, 10 - 1 do ... end"},
		{"for x in items:", "go through a table with: for i, x in ipairs(items) do ... end"},
		{"x != 1", "not equal is ~="},
		{"x += 1", "write it out: x = x + 1"},
		{"x = None", "None, True and False are nil, true and false"},
		{"len(x)", "the length is #x"},
		{"x = int(y)", "the number in a text is tonumber(y)"},
		{"x = 1 # one", "a comment begins with --"},
		{"sendto(1)", ""},
		{"udp.socket(1)", ""},
		{"x = #t", ""},
	} {
		if got := luaWay(test.entry, isMethod); got != test.want {
			t.Errorf("got %q, want %q, for %q", got, test.want, test.entry)
		}
	}
}

func TestOnlyPythonEndsALineWithAColon(t *testing.T) {
	for entry, want := range map[string]bool{
		"while True:": true, "  if x == 1:  # so": true, "else:": true, "def f(x):": true,
		"while true do": false, "if x then": false, "s:": false, "::top::": false, "for k in pairs(t) do": false,
	} {
		if got := isPythonBlock(entry); got != want {
			t.Errorf("got %v, want %v, for %q", got, want, entry)
		}
	}
}
