package scripts_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A benchPeer is a program that can do the works of bench.lua.
type benchPeer struct {
	name    string
	command []string
	lacks   string // the works that it cannot do
}

// A benchWork is one thing that the peers are timed at, alone or with a server
// and a client that are both the peer's.
type benchWork struct {
	name, title string
	count       int
	alone       bool
	unit        string  // what a count is shown as
	scale       float64 // how many units a count is
}

const benchFileSize = 8 << 20

var benchWorks = []benchWork{
	{name: "udp", title: "UDP ping-pong 64 B, two processes", count: 40000, unit: "/s", scale: 1},
	{name: "udp-tasks", title: "UDP ping-pong 64 B, two tasks of one process", count: 40000, alone: true, unit: "/s", scale: 1},
	{name: "udp-self", title: "UDP ping-pong 64 B, one task to itself", count: 60000, alone: true, unit: "/s", scale: 1},
	{name: "tcp", title: "TCP ping-pong 64 B, two processes", count: 40000, unit: "/s", scale: 1},
	{name: "bulk", title: "TCP bulk, 64 KiB at a time", count: 16000, unit: " MB/s", scale: 65536 / 1e6},
	{name: "file", title: "a file through sendfile", count: 100, unit: " MB/s", scale: benchFileSize / 1e6},
	{name: "accept", title: "connect + accept + close", count: 8000, unit: "/s", scale: 1},
}

// BenchmarkPeers runs the same work in lunawire, C, CPython and LuaSocket, in
// turns, and prints the medians and their ratios to C as Markdown:
//
//	go test ./scripts -run xxx -bench Peers -benchtime 7x
//
// Once everything is pinned to one processor, and once each side has one of its
// own; unpinned runs jump between the two. -benchtime says how many turns. To
// choose: -bench Peers/one/tcp.
func BenchmarkPeers(b *testing.B) {
	if _, err := exec.LookPath("taskset"); err != nil {
		b.Skip("taskset is not here")
	}
	peers := benchPeers(b)
	file := filepath.Join(b.TempDir(), "file")
	if err := os.WriteFile(file, make([]byte, benchFileSize), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, pin := range []struct{ name, title, server, client, alone string }{
		{"one", "one CPU", "0", "0", "0"},
		{"two", "two CPUs", "0", "1", "0,1"},
	} {
		table := [][]string{{pin.title}}
		for _, p := range peers {
			table[0] = append(table[0], p.name)
		}
		b.Run(pin.name, func(b *testing.B) {
			for _, work := range benchWorks {
				b.Run(work.name, func(b *testing.B) {
					rates := benchTurns(b, peers, work, func(p benchPeer) time.Duration {
						if work.alone {
							return timed(b, exec.Command("taskset", slices.Concat([]string{"-c", pin.alone}, p.command, []string{work.name, strconv.Itoa(work.count)})...))
						}
						return measure(b, p, work, pin.server, pin.client, file)
					})
					if table[len(table)-1][0] != work.title { // the framework tries once by itself
						table = append(table, nil)
					}
					table[len(table)-1] = benchRow(b, peers, work, rates)
				})
			}
		})
		printTable(os.Stdout, table)
	}
}

// benchPeers finds the peers that are installed and builds those that are ours;
// the first is the measure of the others.
func benchPeers(b *testing.B) []benchPeer {
	folder := b.TempDir()
	c, lunawire := filepath.Join(folder, "c"), filepath.Join(folder, "lunawire")
	for _, build := range [][]string{
		{"cc", "-O2", "-pthread", "-o", c, "testdata/bench/bench.c"},
		{"go", "build", "-o", lunawire, "lunawire"},
	} {
		if out, err := exec.Command(build[0], build[1:]...).CombinedOutput(); err != nil {
			b.Skipf("%v: %v: %s", build, err, out)
		}
	}
	peers := []benchPeer{{name: "C", command: []string{c}}, {name: "lunawire", command: []string{lunawire, "run", "bench"}}}
	if path, err := exec.Command("python3", "-c", "import os, sys; print(os.path.realpath(sys.executable))").Output(); err == nil {
		peers = append(peers, benchPeer{name: "CPython", command: []string{strings.TrimSpace(string(path)), "testdata/bench/bench.py"}})
	}
	for _, lua := range []string{"lua5.1", "luajit"} {
		if exec.Command(lua, "-e", `require("socket")`).Run() == nil {
			peers = append(peers, benchPeer{name: "LuaSocket, " + lua, command: []string{lua, "testdata/bench/luasocket.lua"}, lacks: "udp-tasks file"})
		}
	}
	return peers
}

// benchTurns times a work with each peer in turn and gives the median rate of each.
func benchTurns(b *testing.B, peers []benchPeer, work benchWork, run func(benchPeer) time.Duration) []float64 {
	rates := make([][]float64, len(peers))
	for range b.N {
		for i, p := range peers {
			if !slices.Contains(strings.Fields(p.lacks), work.name) {
				rates[i] = append(rates[i], float64(work.count)*work.scale/run(p).Seconds())
			}
		}
	}
	medians := make([]float64, len(peers))
	for i, list := range rates {
		medians[i] = median(list)
	}
	return medians
}

// benchRow is the line of a work in the table.
func benchRow(b *testing.B, peers []benchPeer, work benchWork, rates []float64) []string {
	row := []string{work.title}
	for i, rate := range rates {
		if rate == 0 {
			row = append(row, "–")
			continue
		}
		row = append(row, fmt.Sprintf("%.0f%s, %.2f", rate, work.unit, rate/rates[0]))
		if peers[i].name == "lunawire" {
			b.ReportMetric(rate/rates[0], "of-C")
		}
	}
	b.ReportMetric(0, "ns/op")
	return row
}

func printTable(w io.Writer, table [][]string) {
	if len(table) < 2 {
		return
	}
	for i, row := range table {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
}

// measure runs both sides of a work and returns how long the client took.
func measure(b *testing.B, p benchPeer, work benchWork, serverCPU, clientCPU, file string) time.Duration {
	b.Helper()
	command := func(cpu, role string, args ...string) *exec.Cmd {
		return exec.Command("taskset", slices.Concat([]string{"-c", cpu}, p.command, []string{work.name + role, strconv.Itoa(work.count)}, args)...)
	}
	server := command(serverCPU, "-server")
	server.Stderr = os.Stderr
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
	took := timed(b, command(clientCPU, "-client", strings.TrimSpace(port), file))
	if err := server.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}

// timed runs a client and returns the time between its "go" and its "done", so
// that neither the start of a program nor that of an interpreter counts.
func timed(b *testing.B, c *exec.Cmd) time.Duration {
	b.Helper()
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewReader(out)
	expect := func(word string) time.Time {
		if line, err := lines.ReadString('\n'); strings.TrimSpace(line) != word {
			b.Fatalf("got %q, %v, want %q of %v", line, err, word, c)
		}
		return time.Now()
	}
	start := expect("go")
	took := expect("done").Sub(start)
	if err := c.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}

// median is that of the list, 0 of none.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
