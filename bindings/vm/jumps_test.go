package vm_test

import "testing"

func TestALoopThatBeginsWithAJumpRuns(t *testing.T) {
	check(t, []printing{
		{`local n = 0 for _, v in pairs({1, 2, 3}) do goto continue print("no") ::continue:: n = n + v end print(n)`, "6"},
		{`local n = 0 for _, v in ipairs({1, 2, 3}) do do goto continue end print("no") ::continue:: n = n + v end print(n)`, "6"},
		{`local n = 0 for i = 1, 3 do goto continue print("no") ::continue:: n = n + i end print(n)`, "6"},
		{`local n = 0 while true do goto on print("no") ::on:: n = n + 1 if n > 3 then break end end print(n)`, "4"},
		{`local n = 0 while n < 4 do goto on print("no") ::on:: n = n + 1 end print(n)`, "4"},
		{`local n = 0 repeat goto on print("no") ::on:: n = n + 1 until n > 3 print(n)`, "4"},
		{`local n = 0 repeat repeat break until n n = n + 1 until n > 3 print(n)`, "4"},
		{`local n = 0 ::top:: if false then end goto on print("no") ::on:: n = n + 1 if n < 4 then goto top end print(n)`, "4"},
		{`local n = 0 ::top:: ::again:: do end goto on ::on:: n = n + 1 if n < 4 then goto top end print(n)`, "4"},
		{`for _ in pairs({1, 2}) do if false then print("no") else print("yes") end end`, "yes\nyes"},
		{`for _ in pairs({1, 2}) do if not true then print("no") end print("yes") end`, "yes\nyes"},
		{`for _ in pairs({1, 2}) do if nil and x then print("no") end print("yes") end`, "yes\nyes"},
		{`for _ in pairs({1, 2}) do while true do break end print("yes") end`, "yes\nyes"},
		{`for _ in pairs({1, 2}) do while false do end print("yes") end`, "yes\nyes"},
		{`for _ in pairs({1, 2}) do break end print("out")`, "out"},
		{`local f = {function() for _, v in pairs({1, 2}) do goto c print("no") ::c:: print(v) end end} f[1]()`, "1\n2"},
		{`local n = 0 while true do while true do goto out end ::out:: n = n + 1 if n > 3 then break end end print(n)`, "4"},
		{"for _, v in pairs({1, 2}) do\n goto c\n ::c::\n local x = v.y.z\nend", "error: test.lua:4: attempt to index a number value (local 'v')"},
	})
}
