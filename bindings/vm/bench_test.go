package vm_test

import (
	"testing"

	lua "github.com/yuin/gopher-lua"

	"lunawire/bindings/vm"
)

// workloads are run here and on plain gopher-lua without a context, which
// cannot be interrupted: the difference is what the mending costs.
var workloads = []struct{ name, source string }{
	{"fib(30)", `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(30)`},
	{"loop of 5e6", `local x = 0; for i = 1, 5e6 do x = (x + i) % 7 end`},
	{"table ops", `
		for _ = 1, 20 do
			local t = {}
			for i = 1, 20000 do t[i] = i end
			local named = {}
			for i = 1, 2000 do named["k" .. i] = i end
			local sum = 0
			for _, v in ipairs(t) do sum = sum + v end
			for _, v in pairs(named) do sum = sum + v end
			for i = 1, 20000 do t[i] = t[i] + 1 end
			while #t > 10000 do table.remove(t) end
		end`},
	{"fields and methods", `
		local point = {}
		point.__index = point
		function point.add(self, n) self.x = self.x + n; return self end
		local p = setmetatable({x = 0}, point)
		for i = 1, 1e6 do p:add(i) end`},
}

func BenchmarkHere(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			m := vm.New(vm.Options{})
			defer m.Close()
			fn, err := m.Load("bench", w.source)
			if err != nil {
				b.Fatal(err)
			}
			m.Main().Lock()
			defer m.Main().Unlock()
			for b.Loop() {
				if _, err := m.Main().Call(fn); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPlainGopherLua(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			L := lua.NewState()
			defer L.Close()
			fn, err := L.LoadString(w.source)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				L.Push(fn)
				L.Call(0, 0)
			}
		})
	}
}
