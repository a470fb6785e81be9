package vm

import (
	"reflect"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// mendScopes sets where the local variables of a chunk end. gopher-lua notes
// that at the wrong variable once a register is used again, and then names
// "(for index)" what is something else. A variable is taken to live until the
// next one is declared behind its block; describe knows that this is late.
func mendScopes(chunk []ast.Stmt, main *lua.FunctionProto) {
	functions := map[[2]int][]*ast.FunctionExpr{}
	findFunctions(reflect.ValueOf(chunk), functions)
	setEnds(main, chunk, nil)
	var mend func(p *lua.FunctionProto)
	mend = func(p *lua.FunctionProto) {
		for _, inner := range p.FunctionPrototypes {
			lines := [2]int{inner.LineDefined, inner.LastLineDefined}
			for i, f := range functions[lines] {
				if f != nil && setEnds(inner, f.Stmts, f.ParList) {
					functions[lines][i] = nil
					break
				}
			}
			mend(inner)
		}
	}
	mend(main)
}

// findFunctions collects the function expressions of a syntax tree by their
// first and last lines.
func findFunctions(v reflect.Value, found map[[2]int][]*ast.FunctionExpr) {
	switch v.Kind() {
	case reflect.Interface:
		findFunctions(v.Elem(), found)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if f, ok := v.Interface().(*ast.FunctionExpr); ok {
			lines := [2]int{f.Line(), f.LastLine()}
			found[lines] = append(found[lines], f)
		}
		findFunctions(v.Elem(), found)
	case reflect.Slice:
		for i := range v.Len() {
			findFunctions(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				findFunctions(v.Field(i), found)
			}
		}
	}
}

// setEnds sets the ends in p, if the variables that the statements declare are
// those of p.
func setEnds(p *lua.FunctionProto, body []ast.Stmt, parameters *ast.ParList) bool {
	var d declarations
	if parameters != nil {
		if len(p.DbgLocals) > 0 && int(p.NumParameters) == len(parameters.Names)+1 {
			d.declare("self")
		}
		d.declare(parameters.Names...)
		if parameters.HasVargs {
			d.declare("arg")
		}
	}
	d.block(0, body)
	if len(d.names) != len(p.DbgLocals) {
		return false
	}
	for i, l := range p.DbgLocals {
		if l.Name != d.names[i] {
			return false
		}
	}
	for i, l := range p.DbgLocals {
		l.EndPc = len(p.Code)
		if d.ends[i] < len(p.DbgLocals) {
			l.EndPc = p.DbgLocals[d.ends[i]].StartPc
		}
	}
	return true
}

// declarations are the local variables of a function in the order in which
// they are declared; ends has, for each, how many there are when its block ends.
type declarations struct {
	names []string
	ends  []int
}

func (d *declarations) declare(names ...string) {
	d.names = append(d.names, names...)
	for range names {
		d.ends = append(d.ends, -1)
	}
}

// block goes over the statements of a block whose variables begin at first.
func (d *declarations) block(first int, statements []ast.Stmt) {
	for _, s := range statements {
		d.statement(s)
	}
	for i := first; i < len(d.ends); i++ {
		if d.ends[i] < 0 {
			d.ends[i] = len(d.names)
		}
	}
}

func (d *declarations) statement(s ast.Stmt) {
	first := len(d.names)
	switch s := s.(type) {
	case *ast.LocalAssignStmt:
		d.declare(s.Names...)
	case *ast.DoBlockStmt:
		d.block(first, s.Stmts)
	case *ast.WhileStmt:
		d.block(first, s.Stmts)
	case *ast.RepeatStmt:
		d.block(first, s.Stmts)
	case *ast.IfStmt:
		d.block(first, s.Then)
		d.block(len(d.names), s.Else)
	case *ast.NumberForStmt:
		d.declare("(for index)", "(for limit)", "(for step)", s.Name)
		d.block(first, s.Stmts)
	case *ast.GenericForStmt:
		d.declare("(for generator)", "(for state)", "(for control)")
		d.declare(s.Names...)
		d.block(first, s.Stmts)
	}
}
