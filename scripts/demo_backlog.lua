-- The backlog: who waits before accept (listen 的参数)
-- usage: lunawire demo demo_backlog
-- listen(10) does not allow ten connections (不是最大的连接数). It lets so many
-- wait that have connected and that accept has not taken yet.

--- 监听 listen(1)
-- A queue of one. Linux lets one more in than it is told.
local listener = tcp.socket()
listener:bind("127.0.0.1", 0)
listener:listen(1)
local address = listener:getsockname()

--- 等待接受 Connected, but not accepted
-- The handshake is the system's: both are ESTABLISHED, and their data is on the
-- way, before the program has called accept.
local first, second = tcp.socket(), tcp.socket()
first:connect(address)
second:connect(address)
first:send("first")
second:send("second")
print(first:state(), second:state())    --> ESTABLISHED	ESTABLISHED

--- 队列已满 The queue is full: SYN-SENT
-- The system does not answer the third SYN. The client sends it again and
-- again; here it gives up after a timeout of its own.
local third = tcp.socket()
print(third:connect_ex(address, {timeout = 0.2}), third:state())    --> ETIMEDOUT	SYN-SENT

--- 接受 accept takes them in their order
-- It takes the one that came first, with what that has sent, and makes room for
-- another to connect.
local conn_1 = listener:accept()
local conn_2 = listener:accept()
print(conn_1:recv(100), conn_2:recv(100))    --> first	second

--- 许多连接 More than one
-- Accepted connections count no more: there may be as many as there are
-- descriptors, whatever listen was told.
print(conn_1:state(), conn_2:state())    --> ESTABLISHED	ESTABLISHED
for _, s in ipairs{third, first, second, conn_1, conn_2, listener} do
  s:close()
end
print(#sockets())    --> 0
