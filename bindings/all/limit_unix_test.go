//go:build unix

package all_test

import "syscall"

// descriptorLimit is how many descriptors the process may have.
func descriptorLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 256
	}
	return int(limit.Cur)
}
