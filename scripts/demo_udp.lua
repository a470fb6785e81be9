-- UDP step by step: datagrams (UDP，数据报)
-- usage: lunawire demo demo_udp
-- Both ends are in this window. Whoever waits does so in a task of its own, and
-- hands over what it got through a queue.

--- 创建套接字 Two sockets
-- A socket exists from socket() on. It has no port (端口) yet.
local sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
local receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(sender:state(), receiver:state())    --> UNBOUND	UNBOUND

--- 绑定端口 The receiver binds
-- Whoever wants to be found needs a port that others know. Port 0 means: any
-- that is free. getsockname tells which one it became.
receiver:bind("127.0.0.1", 0)
local address = receiver:getsockname()
print(receiver:state(), address)    --> BOUND	127.0.0.1:<port>

--- 接收信息 The receiver waits
-- recvfrom waits until a datagram is there. The task waits, we go on.
local inbox = task.queue()
local function receive(size)
  task.spawn(function()
    local data, from, truncated = receiver:recvfrom(size)
    inbox:put{data = data, from = from, truncated = truncated}
  end)
end
receive(1024)

--- 不绑定端口发信息 Send without binding
-- sendto gives the socket a free port (随机分配一个本地端口), and the datagram
-- carries it: the receiver learns where it came from.
sender:sendto("abc", address)
local got = inbox:get()
print(got.data, got.from)    --> abc	127.0.0.1:<port>
print(got.from.port == sender:getsockname().port)    --> true

--- 编码 Text is bytes on the way
-- encode turns text into bytes, decode turns them back: 你好 has four in gbk,
-- six in utf-8. The two ends have to agree, for nothing on the way tells. (The
-- datagram waits in the receive buffer until somebody asks for it.)
sender:sendto(("你好"):encode("gbk"), address)
local data, from = receiver:recvfrom(1024)
print(data:hex(" "), data:decode("gbk"))    --> c4 e3 ba c3	你好
print(pcall(data.decode, data, "utf-8"))    --> false	decode utf-8: byte c4 at position 1: invalid continuation byte (UnicodeDecodeError)

--- 回答 The receiver answers
-- The address that came with the datagram is where the answer goes. A UDP
-- socket is no client and no server: each can send and receive.
receiver:sendto(("收到"):encode("gbk"), from)
data, from = sender:recvfrom(1024)
print(data:decode("gbk"), from == address)    --> 收到	true

--- 空数据报 An empty datagram
-- It is a message like any other, with nothing in it: recvfrom returns "". It
-- does not mean that somebody has left; in UDP nothing means that.
receive(1024)
sender:sendto("", address)
print(#inbox:get().data)    --> 0

--- 截断 A buffer that is too small
-- recvfrom(4) takes one whole datagram out and keeps four bytes of it. The
-- rest is lost: it does not come with the next call, as it would in TCP.
receive(4)
sender:sendto("0123456789", address)
got = inbox:get()
print(got.data, got.truncated)    --> 0123	truncated
receive(1024)
sender:sendto("next", address)
print(inbox:get().data)    --> next

--- 给自己发信息 To itself
-- A socket may send to its own address (可以自己给自己发信息).
receiver:sendto("self", address)
data, from = receiver:recvfrom(1024)
print(data, from == address)    --> self	true

--- 没有保证 No promise
-- Nobody has this port any more, and sendto succeeds all the same: it says that
-- the datagram has left, not that it has arrived.
receiver:close()
print(sender:sendto("anybody?", address))    --> 8

--- 释放端口 Close
sender:close()
print(#sockets())    --> 0
