package vm

// largest is how many bytes a library call may make at once.
func (v *VM) largest() int64 {
	const otherwise = 1 << 30
	if v.options.Memory > 0 {
		return v.options.Memory / 2
	}
	return otherwise
}
