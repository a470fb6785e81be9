package all_test

import (
	"testing"

	"lunawire/scripts"
)

func TestEveryWalkthroughDoesWhatItSays(t *testing.T) {
	for _, s := range scripts.List() {
		if len(expectation(s.Source)) == 0 {
			continue // it talks to others; the tests of scripts run it
		}
		t.Run(s.Name, func(t *testing.T) {
			const localPort = "0" // any that is free; those that take no argument ignore it
			check(t, s.Source, run(t, s.Name, s.Source, localPort))
		})
	}
}
