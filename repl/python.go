package repl

import (
	"regexp"
	"strings"
)

// A pythonism is something that a person who knows Python types, and what to tell him. The words may use the
// groups of the pattern.
type pythonism struct {
	pattern *regexp.Regexp
	lua     string
}

// pythonisms are looked for after an entry has failed, in this order: what Lua would have taken is none.
var pythonisms = []pythonism{
	{regexp.MustCompile(`^\s*(?:import|from)\s+(\w+)`), `nothing is imported: the modules are there, help lists them`},
	{regexp.MustCompile(`^\s*print\s+([^(\s=].*)$`), `print is a function: print($1)`},
	{regexp.MustCompile(`(?:^|[^\w"'])[bBuU]("[^"]*"|'[^']*')`), `a Lua string is bytes already: write $1`},
	{regexp.MustCompile(`(?:^|[^\w"'])[fF]("[^"]*"|'[^']*')`), `there are no f-strings: join with .. or use string.format("%s", x)`},
	{regexp.MustCompile(`("[^"]*"|'[^']*')\.(encode|decode)\((.*?)\)`), `a method of a string in quotes needs brackets and a colon: ($1):$2($3)`},
	{regexp.MustCompile(`("[^"]*"|'[^']*')\s*%\s*\S`), `format with string.format($1, ...), or join with ..`},
	{regexp.MustCompile(`^\s*def\s+(\w+)\s*\(([^)]*)\)`), `a function is written: function $1($2) ... end`},
	{regexp.MustCompile(`^\s*class\b`), `there are no classes: a table with functions does it`},
	{regexp.MustCompile(`^\s*for\s+(\w+)\s+in\s+range\((\d+)\)`), `count with: for $1 = 0, $2 - 1 do ... end`},
	{regexp.MustCompile(`^\s*for\s+(.+?)\s+in\s+(.+?)\s*:\s*$`), `go through a table with: for i, $1 in ipairs($2) do ... end`},
	{regexp.MustCompile(`^\s*while\s+(?:True|1)\s*:`), `a loop is written: while true do ... end`},
	{regexp.MustCompile(`^\s*while\s+(.+?)\s*:\s*(?:#.*)?$`), `a loop is written: while $1 do ... end`},
	{regexp.MustCompile(`^\s*elif\b`), `elif is elseif ... then`},
	{regexp.MustCompile(`^\s*if\s+(.+?)\s*:\s*(?:#.*)?$`), `a condition is written: if $1 then ... end`},
	{regexp.MustCompile(`^\s*else\s*:`), `else has no colon, and the if ends with end`},
	{regexp.MustCompile(`^\s*(?:try\s*:|except\b)`), `catch errors with: ok, err = pcall(f, ...)`},
	{regexp.MustCompile(`^\s*with\b.*:\s*$`), `with is a function here: with(socket, function(s) ... end)`},
	{regexp.MustCompile(`^\s*(?:del)\s+(\w+)`), `forget a variable with: $1 = nil`},
	{regexp.MustCompile(`!=`), `not equal is ~=`},
	{regexp.MustCompile(`(\w+)\s*([-+*/])=\s*(.+)$`), `write it out: $1 = $1 $2 $3`},
	{regexp.MustCompile(`(\w+):(\w+)\(\(([^()]*,[^()]*)\)\)|(\w+)\.(\w+)\(\(([^()]*,[^()]*)\)\)`), `there are no tuples: $1$4:$2$5($3$6)`},
	{regexp.MustCompile(`\b(None|True|False)\b`), `None, True and False are nil, true and false`},
	{regexp.MustCompile(`\blen\(([^()]*)\)`), `the length is #$1`},
	{regexp.MustCompile(`\bstr\(([^()]*)\)`), `text of a value is tostring($1)`},
	{regexp.MustCompile(`\b(?:int|float)\(([^()]*)\)`), `the number in a text is tonumber($1)`},
	{regexp.MustCompile(`^[^"']*#(?:\s|$)`), `a comment begins with --`},
	{regexp.MustCompile(`^[^"']*//`), `whole division is math.floor(a / b)`},
}

var dotCall = regexp.MustCompile(`\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)\s*\(`)

// luaWay returns what to tell a person whose entry was Python, "" if it does not look like that. isMethod reports
// whether the value of a variable has a method of that name.
func luaWay(source string, isMethod func(variable, method string) bool) string {
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		for _, p := range pythonisms {
			if m := p.pattern.FindStringSubmatchIndex(line); m != nil {
				return string(p.pattern.ExpandString(nil, p.lua, line, m))
			}
		}
		for _, m := range dotCall.FindAllStringSubmatch(line, -1) {
			if isMethod(m[1], m[2]) {
				return "methods are called with a colon: " + m[1] + ":" + m[2] + "(...)"
			}
		}
	}
	return ""
}

var colonAtEnd = regexp.MustCompile(`^\s*(?:if|while|for|def|class|else|elif|try|except|finally|with)\b.*:\s*(?:#.*)?$`)

// isPythonBlock reports whether a line begins a block as Python does. Lua may take it for the beginning of a method
// call and wait for more, for ever.
func isPythonBlock(line string) bool { return colonAtEnd.MatchString(line) }
