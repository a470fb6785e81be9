-- TCP step by step: a connection and the states of its ends (TCP，连接与状态)
-- usage: lunawire demo demo_tcp
-- TCP is connection-oriented, reliable, a stream of bytes (面向连接、可靠的、
-- 基于字节流). The states are the system's own words (TCP_INFO).

--- 服务器 The server: socket, bind, listen
-- Three calls, three moments. listen(10) lets ten finished handshakes wait for
-- accept; it is not the largest number of connections (不是最大的连接数).
local listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener:bind("127.0.0.1", 0)
print(listener:state())    --> CLOSED
listener:listen(10)
print(listener:state())    --> LISTEN
local address = listener:getsockname()

--- 等待连接 The server waits in accept
-- A task waits, so that we can be the client meanwhile. It hands the connection
-- over through a queue.
local accepted = task.queue()
task.spawn(function()
  local conn, peer = listener:accept()
  accepted:put{conn = conn, peer = peer}
end)

--- 客户端 The client
-- A client may bind to choose its port; most let connect take a free one.
local client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
print(client:state())    --> CLOSED

--- 三次握手 connect: the three-way handshake
--   client  CLOSED  SYN-SENT                   ESTABLISHED
--                   SYN seq=x           ACK seq=x+1 ack=y+1
--                           SYN+ACK seq=y ack=x+1
--   server  LISTEN          SYN-RCVD                   ESTABLISHED
-- The systems do it: connect returns when it is over, and the server need not
-- have called accept. ack is the number of the byte expected next: x+1 because
-- SYN counts as one; of data, every byte counts.
client:connect(address)
local first = accepted:get()
local server = first.conn
print(client:state(), server:state(), listener:state())    --> ESTABLISHED	ESTABLISHED	LISTEN
print(first.peer == client:getsockname())    --> true

--- 两个套接字 accept made a new socket
-- It has the address of the listener and a peer. The listener has none, and
-- goes on listening for others.
print(server:getsockname() == listener:getsockname())    --> true
print(server:getpeername() == client:getsockname())    --> true

--- 发送数据 Send and receive
client:send(("发送数据"):encode("gbk"))
local data = server:recv(1024)
print(#data, data:decode("gbk"))    --> 8	发送数据
server:send(("收到"):encode("gbk"))
print(client:recv(1024):decode("gbk"))    --> 收到

--- 终止连接 The client has nothing more to say
-- shutdown sends FIN and closes one direction. When the server has acknowledged
-- it, the client is in FIN-WAIT-2 and the server, which may go on sending, in
-- CLOSE-WAIT.
local function until_state(s, state)
  for _ = 1, 500 do
    if s:state() == state then
      return state
    end
    task.sleep(0.01)
  end
  error("still " .. s:state())
end
client:shutdown("write")
print(server:recv(1024))    --> nil	closed
print(until_state(client, "FIN-WAIT-2"), until_state(server, "CLOSE-WAIT"))    --> FIN-WAIT-2	CLOSE-WAIT

--- 半关闭 Half closed
-- One direction is still open.
server:send("bye")
print(client:recv(1024))    --> bye

--- 释放套接字 The server closes too
-- Its FIN ends the other direction. Who closed first, the client, keeps the
-- connection in TIME-WAIT for a while (about a minute), lest a late segment
-- reach a new connection of the same two ports.
server:close()
print(client:recv(1024))    --> nil	closed
client:close()
listener:close()
print(#sockets())    --> 0
