-- What goes wrong, and what it means (错误)
-- usage: lunawire demo demo_errors
-- A failed call raises an error with a code; pcall catches it. The end of a
-- stream is no error.

--- 拒绝连接 Nobody listens: ECONNREFUSED
-- The port exists, but nobody has called listen. The system there answers SYN
-- with RST, so connect fails at once.
local function try(s, call, ...)
  local ok, err = pcall(s[call], s, ...)
  print(ok and "ok" or err)
end
local deaf = tcp.socket()
deaf:bind("127.0.0.1", 0)
local address = deaf:getsockname()
local caller = tcp.socket()
try(caller, "connect", address)    --> connect 127.0.0.1:<port>: connection refused (ECONNREFUSED)
caller:close()

--- 端口被占用 The port is taken: EADDRINUSE
-- One port of one address belongs to one socket.
local second = tcp.socket()
try(second, "bind", address)    --> bind 127.0.0.1:<port>: address already in use (EADDRINUSE)
deaf:close()
try(second, "bind", address)    --> ok
second:close()

--- 正常关闭 FIN: the peer has closed
-- close sends FIN: nothing more comes, and nothing was lost. recv says so.
local listener = tcp.socket()
listener:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener:bind("127.0.0.1", 0)
listener:listen(1)
address = listener:getsockname()
local function pair()
  local client = tcp.socket()
  client:connect(address)
  return client, (listener:accept())
end
local client, server = pair()
server:close()
print(client:recv(1024))    --> nil	closed

--- 写已关闭的连接 EPIPE: sending to who has closed
-- The first send succeeds: how should this side know that nobody will read it?
-- The answer is RST. From then on send fails.
client:send("one")
for _ = 1, 500 do
  if client:state() == "CLOSED" then
    break
  end
  task.sleep(0.01)
end
try(client, "send", "two")    --> send: broken pipe (EPIPE)
client:close()

--- 复位 RST: ECONNRESET
-- Who closes without having read everything that came sends RST, not FIN: the
-- peer must not take it for a good end. recv raises an error.
client, server = pair()
client:send("never read")
server:close()
try(client, "recv", 1024)    --> recv: connection reset by peer (ECONNRESET)
client:close()

--- TIME_WAIT The port of a finished connection
-- The side that closes first keeps the connection in TIME-WAIT, and bind fails
-- although no socket has the port.
client, server = pair()
local port = client:getsockname()
client:close()
server:recv(1024)
server:close()
local again = tcp.socket()
try(again, "bind", port)    --> bind 127.0.0.1:<port>: address already in use (EADDRINUSE)
again:close()

--- SO_REUSEADDR A server that starts again
-- A server that closes first cannot have its port again either, unless it sets
-- SO_REUSEADDR before bind, each time. (Ours had.) All servers do. It does not
-- let two of them listen on a port at the same time.
client, server = pair()
server:close()
client:recv(1024)
client:close()
listener:close()
again = tcp.socket()
try(again, "bind", address)    --> bind 127.0.0.1:<port>: address already in use (EADDRINUSE)
again:setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try(again, "bind", address)    --> ok
again:close()

--- 超时 A timeout is no error of recv
-- Nobody sends. recv gives up and says so; nothing is lost by it.
local waiting = udp.socket()
waiting:bind("127.0.0.1", 0)
print(waiting:recvfrom(1024, {timeout = 0.05}))    --> nil	timeout

--- 广播 Broadcast: EACCES
-- UDP can broadcast (TCP 一对一，不适用广播), but only a socket that says so with
-- SO_BROADCAST: an address with all bits set may be a slip.
try(waiting, "sendto", "hello", "127.255.255.255", 9)    --> sendto 127.255.255.255:9: permission denied (EACCES)
waiting:setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
try(waiting, "sendto", "hello", "127.255.255.255", 9)    --> ok
waiting:close()
print(#sockets())    --> 0
