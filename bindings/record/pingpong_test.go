package record_test

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"lunawire/bindings/record"
)

// pinger is a real UDP socket that records its calls as the product does: the
// clock is read before and after each. Without a socket it records nothing.
type pinger struct {
	*net.UDPConn
	timeline *record.Timeline
	socket   *record.Socket
	local    record.Addr
	buffer   []byte
}

func newPinger(b *testing.B, tl *record.Timeline) *pinger {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	p := &pinger{UDPConn: conn, timeline: tl, buffer: make([]byte, 64),
		local: record.InetAddr(conn.LocalAddr().(*net.UDPAddr).AddrPort())}
	if tl != nil {
		p.socket = tl.Open(record.Opening{Network: record.UDP, Local: p.local})
	}
	return p
}

func (p *pinger) send(to netip.AddrPort) error {
	if p.timeline == nil {
		_, err := p.WriteToUDPAddrPort(p.buffer, to)
		return err
	}
	start := time.Now()
	_, err := p.WriteToUDPAddrPort(p.buffer, to)
	p.timeline.Call(&record.Call{Socket: p.socket, Task: task, Name: "sendto", Args: record.Args{record.Data, record.Address},
		Flow: record.Sent, Bytes: p.buffer, Addr: record.InetAddr(to), Local: p.local, Start: start, End: time.Now()})
	return err
}

func (p *pinger) recv() error {
	if p.timeline == nil {
		_, _, err := p.ReadFromUDPAddrPort(p.buffer)
		return err
	}
	start := time.Now()
	n, from, err := p.ReadFromUDPAddrPort(p.buffer)
	p.timeline.Call(&record.Call{Socket: p.socket, Task: task, Name: "recvfrom", Args: record.Args{record.Int(64)},
		Flow: record.Received, Bytes: p.buffer[:n], Addr: record.InetAddr(from), Local: p.local, Start: start, End: time.Now()})
	return err
}

func pingPong(b *testing.B, tl *record.Timeline) {
	one, other := newPinger(b, tl), newPinger(b, tl)
	var echo sync.WaitGroup
	echo.Go(func() {
		for other.recv() == nil && other.send(one.local.Inet) == nil {
		}
	})
	for b.Loop() {
		if err := one.send(other.local.Inet); err != nil {
			b.Fatal(err)
		}
		if err := one.recv(); err != nil {
			b.Fatal(err)
		}
	}
	other.Close()
	echo.Wait()
}

// BenchmarkPingPong is a round trip between two UDP sockets, four calls.
func BenchmarkPingPong(b *testing.B) {
	b.Run("not recorded", func(b *testing.B) { pingPong(b, nil) })
	b.Run("recorded", func(b *testing.B) { pingPong(b, record.New(record.Options{})) })
	b.Run("traced", func(b *testing.B) {
		tl := record.New(record.Options{})
		sub := tl.Subscribe(0)
		var tracing sync.WaitGroup
		tracing.Go(func() {
			var lines record.Lines
			for {
				events, _, err := sub.Next(context.Background())
				if err != nil {
					return
				}
				for i := range events {
					lines.Line(&events[i])
				}
			}
		})
		pingPong(b, tl)
		sub.Close()
		tracing.Wait()
	})
}
