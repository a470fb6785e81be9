package vm

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// trace lists the calls of L from the given level on, innermost first. Long
// lists are cut in the middle.
func trace(L *lua.LState, level int) string {
	var lines []string
	for cf := inside(L).currentFrame; cf != nil; cf = cf.Parent {
		if level > 0 {
			level--
			continue
		}
		lines = append(lines, "\t"+describeFrame(cf))
		if !cf.Fn.IsG && cf.TailCall > 0 {
			lines = append(lines, "\t(...tail calls...)")
		}
	}
	const head, tail = 10, 11
	if len(lines) > head+tail {
		cut := fmt.Sprintf("\t... (%d calls)", len(lines)-head-tail)
		lines = append(append(lines[:head:head], cut), lines[len(lines)-tail:]...)
	}
	return "stack traceback:\n" + strings.Join(lines, "\n")
}

// joinTraces puts the calls of a resumer below those of its coroutine.
func joinTraces(inner, outer string) string {
	if inner == "" {
		return outer
	}
	return inner + "\n" + strings.TrimPrefix(outer, "stack traceback:\n")
}

func describeFrame(cf *frame) string {
	if cf.Fn.IsG {
		return "[Go]: in function " + quoteName(goName(cf))
	}
	p := cf.Fn.Proto
	if p.LineDefined == 0 {
		return position(cf) + ": in main chunk"
	}
	if name := callName(cf); name != "" {
		return position(cf) + ": in function " + quoteName(name)
	}
	return fmt.Sprintf("%s: in function <%s:%d>", position(cf), p.SourceName, p.LineDefined)
}

func goName(cf *frame) string {
	if name := FunctionName(cf.Fn); name != "" {
		return name
	}
	return callName(cf)
}

// callName is what the caller called the function of cf, or "".
func callName(cf *frame) string {
	_, name := calledAs(cf)
	return name
}

// calledAs is that with its kind, as in "method", "recv".
func calledAs(cf *frame) (kind, name string) {
	caller := cf.Parent
	if caller == nil || caller.Fn.IsG || cf.TailCall > 0 || caller.Pc == 0 {
		return "", ""
	}
	inst := caller.Fn.Proto.Code[caller.Pc-1]
	switch int(inst >> 26) {
	case lua.OP_CALL, lua.OP_TAILCALL:
		return describe(caller, argA(inst), caller.Pc-1)
	}
	return "", ""
}
