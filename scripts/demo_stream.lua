-- Stream and datagram: where a message ends (粘包)
-- usage: lunawire demo demo_stream
-- TCP carries a stream of bytes (字节流) and UDP messages (数据报). The same calls
-- on both show what that means.

--- 两种连接 Two pairs of sockets
local listener = tcp.socket()
listener:bind("127.0.0.1", 0)
listener:listen(1)
local client = tcp.socket()
client:connect(listener:getsockname())
local server = listener:accept()

local from, to = udp.socket(), udp.socket()
to:bind("127.0.0.1", 0)
local address = to:getsockname()

--- 数据报 UDP: three sends, three receives
-- Each recvfrom takes one datagram, however much room there is.
for _, word in ipairs{"one", "two", "three"} do
  from:sendto(word, address)
end
for _ = 1, 3 do
  print((to:recvfrom(1024)))
end
--> one
--> two
--> three

--- 粘包 TCP: three sends, one receive
-- The stream has no seams: recv takes what is there. (So that it is all there,
-- we wait until the other system has acknowledged it.)
local function until_delivered(s)
  for _ = 1, 5000 do
    local info = s:info()
    if info.unacked == 0 and info.notsent == 0 then
      return
    end
    task.sleep(0.001)
  end
  error("not acknowledged")
end
for _, word in ipairs{"one", "two", "three"} do
  client:send(word)
end
until_delivered(client)
print(server:recv(1024))    --> onetwothree

--- 拆包 TCP: one send, three receives
-- And recv(n) takes at most n bytes: the rest comes with the next call.
client:send("onetwothree")
until_delivered(client)
print(server:recv(4), server:recv(4), server:recv(4))    --> onet	woth	ree

--- 多字节字符 A character may be cut in two
-- Three bytes are not one and a half characters. A decoder keeps the beginning
-- of a character until the rest comes.
client:send(("你好"):encode("gbk"))
until_delivered(client)
local decoder = text.decoder("gbk")
local part = server:recv(3)
print(part:hex(" "), decoder:decode(part))    --> c4 e3 ba	你
print(decoder:decode(server:recv(1)))    --> 好

--- 长度 Framing by length
-- So a protocol over TCP has to say where a message ends. One way: its length
-- goes first, in two bytes (>I2). recvexact waits until that many are there.
local function send_message(s, message)
  s:send(string.pack(">s2", message))
end
local function receive_message(s)
  local length = string.unpack(">I2", s:recvexact(2))
  return s:recvexact(length)
end
for _, word in ipairs{"one", "two", "three"} do
  send_message(client, word)
end
until_delivered(client)
for _ = 1, 3 do
  print(receive_message(server))
end
--> one
--> two
--> three

--- 分隔符 Framing by a delimiter
-- Another way: a byte that no message has, such as the newline. recvline
-- gives back lines, whatever the sends were.
client:send("one\ntw")
client:send("o\nthree\n")
until_delivered(client)
print(server:recvline(), server:recvline(), server:recvline())    --> one	two	three

--- 关闭 The end of the stream
-- is told once all that was sent has been received: nil, "closed". A datagram
-- socket has no such end.
client:send("last")
client:shutdown("write")
print(server:recv(1024))    --> last
print(server:recv(1024))    --> nil	closed
for _, s in ipairs{server, client, listener, from, to} do
  s:close()
end
print(#sockets())    --> 0
