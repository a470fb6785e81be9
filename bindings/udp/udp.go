// Package udp is the Lua module "udp": datagram sockets with less to type.
package udp

import (
	"lunawire/bindings"
	"lunawire/bindings/sock"
	"lunawire/bindings/socket"
)

// New is the plugin; its sockets are those of s.
func New(s *socket.Plugin) bindings.Plugin { return plugin{s} }

type plugin struct{ sockets *socket.Plugin }

func (p plugin) Module(*bindings.Runtime) bindings.Module {
	return bindings.Module{
		Name: "udp",
		Doc:  "UDP: datagrams, sent without a connection and without a promise.\n\nSee help(\"socket\") for the methods.",
		Funcs: []bindings.Func{{
			Name: "socket", Params: "family?", Results: "s",
			Doc:     "Makes a UDP socket: socket(AF_INET, SOCK_DGRAM).\n\nfamily is \"inet\" (the default), \"inet6\" or \"unix\".",
			Example: "local s = udp.socket()\ns:bind(\"127.0.0.1\", 0)\nprint(s)   --> <udp 127.0.0.1:<port>>",
			Go:      bindings.Do1to1(p.socket),
		}},
	}
}

func (p plugin) socket(task *bindings.Task, family bindings.Opt[socket.FamilyName]) (*socket.Socket, error) {
	f, err := family.Or("inet").Family()
	if err != nil {
		return nil, err
	}
	return p.sockets.Registry.Open(task, f, sock.Dgram, 0)
}
