package bindings

import (
	"slices"
	"strings"
)

// DidYouMean is `; did you mean "recvfrom"?` where names has something near
// to name, else nothing.
func DidYouMean(name string, names []string) string {
	near := Near(name, names)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// Near finds the names, at most three, that somebody who typed name is likely
// to have meant.
func Near(name string, names []string) []string {
	limit := max(1, len(name)/3)
	best := limit + 1
	var near []string
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		switch {
		case d > limit || d > best || slices.Contains(near, n):
		case d < best:
			best, near = d, []string{n}
		default:
			near = append(near, n)
		}
	}
	return near[:min(3, len(near))]
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours between two words (optimal string alignment).
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
