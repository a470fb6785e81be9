package ladder_test

import (
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lunawire/bindings/record"
)

// taped is a timeline on which real connections of Go's net package are
// written down as the socket calls that they stand for.
type taped struct {
	*testing.T
	line *record.Timeline
	task record.Task
}

func newTaped(t *testing.T) *taped {
	return &taped{T: t, line: record.New(record.Options{}), task: record.Task{ID: 1, Name: "main"}}
}

func address(a net.Addr) record.Addr {
	switch a := a.(type) {
	case nil:
		return record.Addr{}
	case *net.UnixAddr:
		return record.UnixAddr(a.Name)
	default:
		return record.InetAddr(netip.MustParseAddrPort(a.String()))
	}
}

// peerConn is a connection with its place on the timeline.
type peerConn struct {
	tape *taped
	net.Conn
	socket *record.Socket
}

type listener struct {
	tape *taped
	net.Listener
	socket *record.Socket
}

func (t *taped) call(c *record.Call, do func()) {
	c.Start = time.Now()
	do()
	c.End = time.Now()
	c.Task = t.task
	t.line.Call(c)
}

func (t *taped) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t *taped) listen(network, at string) *listener {
	l := &listener{tape: t}
	l.socket = t.line.Open(record.Opening{Task: t.task, Network: record.TCP})
	var err error
	l.Listener, err = net.Listen(network, at)
	t.must(err)
	t.Cleanup(func() { l.Listener.Close() })
	local := address(l.Addr())
	t.call(&record.Call{Socket: l.socket, Name: "bind", Args: record.Args{record.Address}, Addr: local, Local: local}, func() {})
	t.call(&record.Call{Socket: l.socket, Name: "listen", Args: record.Args{record.Int(10)}}, func() {})
	return l
}

func (t *taped) dial(to net.Addr) *peerConn {
	p := &peerConn{tape: t}
	p.socket = t.line.Open(record.Opening{Task: t.task, Network: record.TCP})
	c := &record.Call{Socket: p.socket, Name: "connect", Args: record.Args{record.Address}, Addr: address(to), Peer: address(to)}
	t.call(c, func() {
		var err error
		p.Conn, err = net.Dial(to.Network(), to.String())
		t.must(err)
		t.Cleanup(func() { p.Conn.Close() })
		c.Local = address(p.LocalAddr())
	})
	return p
}

func (l *listener) accept() *peerConn {
	p := &peerConn{tape: l.tape}
	c := &record.Call{Socket: l.socket, Name: "accept"}
	l.tape.call(c, func() {
		var err error
		p.Conn, err = l.Accept()
		l.tape.must(err)
		l.tape.Cleanup(func() { p.Conn.Close() })
		c.Addr = address(p.RemoteAddr())
		p.socket = l.tape.line.Open(record.Opening{Network: record.TCP, From: l.socket, Local: address(p.LocalAddr()), Peer: c.Addr})
		c.Made = p.socket
	})
	return p
}

func (p *peerConn) send(data string) {
	p.tape.call(&record.Call{Socket: p.socket, Name: "send", Args: record.Args{record.Data}, Flow: record.Sent, Data: data}, func() {
		_, err := p.Write([]byte(data))
		p.tape.must(err)
	})
}

func (p *peerConn) recv(n int) {
	c := &record.Call{Socket: p.socket, Name: "recv", Args: record.Args{record.Int(int64(n))}, Flow: record.Received}
	buffer := make([]byte, n)
	p.tape.call(c, func() {
		got, err := p.Read(buffer)
		c.Bytes = buffer[:got]
		if err != nil {
			c.Err = record.EndOfStream
			if strings.Contains(err.Error(), "reset") {
				c.Err, c.Message = "ECONNRESET", "connection reset by peer"
			}
		}
	})
}

func (p *peerConn) close() {
	p.tape.call(&record.Call{Socket: p.socket, Name: "close"}, func() { p.tape.must(p.Conn.Close()) })
}

// packetConn is a datagram socket with its place on the timeline.
type packetConn struct {
	tape *taped
	net.PacketConn
	socket *record.Socket
}

func (t *taped) udp(at string) *packetConn {
	p := &packetConn{tape: t}
	p.socket = t.line.Open(record.Opening{Task: t.task, Network: record.UDP})
	var err error
	p.PacketConn, err = net.ListenPacket("udp", at)
	t.must(err)
	t.Cleanup(func() { p.PacketConn.Close() })
	local := address(p.LocalAddr())
	t.call(&record.Call{Socket: p.socket, Name: "bind", Args: record.Args{record.Address}, Addr: local, Local: local}, func() {})
	return p
}

func (p *packetConn) sendto(data string, to net.Addr) {
	p.tape.call(&record.Call{Socket: p.socket, Name: "sendto", Args: record.Args{record.Data, record.Address},
		Flow: record.Sent, Data: data, Addr: address(to)}, func() {
		_, err := p.WriteTo([]byte(data), to)
		p.tape.must(err)
	})
}

// recvfrom receives a datagram and keeps n bytes of it.
func (p *packetConn) recvfrom(n int) {
	c := &record.Call{Socket: p.socket, Name: "recvfrom", Args: record.Args{record.Int(int64(n))}, Flow: record.Received}
	buffer := make([]byte, 65536)
	p.tape.call(c, func() {
		full, from, err := p.ReadFrom(buffer)
		p.tape.must(err)
		kept := min(n, full)
		c.Bytes, c.Lost, c.Addr = buffer[:kept], int64(full-kept), address(from)
	})
}

func (p *packetConn) close() {
	p.tape.call(&record.Call{Socket: p.socket, Name: "close"}, func() { p.tape.must(p.PacketConn.Close()) })
}

// fill receives n bytes in one call, however they come.
func (p *peerConn) fill(n int) {
	c := &record.Call{Socket: p.socket, Name: "recv", Args: record.Args{record.Int(int64(n))}, Flow: record.Received}
	buffer := make([]byte, n)
	p.tape.call(c, func() {
		_, err := io.ReadFull(p, buffer)
		p.tape.must(err)
		c.Bytes = buffer
	})
}

// unixPair connects two Unix sockets, as socketpair does where there is one.
func (t *taped) unixPair() (a, b net.Conn) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	t.must(err)
	defer l.Close()
	a, err = net.Dial("unix", l.Addr().String())
	t.must(err)
	b, err = l.Accept()
	t.must(err)
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}
