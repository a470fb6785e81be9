-- One side of a measurement: the work that scripts/bench_test.go times
-- usage: lunawire run bench ROLE COUNT [PORT [FILE]]
local role, n, port, path = arg[1], tonumber(arg[2]), tonumber(arg[3]), arg[4]
local message = ("x"):rep(64)
local block = ("x"):rep(65536)

-- A server tells its port on the first line. What is timed lies between a
-- client's "go" and its "done".
local roles = {}

local function listen()
  local l = tcp.listen("127.0.0.1", 0)
  print(l:getsockname().port)
  return l
end

local function bound()
  local s = udp.socket()
  s:bind("127.0.0.1", 0)
  return s
end

-- finish ends a stream and waits until the peer has read all of it.
local function finish(c)
  c:shutdown("write")
  c:recv(1)
  print("done")
end

roles["udp-server"] = function()
  local s = bound()
  print(s:getsockname().port)
  for _ = 1, n do
    local data, address = s:recvfrom(2048)
    s:sendto(data, address)
  end
end

roles["udp-client"] = function()
  local s = udp.socket()
  print("go")
  for _ = 1, n do
    s:sendto(message, "127.0.0.1", port)
    s:recvfrom(2048)
  end
  print("done")
end

roles["udp-tasks"] = function()
  local one, two = bound(), bound()
  task.spawn(function()
    for _ = 1, n do
      local data, address = two:recvfrom(2048)
      two:sendto(data, address)
    end
  end)
  local to = two:getsockname()
  print("go")
  for _ = 1, n do
    one:sendto(message, to)
    one:recvfrom(2048)
  end
  print("done")
end

roles["udp-self"] = function()
  local one, two = bound(), bound()
  local to = two:getsockname()
  print("go")
  for _ = 1, n do
    one:sendto(message, to)
    local data, address = two:recvfrom(2048)
    two:sendto(data, address)
    one:recvfrom(2048)
  end
  print("done")
end

roles["tcp-server"] = function()
  local c = listen():accept()
  for _ = 1, n do
    c:send(c:recv(64))
  end
end

roles["tcp-client"] = function()
  local c = tcp.connect("127.0.0.1", port)
  print("go")
  for _ = 1, n do
    c:send(message)
    c:recv(64)
  end
  print("done")
end

roles["bulk-server"] = function()
  local c = listen():accept()
  while c:recv(65536) do end
  c:close()
end

roles["bulk-client"] = function()
  local c = tcp.connect("127.0.0.1", port)
  print("go")
  for _ = 1, n do
    c:send(block)
  end
  finish(c)
end

roles["file-server"] = roles["bulk-server"]

roles["file-client"] = function()
  local c = tcp.connect("127.0.0.1", port)
  local folder, name = path:match("^(.*)/([^/]*)$")
  local file = fs.dir(folder):open(name)
  print("go")
  for _ = 1, n do
    c:sendfile(file, {offset=0})
  end
  finish(c)
end

roles["accept-server"] = function()
  local l = listen()
  for _ = 1, n do
    l:accept():close()
  end
end

roles["accept-client"] = function()
  print("go")
  for _ = 1, n do
    local c = tcp.socket()
    c:connect("127.0.0.1", port)
    c:recv(1)
    c:close()
  end
  print("done")
end

roles[role]()
