package scripts_test

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The benchmarks run the same work in lunawire and in CPython, in turns, both
// pinned to one processor, and tell the two rates and their ratio:
//
//	go test ./scripts -run xxx -bench Python
func BenchmarkBesidePython(b *testing.B) {
	python, err := exec.Command("python3", "-c", "import os, sys; print(os.path.realpath(sys.executable))").Output()
	if err != nil {
		b.Skip("python3 is not here")
	}
	if _, err := exec.LookPath("taskset"); err != nil {
		b.Skip("taskset is not here")
	}
	peers := map[string][]string{
		"lunawire": {filepath.Join(b.TempDir(), "lunawire"), "run", "bench"},
		"python":   {strings.TrimSpace(string(python)), "testdata/bench.py"},
	}
	if out, err := exec.Command("go", "build", "-o", peers["lunawire"][0], "lunawire").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, work := range []struct {
		name  string
		count int
	}{{"udp", 50000}, {"udp-tasks", 50000}, {"tcp", 50000}, {"bulk", 30000}, {"accept", 10000}} {
		b.Run(work.name, func(b *testing.B) {
			rates := map[string][]float64{}
			for range max(3, b.N) {
				for _, name := range []string{"lunawire", "python"} {
					rates[name] = append(rates[name], float64(work.count)/measure(b, peers[name], work.name, work.count).Seconds())
				}
			}
			for name, list := range rates {
				b.ReportMetric(median(list), name+"/s")
			}
			b.ReportMetric(median(rates["lunawire"])/median(rates["python"]), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// measure runs both sides of a work and returns how long the client took.
func measure(b *testing.B, peer []string, work string, count int) time.Duration {
	b.Helper()
	command := func(role string, args ...string) *exec.Cmd {
		return exec.Command("taskset", slices.Concat([]string{"-c", "0"}, peer, []string{role, strconv.Itoa(count)}, args)...)
	}
	if strings.HasSuffix(work, "tasks") {
		return timed(b, command(work))
	}
	server := command(work + "-server")
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	took := timed(b, command(work+"-client", strings.TrimSpace(port)))
	if err := server.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}

func timed(b *testing.B, c *exec.Cmd) time.Duration {
	b.Helper()
	start := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v: %s", c, err, out)
	}
	return time.Since(start)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
