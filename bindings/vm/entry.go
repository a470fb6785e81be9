package vm

import (
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Locals are the local variables that the entries of a prompt declared at
// their top level: they stay for the entries that follow. They are real local
// variables. An entry is compiled inside a function that declares those of
// earlier entries, so that it uses them as upvalues, and tells after each
// declaration of its own which upvalue that made. So a function of an entry and
// the next entry see the same variable, a variable that is declared again is
// another one, and what was declared before an error stays. No name becomes
// global by it and no line changes its number.
//
// The zero Locals is ready for use; the lock of the VM guards it.
type Locals struct{ variables map[string]*lua.Upvalue }

// Names lists the variables, sorted.
func (l *Locals) Names() []string {
	names := make([]string, 0, len(l.variables))
	for name := range l.variables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Value is what the variable holds, and whether there is one of that name.
func (l *Locals) Value(name string) (value lua.LValue, declared bool) {
	if variable, ok := l.variables[name]; ok {
		return variable.Value(), true
	}
	return lua.LNil, false
}

// declare is the name of the function that an entry tells its variables to. No
// variable of Lua can have it.
const declare = "(declare)"

var words = regexp.MustCompile(`[A-Za-z_]\w*`)

// LoadEntry compiles an entry of a prompt, as Load does a chunk. What it
// declares becomes one of the locals when it runs. It needs the lock.
func (v *VM) LoadEntry(name, source string, locals *Locals) (*lua.LFunction, error) {
	text, err := translate(name, skipFirstLine(source))
	if err != nil {
		return nil, err
	}
	chunk, err := parse.Parse(strings.NewReader(text), name)
	if err != nil {
		return nil, parseError(name, source, err)
	}
	outer := []string{declare}
	for _, word := range words.FindAllString(text, -1) {
		if locals.variables[word] != nil && !slices.Contains(outer, word) {
			outer = append(outer, word)
		}
	}
	whole := within(outer, chunk, strings.Contains(text, "..."))
	proto, err := lua.Compile(whole, name)
	if err != nil {
		return nil, compileError(name, err)
	}
	mendScopes(whole, proto)
	fn := v.blank.NewFunctionFromProto(proto.FunctionPrototypes[0])
	for i, name := range fn.Proto.DbgUpvalues {
		if name == declare {
			fn.Upvalues[i] = newUpvalue(v.NewFunction(declare, locals.take))
			continue
		}
		fn.Upvalues[i] = locals.variables[name]
	}
	return fn, nil
}

// within makes the chunk "local outer; return function() chunk end". Only a
// chunk that uses `...` takes arguments, for that hides the global arg.
func within(outer []string, chunk []ast.Stmt, varargs bool) []ast.Stmt {
	entry := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: varargs}, Stmts: declaring(chunk)}
	if len(chunk) > 0 {
		entry.SetLastLine(lastLine(chunk[len(chunk)-1]))
	}
	return []ast.Stmt{
		&ast.LocalAssignStmt{Names: outer},
		&ast.ReturnStmt{Exprs: []ast.Expr{entry}},
	}
}

// declaring puts after each declaration a call that tells of it:
// (declare)(function() return a, b end).
func declaring(chunk []ast.Stmt) []ast.Stmt {
	var list []ast.Stmt
	for _, statement := range chunk {
		list = append(list, statement)
		local, ok := statement.(*ast.LocalAssignStmt)
		if !ok {
			continue
		}
		var names []ast.Expr
		for _, name := range local.Names {
			names = append(names, placed(statement, &ast.IdentExpr{Value: name}))
		}
		closure := placed(statement, &ast.FunctionExpr{
			ParList: &ast.ParList{},
			Stmts:   []ast.Stmt{placed(statement, &ast.ReturnStmt{Exprs: names})},
		})
		list = append(list, placed(statement, &ast.FuncCallStmt{Expr: placed(statement, &ast.FuncCallExpr{
			Func: placed(statement, &ast.IdentExpr{Value: declare}), Args: []ast.Expr{closure},
		})}))
	}
	return list
}

// placed gives node the place of the statement that it belongs to.
func placed[N ast.PositionHolder](statement ast.Stmt, node N) N {
	node.SetLine(lastLine(statement))
	node.SetLastLine(lastLine(statement))
	return node
}

func lastLine(node ast.PositionHolder) int { return max(node.Line(), node.LastLine()) }

// take keeps the variables that the closure returns.
func (l *Locals) take(L *lua.LState) int {
	closure := L.CheckFunction(1)
	if l.variables == nil {
		l.variables = map[string]*lua.Upvalue{}
	}
	for i, name := range closure.Proto.DbgUpvalues {
		l.variables[name] = closure.Upvalues[i]
	}
	return 0
}

// newUpvalue makes a variable that belongs to no running function.
func newUpvalue(value lua.LValue) *lua.Upvalue {
	variable := &lua.Upvalue{}
	variable.Close()
	variable.SetValue(value)
	return variable
}
