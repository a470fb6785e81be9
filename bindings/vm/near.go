package vm

import (
	"slices"
	"strings"
)

// DidYouMean is "; did you mean recvfrom?" where names has something near to
// name, else nothing.
func DidYouMean(name string, names []string) string {
	near := Near(name, names)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// Near finds the names, at most three, that somebody who typed name is likely
// to have meant: a slip of the finger or two away, capitals not counting.
func Near(name string, names []string) []string {
	const longest = 64 // there is no name like it, and a script may give any string for one
	if len(name) > longest {
		return nil
	}
	best := min(2, len(name)/3) + 1
	var near []string
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		switch {
		case d > min(2, len(name)/3) || d > best || slices.Contains(near, n):
		case d < best:
			best, near = d, []string{n}
		default:
			near = append(near, n)
		}
	}
	return near[:min(3, len(near))]
}

// distance counts the letters to add, drop, change or swap to get from a to b;
// 3 stands for more than 2.
func distance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
