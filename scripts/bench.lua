-- One side of a measurement: the work that scripts/bench_test.go times
-- usage: lunawire run bench ROLE COUNT [PORT]
local role, n, port = arg[1], tonumber(arg[2]), arg[3]
local message = ("x"):rep(64)
local block = ("x"):rep(65536)

-- Servers tell their port on the first line.
local roles = {}

roles["udp-server"] = function()
  local s = udp.socket() s:bind("127.0.0.1", 0)
  print(s:getsockname().port)
  for _ = 1, n do
    local data, address = s:recvfrom(2048)
    s:sendto(data, address)
  end
end

roles["udp-client"] = function()
  local s = udp.socket()
  for _ = 1, n do
    s:sendto(message, "127.0.0.1", port)
    s:recvfrom(2048)
  end
end

roles["udp-tasks"] = function()
  local one, two = udp.socket(), udp.socket()
  one:bind("127.0.0.1", 0) two:bind("127.0.0.1", 0)
  task.spawn(function()
    for _ = 1, n do
      local data, address = two:recvfrom(2048)
      two:sendto(data, address)
    end
  end)
  local to = two:getsockname()
  for _ = 1, n do
    one:sendto(message, to)
    one:recvfrom(2048)
  end
end

roles["tcp-server"] = function()
  local l = tcp.listen("127.0.0.1", 0)
  print(l:getsockname().port)
  local c = l:accept()
  for _ = 1, n do
    c:send(c:recv(64))
  end
end

roles["tcp-client"] = function()
  local c = tcp.connect("127.0.0.1", port)
  for _ = 1, n do
    c:send(message)
    c:recv(64)
  end
end

roles["bulk-server"] = function()
  local l = tcp.listen("127.0.0.1", 0)
  print(l:getsockname().port)
  local c = l:accept()
  while c:recv(65536) do end
end

roles["bulk-client"] = function()
  local c = tcp.connect("127.0.0.1", port)
  for _ = 1, n do
    c:send(block)
  end
end

roles["accept-server"] = function()
  local l = tcp.listen("127.0.0.1", 0)
  print(l:getsockname().port)
  for _ = 1, n do
    l:accept():close()
  end
end

roles["accept-client"] = function()
  for _ = 1, n do
    local c = tcp.socket()
    c:connect("127.0.0.1", port)
    c:recv(1)
    c:close()
  end
end

roles[role]()
