-- Send a datagram without binding (不绑定端口发信息)
-- usage: lunawire run udp_send [host] [port] [text] [encoding]
local host, port = arg[1] or "127.0.0.1", arg[2] or 8080
local text, encoding = arg[3] or "abc", arg[4] or "utf-8"

--- 创建udp套接字 Make a UDP socket
local udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

--- 发数据 Send
-- The socket has no port yet; sendto takes a free one (随机分配一个本地端口).
-- UDP promises nothing: this succeeds even if nobody listens.
udp_socket:sendto(text:encode(encoding), host, port)

--- 释放端口 Close
-- Sending took a port of this machine; close gives it back.
udp_socket:close()
