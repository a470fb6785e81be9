-- A chat over UDP (聊天器)
-- usage: lunawire run udp_chat [local port] [encoding]
local local_port, encoding = arg[1] or 12399, arg[2] or "gb2312"

local udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp_socket:bind("127.0.0.1", local_port)

local function ask(prompt)
  local line = input(prompt) or error("输入结束", 0)
  return line:match("^%s*(.-)%s*$")
end

local function send_msg()
  local host = ask("\n请输入好友的主机地址")
  local port = tonumber(ask("\n请输入好友的主机端口"))
  if not port or port % 1 ~= 0 or port < 1 or port > 65535 then
    error("端口必须是1到65535的整数", 0)
  end
  local msg = ask("\n请输入信息内容")
  udp_socket:sendto(msg:encode(encoding), host, port)
end

local function recv_msg()
  local data, address = udp_socket:recvfrom(1024)
  print(("="):rep(30))
  print("你有一条新消息")
  print("来源: " .. address)
  local ok, text = pcall(data.decode, data, encoding)
  print("内容: " .. (ok and text or data:decode(encoding, "backslashreplace")))
  if not ok then
    print(text)
  end
end

-- A bad port, an unknown host or a text that the encoding does not have is
-- told, and the chat goes on.
local function try(action)
  local ok, err = pcall(action)
  if not ok then
    print(err)
    if err.hint then
      print(err.hint)
    end
  end
end

while true do
  print(("="):rep(30))
  print("欢迎进入聊天室")
  print("请选择功能")
  local choice = input("\n1、接收信息  \n2、发送信息 \n3、退出聊天室\n")
  choice = choice and choice:match("^%s*(.-)%s*$")
  if choice == "1" then
    try(recv_msg)
  elseif choice == "2" then
    try(send_msg)
  elseif choice == "3" or not choice then
    break
  else
    print("请输入正确的功能序号")
  end
end
udp_socket:close()
