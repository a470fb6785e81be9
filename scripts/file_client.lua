-- A file client: ask for a file by name and save it (文件下载器，客户端)
-- usage: lunawire run file_client [name] [host] [port] [folder] [encoding]
local file_name = arg[1] or input("请输入文件名")
local host, port = arg[2] or "127.0.0.1", arg[3] or 15555
local folder, encoding = arg[4] or ".", arg[5] or "gbk"
if not file_name or file_name == "" then
  error("没有文件名", 0)
end

local file_dir = fs.dir(folder)

local tcp_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
tcp_socket:connect(host, port)
tcp_socket:send(file_name:encode(encoding))

-- The file is what comes until the end of the stream. It gets its name when it
-- is whole: a reset or a timeout leaves no half file under that name.
local part = file_name .. ".part"
local file = file_dir:open(part, "w")
local bar = term.progress(file_name)
local ok, err = pcall(function()
  while true do
    local data = tcp_socket:recv(65536)
    if not data then
      break
    end
    file:write(data)
    bar:add(#data)
  end
end)
file:close()
bar:close()
tcp_socket:close()

if not ok then
  file_dir:remove(part)
  error(err, 0)
elseif bar.count == 0 then
  file_dir:remove(part)
  print("文件不存在或者是空的,下载失败")
else
  file_dir:rename(part, file_name)
  print("下载完成", bar.count)
end
