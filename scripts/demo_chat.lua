-- A chat between two programs, in one window (聊天器)
-- usage: lunawire demo demo_chat
-- Each of the two has one UDP socket: it sends from it and receives on it. What
-- udp_chat does by a menu is done here by two tasks that take turns.

--- 两个人 Two people
-- A task each. A person who has the word sends or receives, and hands the word
-- back through a queue.
local function person(name, encoding)
  local s = udp.socket()
  s:bind("127.0.0.1", 0)
  local p = {name = name, address = s:getsockname(), asked = task.queue(), done = task.queue()}
  function p.send(text, to)
    s:sendto(text:encode(encoding), to)
    return true
  end
  function p.receive()
    local data, from = s:recvfrom(1024)
    print(("来源: %s  内容: %s"):format(from, data:decode(encoding)))
    return from
  end
  function p.leave()
    s:close()
    return true
  end
  return p
end
local wang, li = person("王", "gb2312"), person("李", "gb2312")

local function live(p)
  for action in function() return p.asked:get() end do
    p.done:put(action(p))
  end
end
for _, p in ipairs{wang, li} do
  task.spawn(live, p)
end
local function ask(p, action)
  p.asked:put(action)
  return p.done:get()
end

--- 发送信息 One writes, the other reads
ask(wang, function(p) return p.send("你好", li.address) end)
local from = ask(li, function(p) return p.receive() end)    --> 来源: 127.0.0.1:<port>  内容: 你好

--- 回复 The answer
-- The address came with the message: nobody has to type it.
ask(li, function(p) return p.send("收到，谢谢", from) end)
ask(wang, function(p) return p.receive() end)    --> 来源: 127.0.0.1:<port>  内容: 收到，谢谢

--- 接收在先 Whoever waits can be written to
-- In udp_chat a person either types or waits. With a task that waits and one
-- that types, nobody has to choose.
wang.asked:put(function(p) return p.receive() end)
ask(li, function(p) return p.send("还在吗？", wang.address) end)
wang.done:get()    --> 来源: 127.0.0.1:<port>  内容: 还在吗？

--- 编码不同 Another encoding
-- gb2312 has no emoji: the text is refused where it is written, and nothing is
-- sent. utf-8 would have it, if both used it.
print(pcall(string.encode, "😀", "gb2312"))    --> false	encode gb2312: '😀' (U+1F600) at position 1, character 1: gb2312 has no such character (UnicodeEncodeError)

--- 退出 They leave
for _, p in ipairs{wang, li} do
  ask(p, function(p) return p.leave() end)
  p.asked:close()
end
print(#sockets())    --> 0
