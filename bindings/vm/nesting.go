package vm

// nesting counts how deep the syntax tree of a chunk is going to be, roughly
// and on the safe side. gopher-lua compiles it by recursion, without a limit:
// a chunk of a million "1+" ended the process.
type nesting struct {
	brackets int
	chain    [maxBrackets + 1]int // operators in a row, for each open bracket
	longest  int
	operand  bool // what was read last can be called, indexed or added to
}

const (
	maxBrackets = 200   // C Lua's limit
	maxChain    = 50000 // well below what a stack of 1 GB holds
)

func (n *nesting) tooDeep() bool { return n.brackets >= maxBrackets || n.longest > maxChain }

// more counts an operator of the expression.
func (n *nesting) more() {
	n.chain[n.brackets]++
	n.longest = max(n.longest, n.chain[n.brackets])
	n.operand = false
}

// fresh begins another expression.
func (n *nesting) fresh() {
	n.chain[n.brackets] = 0
	n.operand = false
}

func (n *nesting) word(word string) {
	switch word {
	case "and", "or", "not":
		n.more()
	case "break", "do", "else", "elseif", "for", "function", "goto", "if", "in", "local", "repeat", "return", "then", "until", "while":
		n.fresh()
	default:
		if n.operand { // two operands in a row: a new statement
			n.fresh()
		}
		n.operand = true
	}
}

func (n *nesting) symbol(c byte) {
	switch c {
	case '(', '[', '{':
		if n.operand {
			n.more()
		}
		if n.brackets < maxBrackets {
			n.brackets++
		}
		n.fresh()
	case ')', ']', '}':
		if n.brackets > 0 {
			n.brackets--
		}
		n.operand = true
	case ',', ';', '=':
		n.fresh()
	case '+', '-', '*', '/', '%', '^', '#', '<', '>', '~', '.', ':':
		n.more()
	}
}
