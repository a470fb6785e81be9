//go:build race

package text

// raceDetector makes arithmetic ten times slower and finds nothing in it.
const raceDetector = true
