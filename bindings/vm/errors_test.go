package vm_test

import "testing"

func TestMessagesNameTheVariable(t *testing.T) {
	failing := func(source, want string) printing {
		return printing{source, "error: test.lua:1: " + want}
	}
	check(t, []printing{
		failing(`foo()`, "attempt to call a nil value (global 'foo')"),
		failing(`local foo; foo()`, "attempt to call a nil value (local 'foo')"),
		failing(`local foo; (function() foo() end)()`, "attempt to call a nil value (upvalue 'foo')"),
		failing(`prnt(1)`, "attempt to call a nil value (global 'prnt'); did you mean print?"),
		failing(`string.fnid("a")`, "attempt to call a nil value (field 'fnid'); did you mean find?"),
		failing(`local s = "x"; s:uper()`, "attempt to call a nil value (method 'uper'); did you mean upper?"),
		failing(`local t = setmetatable({}, {__index = {recvfrom = 1}}); t:recvform()`, "attempt to call a nil value (method 'recvform'); did you mean recvfrom?"),
		failing(`local t = {}; t.x.y = 1`, "attempt to index a nil value (field 'x')"),
		failing(`local t; t.x = 1`, "attempt to index a nil value (local 't')"),
		failing(`local t; print(t[1])`, "attempt to index a nil value (local 't')"),
		failing(`udp.socket()`, "attempt to index a nil value (global 'udp')"),
		failing(`strng.find("a")`, "attempt to index a nil value (global 'strng'); did you mean string?"),
		failing(`local a; print(a + 1)`, "attempt to perform arithmetic on a nil value (local 'a')"),
		failing(`local a = {}; print(1 + a.b)`, "attempt to perform arithmetic on a nil value (field 'b')"),
		failing(`print(-{})`, "attempt to perform arithmetic on a table value"),
		failing(`print("x" .. nil)`, "attempt to concatenate a nil value"),
		failing(`local a; print("x" .. a .. "y")`, "attempt to concatenate a nil value (local 'a')"),
		failing(`print(#nothing)`, "attempt to get length of a nil value (global 'nothing')"),
		failing(`print(1 < "2")`, "attempt to compare number with string"),
		failing(`print({} < {})`, "attempt to compare two table values"),
		failing(`for i = 1, "x" do end`, "'for' limit must be a number"),
		failing(`for k in {} do end`, "attempt to call a table value; did you mean for ... in pairs(t)?"),
		failing(`("x"):rep({})`, "bad argument #2 to 'rep' (number expected, got table)"),
	})
}

func TestArithmeticOnStringsIsThatOfLua(t *testing.T) {
	check(t, []printing{
		{`print("010" + 0, "0x10" * 1, " 5 " - 2, "1e2" / 1, -"3", "10" % "4", "2" ^ 3)`, "10\t16\t3\t100\t-3\t2\t8"},
		{`print((pcall(function() return "inf" + 0 end)), (pcall(function() return "1_0" + 0 end)), (pcall(function() return "" + 0 end)))`, "false\tfalse\tfalse"},
		{`print(0.1 + 0.2 .. "", 1e15 .. "", 2^53 .. "", 100 .. "", 1/0 .. "", -1/0 .. "")`, "0.3\t1e+15\t9.007199254741e+15\t100\tinf\t-inf"},
		{`print(5 % -3, -5 % 3, 5.5 % 2, 2^0.5)`, "-1\t1\t1.5\t1.4142135623731"},
		{`for i = "1", "3" do io = i end print(io)`, "3"},
	})
}

func TestTablesForgetDeletedKeysAndShrink(t *testing.T) {
	check(t, []printing{
		{`local t = {} for i = 1, 3e5 do t["k" .. i] = i; t["k" .. i] = nil end print(next(t))`, "nil"},
		{`local t = {} for i = 1, 200 do t["k" .. i] = i end
		  local n = 0 for k in pairs(t) do t[k] = nil; n = n + 1 end print(n, next(t))`, "200\tnil"},
		{`local t = {} for i = 1, 1e5 do t[i] = i end while #t > 0 do t[#t] = nil end print(#t)`, "0"},
		{`local t = {}; t[20000000] = 1; t[1] = 1; print(#t, t[20000000]); for k in pairs(t) do print(k) end`, "1\t1\n1\n20000000"},
	})
}
