package vm

import (
	"sync"

	lua "github.com/yuin/gopher-lua"
)

var opsOnce sync.Once

// setUpOps fills the table of instructions. L is any new state.
func setUpOps(L *lua.LState) {
	opsOnce.Do(func() {
		stockLoop = inside(L).mainLoop
		copy(ops[:], stockOps[:])
	})
}
