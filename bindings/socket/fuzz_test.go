package socket

import (
	"math"
	"strconv"
	"testing"

	"lunawire/bindings/sock"
)

// FuzzAddress reads anything as an address, without a look-up of names: what
// is one is written, and read again the same.
func FuzzAddress(f *testing.F) {
	for _, a := range []string{"127.0.0.1:80", "[::1]:80", "::1", "", "*", ":80", "*:80", "<broadcast>:9", "[::ffff:1.2.3.4]:1", "[fe80::1%lo]:1", "1.2.3.4:70000",
		"a:b:c", "[::1]", "[::1", "::1]:5", "host:http", "127.1:80", "0x7f.1:1", " 127.0.0.1:80", "127.0.0.1: 80", "127.0.0.1:+80", "[[::1]]:1", "127.0.0.1:08"} {
		f.Add(a, false, 0.0, "")
		f.Add(a, true, 80.0, "")
		f.Add(a, true, math.NaN(), "80")
	}
	f.Fuzz(func(t *testing.T, host string, separate bool, port float64, service string) {
		given := []any{host}
		switch {
		case separate && service != "":
			given = append(given, service)
		case separate:
			given = append(given, port)
		}
		var d Dest
		if d.setPair(given) != nil {
			return
		}
		_ = d.String()
		if d.split() != nil || d.service != "" {
			return
		}
		for _, family := range []sock.Family{sock.Inet, sock.Inet6} {
			addr, ok := d.literal(family)
			if !ok {
				continue
			}
			again := Dest{host: addr.String()}
			if err := again.split(); err != nil {
				t.Fatalf("got %v for %v\nfrom %q", err, addr, host)
			}
			if same, ok := again.literal(family); !ok || same != addr || addr.Port() != int(d.port) {
				t.Errorf("got %v, %v, want %v with port %d\nfrom %q", same, ok, addr, d.port, host)
			}
			var pair Dest
			if err := pair.setPair([]any{addr.Host(), strconv.Itoa(addr.Port())}); err != nil {
				t.Fatal(err)
			}
			if same, ok := pair.literal(family); !ok || same != addr {
				t.Errorf("got %v, %v, want %v from its fields\nfrom %q", same, ok, addr, host)
			}
		}
	})
}
