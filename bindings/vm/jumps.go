package vm

import (
	"reflect"

	"github.com/yuin/gopher-lua/ast"
)

// partJumps keeps jumps backwards from landing on a jump. gopher-lua makes one
// jump of two, but takes the distance of one that it has done already for the
// number of a label: `for ... do goto continue` ran for ever. So where a loop or
// what follows a label begins with a jump, `do local _ end` goes before it, an
// instruction that does nothing.
func partJumps(chunk []ast.Stmt) []ast.Stmt {
	partIn(reflect.ValueOf(chunk))
	return afterLabels(chunk)
}

// partIn goes over all that v holds, innermost first.
func partIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		partIn(v.Elem())
	case reflect.Pointer:
		if !v.IsNil() {
			partIn(v.Elem())
			partBlocks(v.Interface())
		}
	case reflect.Slice:
		for i := range v.Len() {
			partIn(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				partIn(v.Field(i))
			}
		}
	}
}

// partBlocks mends the blocks of one node of the tree.
func partBlocks(node any) {
	switch n := node.(type) {
	case *ast.WhileStmt:
		n.Stmts = atStart(afterLabels(n.Stmts))
	case *ast.RepeatStmt:
		n.Stmts = atStart(afterLabels(n.Stmts))
	case *ast.GenericForStmt:
		n.Stmts = atStart(afterLabels(n.Stmts))
	case *ast.NumberForStmt:
		n.Stmts = afterLabels(n.Stmts)
	case *ast.DoBlockStmt:
		n.Stmts = afterLabels(n.Stmts)
	case *ast.IfStmt:
		n.Then, n.Else = afterLabels(n.Then), afterLabels(n.Else)
	case *ast.FunctionExpr:
		n.Stmts = afterLabels(n.Stmts)
	}
}

// atStart mends the body of a loop, to whose start the loop jumps back.
func atStart(body []ast.Stmt) []ast.Stmt {
	if len(body) == 0 || !beginsWithJump(body) {
		return body
	}
	return append([]ast.Stmt{pause(body[0].Line())}, body...)
}

// afterLabels mends the places to which a goto may jump back.
func afterLabels(block []ast.Stmt) []ast.Stmt {
	for i := len(block) - 1; i >= 0; i-- {
		if _, ok := block[i].(*ast.LabelStmt); ok {
			block = append(block[:i+1:i+1], atStart(block[i+1:])...)
		}
	}
	return block
}

// pause is a statement that does nothing, in one instruction.
func pause(line int) ast.Stmt {
	local := &ast.LocalAssignStmt{Names: []string{"_"}}
	local.SetLine(line)
	block := &ast.DoBlockStmt{Stmts: []ast.Stmt{local}}
	block.SetLine(line)
	block.SetLastLine(line)
	return block
}

// beginsWithJump tells whether the first instruction of a block may be a jump.
func beginsWithJump(block []ast.Stmt) bool {
	if len(block) == 0 {
		return true // whatever comes behind it
	}
	switch s := block[0].(type) {
	case *ast.GotoStmt, *ast.BreakStmt:
		return true
	case *ast.LabelStmt:
		return beginsWithJump(block[1:])
	case *ast.DoBlockStmt:
		return beginsWithJump(s.Stmts)
	case *ast.RepeatStmt:
		return beginsWithJump(s.Stmts)
	case *ast.WhileStmt:
		return decided(s.Condition)
	case *ast.IfStmt:
		return decided(s.Condition)
	}
	return false
}

// decided tells whether a condition begins with what needs no test.
func decided(condition ast.Expr) bool {
	switch e := condition.(type) {
	case *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr, *ast.NumberExpr, *ast.StringExpr:
		return true
	case *ast.UnaryNotOpExpr:
		return decided(e.Expr)
	case *ast.LogicalOpExpr:
		return decided(e.Lhs)
	}
	return false
}
