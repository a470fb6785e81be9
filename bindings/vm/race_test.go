//go:build race

package vm_test

// raced says that the race detector is on, under which the loops of this
// package run some ten times slower.
const raced = true
