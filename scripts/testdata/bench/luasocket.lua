-- One side of a measurement, as scripts/bench.lua is, in LuaSocket. It has
-- neither threads nor sendfile, so two of the roles are missing.
local socket = require("socket")
local role, n, port = arg[1], tonumber(arg[2]), tonumber(arg[3])
local message, block = ("x"):rep(64), ("x"):rep(65536)

local function say(word) print(word) io.flush() end

local function bound()
  local s = assert(socket.udp())
  assert(s:setsockname("127.0.0.1", 0))
  return s
end

local function listen()
  local l = assert(socket.bind("127.0.0.1", 0, 128))
  say(select(2, l:getsockname()))
  return l
end

local roles = {}

roles["udp-server"] = function()
  local s = bound()
  say(select(2, s:getsockname()))
  for _ = 1, n do
    local data, host, from = s:receivefrom(2048)
    s:sendto(data, host, from)
  end
end

roles["udp-client"] = function()
  local s = assert(socket.udp())
  say("go")
  for _ = 1, n do
    s:sendto(message, "127.0.0.1", port)
    s:receivefrom(2048)
  end
  say("done")
end

roles["udp-self"] = function()
  local one, two = bound(), bound()
  local to = select(2, two:getsockname())
  say("go")
  for _ = 1, n do
    one:sendto(message, "127.0.0.1", to)
    local data, host, from = two:receivefrom(2048)
    two:sendto(data, host, from)
    one:receivefrom(2048)
  end
  say("done")
end

roles["tcp-server"] = function()
  local c = listen():accept()
  for _ = 1, n do
    c:send(c:receive(64))
  end
end

roles["tcp-client"] = function()
  local c = assert(socket.connect("127.0.0.1", port))
  say("go")
  for _ = 1, n do
    c:send(message)
    c:receive(64)
  end
  say("done")
end

roles["bulk-server"] = function()
  local c = listen():accept()
  repeat
    local data, err, rest = c:receive(65536)
  until not data
  c:close()
end

roles["bulk-client"] = function()
  local c = assert(socket.connect("127.0.0.1", port))
  say("go")
  for _ = 1, n do
    c:send(block)
  end
  c:shutdown("send")
  c:receive(1)
  say("done")
end

roles["accept-server"] = function()
  local l = listen()
  for _ = 1, n do
    l:accept():close()
  end
end

roles["accept-client"] = function()
  say("go")
  for _ = 1, n do
    local c = assert(socket.connect("127.0.0.1", port))
    c:receive(1)
    c:close()
  end
  say("done")
end

roles[role]()
