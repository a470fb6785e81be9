-- Receive a datagram (接收信息)
-- usage: lunawire run udp_receive [local port] [encoding]
local local_port, encoding = arg[1] or 2399, arg[2] or "gbk"

--- 创建udp套接字 Make a UDP socket
local udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

--- 绑定本机端口 Bind
-- Whoever wants to receive needs a port that the sender knows.
udp_socket:bind("127.0.0.1", local_port)

--- 接收信息 Receive
-- recvfrom waits for a datagram. It returns the bytes and who sent them.
local data, address = udp_socket:recvfrom(1024)
print(data:hex(" "), address)

--- 解码 Decode
-- The bytes become text again with the encoding that the sender used.
print(data:decode(encoding))
print(address)

--- 释放端口 Close
udp_socket:close()
