package vm_test

import (
	"fmt"
	"strings"
	"testing"

	"lunawire/bindings/vm"
)

// TestErrorsAtEachDepth fails if an error that is caught disturbs the frames
// below it, wherever they end in a segment of the call stack: also one of a call
// that had no frame yet.
func TestErrorsAtEachDepth(t *testing.T) {
	m := newMachine(t, vm.Options{})
	_, err := m.run(`
local failing = {
  function() return pcall(nil) end,
  function() return pcall(error, "x") end,
  function() return pcall(function() local t; return t.x end) end,
  function() return xpcall(error, function() return "handled" end) end,
  function() local co = coroutine.wrap(function() return pcall(nil) end) return co() end,
}
local function at(depth, fail)
  if depth == 0 then return (fail()) end
  local ok = at(depth - 1, fail)
  assert(ok == false, depth)
  return ok
end
for depth = 0, 40 do
  for _, fail in ipairs(failing) do at(depth, fail) end
end
print("whole")`)
	if err != nil || !strings.HasSuffix(m.out.String(), "whole\n") {
		t.Fatal(err, m.out)
	}
}

// TestDepthByEachWay recurses in all the ways in which one function calls
// another, as deep as the stack is, and on again after the error.
func TestDepthByEachWay(t *testing.T) {
	for _, way := range []string{
		`local function down(n) depth = n; return 1 + down(n + 1) end start = down`,
		`local t = setmetatable({}, {__index = function(t, n) depth = n; return t[n + 1] end}) start = function(n) return t[n] end`,
		`local t = setmetatable({}, {__call = function(self, n) depth = n; return 1 + self(n + 1) end}) start = function(n) return t(n) end`,
		`local t = setmetatable({}, {__concat = function(a, n) depth = n; return a .. n + 1 end}) start = function(n) return t .. n end`,
		`local function down(n) depth = n; local ok, e = pcall(down, n + 1); if not ok then error(e, 0) end end start = down`,
		`local function down(n) depth = n; ("x"):gsub("x", function() down(n + 1) end) end start = down`,
		`local function down(n) depth = n; for _ in down, n + 1 do end end start = function(n) down(n) end`,
	} {
		const deepest = 900
		m := newMachine(t, vm.Options{MainDepth: deepest})
		_, err := m.run(way + fmt.Sprintf(`
for _ = 1, 3 do
  depth = 0
  local ok, message = pcall(start, 1)
  assert(not ok and tostring(message):find("stack overflow", 1, true), message)
  assert(depth > %d / 4, depth)
end
local function down(n) if n > 0 then return 1 + down(n - 1) end return 0 end
print(down(%d))`, deepest, deepest/2))
		if want := fmt.Sprintf("%d\n", deepest/2); err != nil || m.out.String() != want {
			t.Errorf("%s: %v, %q", way, err, m.out)
		}
	}
}

// TestHandlersAtEachDepthNearTheLimit overflows the stack below xpcall where it
// is nearly full, at each depth: the handler runs, and no call on the way loses
// its variables. A handler that overflows too is an error in error handling.
func TestHandlersAtEachDepthNearTheLimit(t *testing.T) {
	const deepest = 300
	for _, where := range []string{"(%s)()", "coroutine.wrap(%s)()"} {
		m := newMachine(t, vm.Options{MainDepth: deepest, ThreadDepth: deepest})
		_, err := m.run(strings.ReplaceAll(where, "%s", `function()
local function over() return 1 + over() end
local function handler()
  local function down(k) if k == 0 then return "handled" end return (down(k - 1)) end
  return down(20)
end
local function greedy() return select(2, xpcall(over, greedy)) end
local reached = 0
local function at(depth, handler, want)
  local mine = {depth}
  local ok, value
  if depth == 0 then
    reached = reached + 1
    ok, value = xpcall(over, handler)
    assert(not ok and tostring(value):find(want, 1, true), "wrong: " .. tostring(value))
  else
    ok, value = at(depth - 1, handler, want)
  end
  assert(mine[1] == depth, "wrong: a variable")
  return ok, value
end
for depth = 0, 600 do
  for want, how in pairs{handled=handler, ["error in error handling"]=greedy} do
    local ok, problem = pcall(at, depth, how, want)
    assert(ok or tostring(problem):find(": stack overflow$"), problem)
    assert(not tostring(problem):find("wrong", 1, true), problem)
  end
end
assert(reached > 400, reached)
local function down(n) if n > 0 then return 1 + down(n - 1) end return 0 end
print(down(200), reached)
end`))
		if err != nil || !strings.HasPrefix(m.out.String(), "200\t") {
			t.Errorf("%v %s", err, m.out)
		}
		t.Log(m.out)
	}
}
