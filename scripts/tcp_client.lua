-- A TCP client: send and wait for the answer (客户端发消息收响应)
-- usage: lunawire run tcp_client [host] [port] [local port] [text] [encoding]
local host, port, local_port = arg[1] or "127.0.0.1", arg[2] or 15555, arg[3] or 5555
local text, encoding = arg[4] or "发送数据", arg[5] or "gbk"

--- 创建tcp套接字 Make a TCP socket
local tcp_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

--- 绑定本地的端口 Bind
-- A client may choose its port; most take any free one and don't bind.
-- Run this twice within a minute and bind fails with EADDRINUSE: the side that
-- closes first, this one, keeps the port in TIME_WAIT. Local port 0 takes any
-- free one. SO_REUSEADDR, set before bind, takes the same one again; on Linux
-- only if the earlier run had set it too.
tcp_socket:bind("127.0.0.1", local_port)

--- 连接服务器 Connect
-- This is the three-way handshake (三次握手): SYN, SYN+ACK, ACK.
tcp_socket:connect(host, port)

--- 发送数据 Send
tcp_socket:send(text:encode(encoding))

--- 接收服务器的响应信息 Receive the answer
-- nil, "closed" is the end of the stream: the server closed without an answer.
local response_data = tcp_socket:recv(1024) or ""
print("收到服务器响应: " .. response_data:decode(encoding))

--- 关闭套接字 Close
tcp_socket:close()
