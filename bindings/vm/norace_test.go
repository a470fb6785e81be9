//go:build !race

package vm_test

// raced says that the race detector is on.
const raced = false
