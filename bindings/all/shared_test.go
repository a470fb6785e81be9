package all_test

import "testing"

// TestAShortSendIsRecordedAsFarAsItWent fails if what the system did not take of
// a send counts as sent, with flags or without.
func TestAShortSendIsRecordedAsFarAsItWent(t *testing.T) {
	got := run(t, "short.lua", `
for _, flags in ipairs{0, socket.MSG_DONTWAIT} do
  local l = tcp.listen("127.0.0.1", 0)
  local a = tcp.connect(l:getsockname())
  local b = l:accept()
  a:settimeout(0)
  local short = false
  for i = 1, 3000 do
    local want = 1500 + i
    local ok, n = pcall(a.send, a, ("x"):rep(want), flags)
    if not ok then
      b:recv(700 + i)
    elseif n < want then
      local list = trace.events{names={"send"}}
      local e = list[#list]
      assert(e.size == n and #e.data == math.min(n, 2048), ("%d of %d: size %d, %d of data"):format(n, want, e.size, #e.data))
      short = n < 2048
      if short then break end
    end
  end
  assert(short, "no send was short enough")
  a:close() b:close() l:close()
end
print("right")`)
	if got != "right\n" {
		t.Errorf("got %s", got)
	}
}

// TestADecoderThatTasksShareIsNotFoundHalfWay fails if one task may use a decoder
// while another is in the middle of a long piece.
func TestADecoderThatTasksShareIsNotFoundHalfWay(t *testing.T) {
	got := run(t, "decoder.lua", `
for round = 1, 20 do
  local d = text.decoder("gbk")
  d:decode("\xc4")
  local first, other
  local a = task.spawn(function() first = d:decode("\xe3" .. ("\xc4\xe3"):rep(400000) .. "\xba"):sub(1, 3) end)
  local b = task.spawn(function() other = d:decode("\xc3") end)
  a:join() b:join()
  -- Either may be first and take what is pending, but not both.
  assert((first == "你") ~= (other == "拿"), first .. " " .. other)
end
print("right")`)
	if got != "right\n" {
		t.Errorf("got %s", got)
	}
}
