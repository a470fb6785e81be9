// Package scripts holds the walkthroughs that the program carries: the
// programs of the teaching notes as Lua, and demonstrations that show both ends
// at once, runnable by name.
package scripts

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.lua
var files embed.FS

// A Script is one walkthrough.
type Script struct {
	Name   string // "udp_send"
	Title  string // its first comment line
	Source string
}

// reading is the order in which the notes take the programs, and then the
// demonstrations.
var reading = []string{
	"socket_types", "udp_send", "udp_send_bound", "udp_receive", "udp_self", "udp_chat",
	"tcp_client", "tcp_server", "file_server", "file_client",
	"demo_udp", "demo_tcp", "demo_stream", "demo_errors", "demo_backlog", "demo_broadcast", "demo_chat", "demo_download",
}

// List returns the walkthroughs in reading order.
func List() []Script {
	list := make([]Script, 0, len(reading))
	for _, name := range reading {
		s, err := Find(name)
		if err != nil {
			panic(err) // the list above names a file that is not there
		}
		list = append(list, s)
	}
	return list
}

// Find returns the walkthrough of that name.
func Find(name string) (Script, error) {
	source, err := fs.ReadFile(files, name+".lua")
	if err != nil {
		return Script{}, fmt.Errorf("no walkthrough %q; there are %s", name, strings.Join(reading, ", "))
	}
	title, _, _ := strings.Cut(string(source), "\n")
	return Script{Name: name, Title: strings.TrimSpace(strings.TrimLeft(title, "-")), Source: string(source)}, nil
}
