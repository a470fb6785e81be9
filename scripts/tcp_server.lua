-- A TCP server: accept, receive, print (服务器收发数据)
-- usage: lunawire run tcp_server [host] [port] [encoding]
local host, port, encoding = arg[1] or "127.0.0.1", arg[2] or 15555, arg[3] or "gbk"

local tcp_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
tcp_socket:bind(host, port)

-- 10 is how many clients may wait for accept, not how many there may be.
tcp_socket:listen(10)
print("服务器准备就绪")

local function receive(connected_socket, address)
  local data = connected_socket:recv(1024) or ""
  print(("-"):rep(70) .. "\n收到消息: " .. data:decode(encoding) .. " 来源:" .. address)
end

while true do
  -- accept returns a new socket for this client; tcp_socket goes on listening.
  local connected_socket, address = tcp_socket:accept()
  -- What goes wrong with one client is printed and ends that client only.
  local ok, err = pcall(with, connected_socket, function() receive(connected_socket, address) end)
  if not ok then
    print(("-"):rep(70) .. "\n" .. tostring(err) .. " 来源:" .. address)
  end
  print("监听中...")
end
