package bindings

import "lunawire/bindings/vm"

// DidYouMean is "; did you mean recvfrom?" where names has something near to
// name, else nothing.
func DidYouMean(name string, names []string) string { return vm.DidYouMean(name, names) }

// Near finds the names, at most three, that somebody who typed name is likely
// to have meant.
func Near(name string, names []string) []string { return vm.Near(name, names) }
