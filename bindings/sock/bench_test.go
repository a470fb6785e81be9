//go:build unix

package sock_test

import (
	"fmt"
	"testing"

	"lunawire/bindings/sock"
)

// eachMode runs a benchmark in each wait mode.
func eachMode(b *testing.B, bench func(b *testing.B)) {
	was := sock.CurrentWaitMode()
	defer sock.SetWaitMode(was)
	for _, m := range []sock.WaitMode{sock.Park, sock.Auto} {
		sock.SetWaitMode(m)
		b.Run(fmt.Sprintf("mode=%v", m), bench)
	}
}

func perSecond(b *testing.B, unit string) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), unit)
	b.ReportMetric(0, "ns/op")
}

func BenchmarkDatagramPingPong(b *testing.B) {
	eachMode(b, func(b *testing.B) {
		client, server, _, addrS := udp(b)
		done := make(chan struct{})
		go func() {
			defer close(done)
			p := make([]byte, 1024)
			for {
				n, from, _, err := server.RecvFromInto(background, p, 0)
				if err != nil {
					return
				}
				server.SendTo(background, "0123456789abcdef"[:n], from, 0)
			}
		}()
		p := make([]byte, 1024)
		b.ReportAllocs()
		for b.Loop() {
			client.SendTo(background, "0123456789abcdef", addrS, 0)
			if _, from, _, err := client.RecvFromInto(background, p, 0); err != nil || from != addrS {
				b.Fatal(from, err)
			}
		}
		perSecond(b, "roundtrips/s")
		server.Close()
		<-done
	})
}

func BenchmarkStreamPingPong(b *testing.B) {
	eachMode(b, func(b *testing.B) {
		client, server := tcp(b)
		done := make(chan struct{})
		go func() {
			defer close(done)
			p := make([]byte, 1024)
			for {
				n, err := server.RecvInto(background, p, 0)
				if err != nil {
					return
				}
				server.Send(background, "0123456789abcdef"[:n], 0)
			}
		}()
		p := make([]byte, 1024)
		b.ReportAllocs()
		for b.Loop() {
			client.Send(background, "0123456789abcdef", 0)
			if _, err := client.RecvInto(background, p, 0); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, "roundtrips/s")
		client.Close()
		<-done
	})
}

func BenchmarkDatagramInOneTask(b *testing.B) {
	client, server, _, addrS := udp(b)
	p := make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		client.SendTo(background, "0123456789abcdef", addrS, 0)
		server.RecvFromInto(background, p, 0)
	}
}

func BenchmarkConnectAcceptClose(b *testing.B) {
	eachMode(b, func(b *testing.B) {
		l, addr := listener(b, 128)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				c, _, err := l.Accept(background)
				if err != nil {
					return
				}
				c.Close()
			}
		}()
		b.ReportAllocs()
		for b.Loop() {
			c, err := sock.Open(sock.Inet, sock.Stream, 0)
			must(b, err)
			must(b, c.Connect(background, addr))
			c.Recv(background, 1, 0)                                 // wait for the server: a full queue would drop the next SYN
			must(b, c.SetOption("SO_LINGER", sock.Linger{On: true})) // leave no TIME-WAIT
			must(b, c.Close())
		}
		perSecond(b, "connections/s")
		l.Close()
		<-done
	})
}

func BenchmarkBulk(b *testing.B) {
	for _, size := range []int{16 << 10, 64 << 10, 256 << 10} {
		b.Run(fmt.Sprintf("size=%dK", size>>10), func(b *testing.B) {
			client, server := tcp(b)
			data := string(make([]byte, size))
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					if _, err := server.Recv(background, size, 0); err != nil {
						return
					}
				}
			}()
			b.SetBytes(int64(size))
			for b.Loop() {
				send(b, client, data)
			}
			client.Close()
			<-done
		})
	}
}
