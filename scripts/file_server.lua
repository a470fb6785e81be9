-- A file server: the client sends a name and gets the file (文件下载器，服务器)
-- usage: lunawire run file_server [host] [port] [folder] [encoding]
local host, port = arg[1] or "127.0.0.1", arg[2] or 15555
local beside = arg[0]:match("^(.*[/\\])") or "" -- the folder of this script
local folder, encoding = arg[3] or beside .. "download", arg[4] or "gbk"

local file_dir = fs.dir(folder)
if file_dir:exists() then
  print("下载目录已存在", file_dir)
else
  print("下载目录不存在")
  file_dir:create()
  print("下载目录已创建", file_dir)
end

local function send_file(socket_4_client, address_client)
  local line = ("-"):rep(90)
  -- The name ends where the client waits for the answer: one recv, as it is short.
  local file_name = (socket_4_client:recv(1024) or ""):decode(encoding)
  print(line .. "\n处理新连接\n客户端" .. address_client .. ",需要下载的文件是" .. file_name)

  -- A name cannot leave the folder: that is an error here, and printed.
  local ok, file = pcall(file_dir.open, file_dir, file_name)
  if not ok then
    print("文件不存在,下载失败", file)
    print(line)
    return
  end
  with(file, function()
    local size = file:size()
    if size == 0 then
      print("文件是空的,没有数据可发送")
    else
      -- The stream has no length: a client takes its end for the end of the
      -- file. So a transfer that fails half-way must not end like a whole one.
      local ok, sent = pcall(socket_4_client.sendfile, socket_4_client, file)
      if not ok or sent < size then
        socket_4_client:setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, {1, 0})
        error(ok and "文件在发送时变短了" or sent, 0)
      end
      print("下载完成")
    end
  end)
  print(line)
end

local tcp_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
tcp_socket:bind(host, port)
tcp_socket:listen(10)
print("服务器准备就绪")

while true do
  local connected_socket, address = tcp_socket:accept()
  -- A task for each client, so that a slow one does not keep the others waiting.
  task.spawn(function()
    local ok, err = pcall(with, connected_socket, function() send_file(connected_socket, address) end)
    if not ok then
      print("客户端" .. address .. ",下载失败: " .. tostring(err))
    end
  end)
end
