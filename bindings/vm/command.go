package vm

import (
	"errors"
	"os/exec"

	lua "github.com/yuin/gopher-lua"
)

// wait runs what waits without the lock; an interrupt calls abort, which must
// make it return. If the thread is interrupted already, it raises.
func wait(L *lua.LState, abort, waiting func()) {
	t := Running(L)
	if t.Arm(abort) != nil {
		Check(L)
	}
	defer t.Disarm()
	outside(L, waiting)
}

// exitStatus is what a command ended with: its status, 128 and the signal, or
// -1 if it did not run.
func exitStatus(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return statusOf(exit.ProcessState)
	}
	return -1
}
