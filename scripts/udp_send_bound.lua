-- Send a datagram from a port of your own (绑定端口发信息)
-- usage: lunawire run udp_send_bound [host] [port] [local port] [text] [encoding]
local host, port, local_port = arg[1] or "127.0.0.1", arg[2] or 8080, arg[3] or 2399
local text, encoding = arg[4] or "你好", arg[5] or "gbk"

--- 创建udp套接字 Make a UDP socket
local udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

--- 绑定本机端口 Bind
-- From now on everything is sent from this port, and answers come back to it.
udp_socket:bind("127.0.0.1", local_port)

--- 发数据 Send
-- A socket carries bytes: encode turns text into them (windows支持gbk、gb2312).
udp_socket:sendto(text:encode(encoding), host, port)

--- 释放端口 Close
udp_socket:close()
