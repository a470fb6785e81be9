//go:build !unix

package all_test

// descriptorLimit is how many descriptors the process may have.
func descriptorLimit() int { return 256 }
