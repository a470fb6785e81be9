-- Broadcast: one datagram for many (广播)
-- usage: lunawire demo demo_broadcast
-- UDP can send to all at once. TCP cannot: a connection is between two (TCP是
-- 一对一的连接，不适用广播).

--- 接收者 Two receivers on one port
-- To hear a broadcast, bind its port on any address. Two sockets share a port
-- if both say so first; usually they are on different machines.
local function receiver(port)
  local s = udp.socket()
  s:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
  s:bind("", port)
  return s
end
local one = receiver(0)
local port = one:getsockname().port
local two = receiver(port)

--- 不允许 Not without asking
-- 127.255.255.255 is the broadcast address of the loopback network. (Of a home
-- network it may be 192.168.1.255; 255.255.255.255 is whatever network this is.)
local sender = udp.socket()
local ok, err = pcall(sender.sendto, sender, "hello", "127.255.255.255", port)
print(ok, err.code)    --> false	EACCES

--- 广播 SO_BROADCAST
sender:setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sender:sendto(("大家好"):encode("gbk"), "127.255.255.255", port)
local data, from = one:recvfrom(1024)
print(data:decode("gbk"), from)    --> 大家好	127.0.0.1:<port>
data = two:recvfrom(1024)
print(data:decode("gbk"))    --> 大家好

--- 回答 Who answers, answers one
one:sendto("here", from)
print((sender:recvfrom(1024)))    --> here

--- TCP 不能广播 TCP can not
-- connect needs one other end.
local stream = tcp.socket()
ok, err = pcall(stream.connect, stream, "127.255.255.255", port)
print(ok, err.code)    --> false	ENETUNREACH

--- 关闭 Close
for _, s in ipairs{one, two, sender, stream} do
  s:close()
end
print(#sockets())    --> 0
