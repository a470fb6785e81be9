//go:build !race

package all_test

// raceDetector tells whether the tests run under it: it makes them slower tenfold.
const raceDetector = false
