-- Send yourself a datagram (可以自己给自己发信息)
-- usage: lunawire run udp_self [local port] [text] [encoding]
local local_port = arg[1] or 2399
local text, encoding = arg[2] or "你好", arg[3] or "gbk"

--- 创建udp套接字 Make a UDP socket
local udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

--- 绑定本机端口 Bind
udp_socket:bind("127.0.0.1", local_port)

--- 发给自己 Send to its own address
udp_socket:sendto(text:encode(encoding), udp_socket:getsockname())

--- 接收信息 Receive
-- The datagram waited in the receive buffer of the socket.
local data, address = udp_socket:recvfrom(1024)
print(data:hex(" "))            --> c4 e3 ba c3
print(data:decode(encoding))    --> 你好
print(address)                  --> 127.0.0.1:<port>

--- 释放端口 Close
udp_socket:close()
