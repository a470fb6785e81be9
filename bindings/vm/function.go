package vm

import (
	lua "github.com/yuin/gopher-lua"
)

// functionName is carried by a Go function as its last upvalue, which Lua
// cannot see, so that messages and tracebacks say 'recv' where gopher-lua says
// "(anonymous)".
type functionName string

// NewFunction makes a Go function that Lua can call. name is what messages and
// tracebacks call it.
func (v *VM) NewFunction(name string, fn lua.LGFunction) *lua.LFunction {
	return v.blank.NewClosure(fn, &lua.LUserData{Value: functionName(name), Metatable: lua.LNil})
}

// FunctionName is the name that fn got from NewFunction, or "".
func FunctionName(fn *lua.LFunction) string {
	if !fn.IsG || len(fn.Upvalues) == 0 {
		return ""
	}
	if data, ok := fn.Upvalues[len(fn.Upvalues)-1].Value().(*lua.LUserData); ok {
		name, _ := data.Value.(functionName)
		return string(name)
	}
	return ""
}

// ToString is v as tostring gives it. A __tostring that fails is described in
// place of its result.
func (v *VM) ToString(value lua.LValue) string {
	L := v.running.current
	if meta, ok := L.GetMetaField(value, "__tostring").(*lua.LFunction); ok {
		results, err := v.running.Call(meta, value)
		if err != nil {
			return "(__tostring: " + err.Error() + ")"
		}
		if len(results) > 0 {
			return plainString(results[0])
		}
	}
	return plainString(value)
}
