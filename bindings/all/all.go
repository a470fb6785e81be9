// Package all lists the plugins that the program ships, in reading order.
package all

import (
	"lunawire/bindings"
	"lunawire/bindings/bytes"
	"lunawire/bindings/fs"
	"lunawire/bindings/socket"
	"lunawire/bindings/task"
	"lunawire/bindings/tcp"
	"lunawire/bindings/term"
	"lunawire/bindings/text"
	"lunawire/bindings/trace"
	"lunawire/bindings/udp"
)

// Plugins makes the plugins of one Runtime.
func Plugins() []bindings.Plugin {
	sockets := socket.New()
	return []bindings.Plugin{
		sockets,
		sockets.Globals(),
		udp.New(sockets),
		tcp.New(sockets),
		text.Plugin,
		bytes.Plugin,
		bytes.Strings,
		bytes.Bit32,
		task.Plugin{},
		fs.Plugin,
		term.Plugin{},
		trace.New(Decode),
	}
}

// Decode is the text of bytes in an encoding, if they are whole in it.
func Decode(encoding, data string) (string, bool) {
	codec, err := text.Lookup(encoding)
	if err != nil {
		return "", false
	}
	decoded, err := codec.Decode(data, text.Strict)
	return decoded, err == nil
}
