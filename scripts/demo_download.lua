-- A file server and its client, in one window (文件下载器)
-- usage: lunawire demo demo_download
-- The protocol is as short as can be: the client sends a name, the server sends
-- the file and closes. What that leaves open is shown too.

--- 下载目录 The server's folder
-- fs.dir opens one folder: whatever name a client sends, it cannot leave it.
local folder = fs.dir("demo_download")
folder:create()
folder:write("课程.txt", ("网络编程"):rep(20))

--- 服务器 The server
-- It takes three clients, one after the other, and tells us how each went.
local listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener:bind("127.0.0.1", 0)
listener:listen(10)
local address, served = listener:getsockname(), task.queue()

local function send_file(conn)
  local name = conn:recv(1024):decode("gbk")
  local ok, content = pcall(folder.read, folder, name)
  if not ok then
    return tostring(content)
  end
  conn:sendall(content)
  return "sent " .. #content
end

task.spawn(function()
  for _ = 1, 3 do
    local conn = listener:accept()
    served:put("accepted")
    served:put(with(conn, send_file))
  end
end)

--- 下载 A download
-- recvall reads until the end of the stream: that the server closes is how the
-- client knows that the file is whole. (It waits for the server's word before it
-- reads, so that we see one thing after the other.)
local function download(name)
  local client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
  client:connect(address)
  served:get() -- the server has accepted
  client:send(name:encode("gbk"))
  print(served:get())
  local content = client:recvall()
  client:close()
  return content
end
local content = download("课程.txt")    --> sent 240
print(#content, content:sub(1, 12))    --> 240	网络编程

--- 文件不存在 A file that is not there
-- The client gets nothing. It cannot tell that from an empty file: a better
-- protocol would answer with a length or an error first.
content = download("没有.txt")    --> read 没有.txt: no such file or directory (ENOENT)
print(#content)    --> 0

--- 不能离开目录 A name that would leave the folder
-- open() in a server that joins folder and name would give any file away.
content = download("../secret")    --> read ../secret: the name leads out of the folder (OutsideFolder)
print(#content)    --> 0

--- 清理 Tidy up
folder:remove("课程.txt")
folder:remove()
listener:close()
print(#sockets())    --> 0
