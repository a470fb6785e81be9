package sock

import (
	"context"
	"net"
)

// UseDialer makes lookups reach their name server through dial, until restore is called.
func UseDialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) (restore func()) {
	was := resolver
	resolver = newResolver(dial)
	resolver.PreferGo = true // the C library would ask the name server of the system
	return func() { resolver = was }
}
