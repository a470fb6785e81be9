-- The two arguments of socket.socket: family and type (网络类型和套接字类型)
-- usage: lunawire run socket_types

--- 网络类型 The address family
-- AF_INET is IPv4, AF_INET6 is IPv6. Both are used by every kind of machine:
-- AF_INET6 is not "for mobile devices", it is the newer kind of address.
print("socket.AF_INET", socket.AF_INET)      --> socket.AF_INET	2
print("socket.AF_INET6", socket.AF_INET6)    --> socket.AF_INET6	<number>

--- 套接字类型 The type
-- SOCK_DGRAM is for datagrams, which is UDP: each message travels alone.
-- SOCK_STREAM is for a stream of bytes over a connection, which is TCP.
print("socket.SOCK_DGRAM", socket.SOCK_DGRAM)      --> socket.SOCK_DGRAM	2
print("socket.SOCK_STREAM", socket.SOCK_STREAM)    --> socket.SOCK_STREAM	1

--- 四种套接字 The four of them
-- The socket exists from here on; it has no address yet.
local ipv4_udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
local ipv4_tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
local ipv6_udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
local ipv6_tcp = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
print("ipv4 udp", ipv4_udp)    --> ipv4 udp	<udp 0.0.0.0:0>
print("ipv4 tcp", ipv4_tcp)    --> ipv4 tcp	<tcp 0.0.0.0:0 CLOSED>
print("ipv6 udp", ipv6_udp)    --> ipv6 udp	<udp [::]:0>
print("ipv6 tcp", ipv6_tcp)    --> ipv6 tcp	<tcp [::]:0 CLOSED>

--- 释放 Close
-- close gives the descriptor, and the port if there is one, back.
for _, s in ipairs{ipv4_udp, ipv4_tcp, ipv6_udp, ipv6_tcp} do
  s:close()
end
print("open sockets", #sockets())    --> open sockets	0
