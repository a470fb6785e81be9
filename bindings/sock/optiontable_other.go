//go:build !linux && !darwin

package sock

const sourceBeforeLocal = false

var optionLevels, optionNumbers map[string]int
