package socket_test

import "testing"

func TestALimitBelowZeroIsMisuse(t *testing.T) {
	teach(t, []lesson{
		{"recvline", `local a, b = socket.socketpair() a:send("x\n") print(select(2, pcall(b.recvline, b, -1)))`,
			"usage: s:recvline(max?, opts?) (max: 0 or more expected, got -1)\n"},
		{"recvuntil", `local a, b = socket.socketpair() a:send("x\n") print(select(2, pcall(b.recvuntil, b, "\n", -1))) print(b:recvline())`,
			"usage: s:recvuntil(delimiter, max?, opts?) (max: 0 or more expected, got -1)\nx\n"},
	})
}
