-- Prints what a few thousand library calls give, with arguments that look
-- random and are the same in every Lua. Errors count as "error", whatever they
-- say.

local seed = 42
local function rnd(n) -- 0 .. n-1
  seed = (seed * 16807) % 2147483647
  return seed % n
end

local function pick(list) return list[rnd(#list) + 1] end

local function shown(...)
  local list = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    list[i] = type(v) == "string" and string.format("%q", v) or type(v) == "table" and "table" or tostring(v)
  end
  return table.concat(list, " ")
end

local function try(what, f, ...)
  local function results(ok, ...)
    if ok then return shown(...) end
    return "error"
  end
  print(what .. "(" .. shown(...) .. ") = " .. results(pcall(f, ...)))
end

local function text(letters, most)
  local t = {}
  for i = 1, rnd(most + 1) do t[i] = pick(letters) end
  return table.concat(t)
end

local function letters(s)
  local t = {}
  for c in s:gmatch(".") do t[#t + 1] = c end
  return t
end

local function number()
  local kind = rnd(8)
  if kind == 0 then return rnd(10) end
  if kind == 1 then return rnd(2147483647) * rnd(2147483647) end
  if kind == 2 then return -rnd(100000) / 64 end
  if kind == 3 then return rnd(2147483647) / 2 ^ rnd(80) end
  if kind == 4 then return rnd(1000) * 10 ^ (rnd(40) - 20) end
  if kind == 5 then return 1 / 0 end
  if kind == 6 then return -rnd(1000) end
  return rnd(1000) / 7
end

for i = 1, 400 do
  local n, m = number(), number()
  print(n, m, n + m, n * m, math.abs(n) > 1e15 or n % 7, n .. "")
  try("floor", math.floor, n)
  try("fmod", math.fmod, rnd(1000) - 500, rnd(20) + 1)
  print((rnd(1000) - 500) % (rnd(20) - 30), (rnd(100) - 50) % 2.5)
end

local digits = letters("0123456789.eExXaf+- ")
for i = 1, 600 do try("tonumber", tonumber, text(digits, 6)) end
for i = 1, 200 do try("tonumber", tonumber, text(letters("0189afzZ "), 5), rnd(35) + 2) end

local flags = {"", "", "-", "+", " ", "0", "#", "-+", "+0", "-0"}
for i = 1, 1500 do
  local verb = pick{"d", "i", "e", "E", "f", "g", "G", "g", "x", "X", "o", "u", "c", "s", "q"}
  local spec = "%"
  local arg = number()
  if verb == "s" then
    spec = spec .. pick{"", "-", ""} .. pick{"", "3", "12"} .. pick{"", ".2", ".0"}
    arg = pick{"text", "", 12, "longer text than that"}
  elseif verb == "q" then
    arg = text(letters('a"\\\nz'), 6)
  elseif verb == "c" then
    arg = rnd(90) + 33
  else
    local flag = pick(flags)
    if verb == "d" or verb == "i" or verb == "u" then flag = flag:gsub("#", "") end
    if ("xXou"):find(verb) then flag = flag:gsub("[+ ]", "") end
    spec = spec .. flag .. pick{"", "", "1", "5", "12", "25"} .. pick{"", "", ".0", ".3", ".14"}
    if ("dixXou"):find(verb) then arg = math.floor(rnd(2147483647) / 2 ^ rnd(31)) end
    if verb == "d" and rnd(2) == 0 then arg = -arg end
  end
  try("format", string.format, spec .. verb, arg)
end

local items = {"a", "b", ".", "%a", "%d", "%s", "[ab]", "[^a]", "[a-c]", "%w", "%.", "(", ")", "()", "%1", "^", "$", "%b()", "%f[%a]",
  "x", "[]]", "[%a_]", "[^%s]", "(a)", "(b*)", "(.)", "%l", "%U", "%p"}
local suffixes = {"", "", "", "*", "+", "-", "?"}
for i = 1, 3000 do
  local p = {}
  for k = 1, rnd(5) + 1 do p[k] = pick(items) .. pick(suffixes) end
  local pattern = table.concat(p)
  local subject = text(letters("aabbc()x1 ._"), 12)
  local how = rnd(4)
  if how == 0 then
    try("find", string.find, subject, pattern, rnd(8) - 3)
  elseif how == 1 then
    try("match", string.match, subject, pattern)
  elseif how == 2 then
    try("gsub", string.gsub, subject, pattern, pick{"<%0>", "%1", "", "x"}, pick{1, 2, 100})
  elseif not pattern:find("^%^") then
    try("gmatch", function(s, q)
      local all = {}
      for a, b in s:gmatch(q) do all[#all + 1] = tostring(a) .. "," .. tostring(b) end
      return table.concat(all, ";")
    end, subject, pattern)
  end
end

for i = 1, 600 do
  local s, a, b = text(letters("abcdef"), 8), rnd(20) - 10, rnd(20) - 10
  try("sub", string.sub, s, a, b)
  try("byte", string.byte, s, a, b)
  try("rep", string.rep, s, a)
  try("upper", string.upper, s)
  try("reverse", string.reverse, s)
end

for i = 1, 300 do
  local t = {}
  for k = 1, rnd(8) do t[k] = rnd(10) end
  local n = #t
  try("concat", table.concat, t, pick{"", ", "}, rnd(3) + 1, rnd(n + 1))
  try("unpack", unpack, t, rnd(4), rnd(n + 2))
  try("select", select, rnd(6) - 3, 1, 2, 3)
  local at = rnd(n + 1) + 1
  table.insert(t, at, "new")
  print(shown(unpack(t)), shown(table.remove(t, rnd(n + 1) + 1)), shown(unpack(t)))
  local sorted = {}
  for k = 1, n do sorted[k] = rnd(50) end
  table.sort(sorted, pick{function(a, b) return a > b end, function(a, b) return a < b end})
  print(shown(unpack(sorted)))
end

for i = 1, 100 do
  local when = rnd(2147483647)
  print(os.date("!%Y-%m-%d %H:%M:%S %a %A %b %B %c %d %H %I %j %m %M %p %S %U %w %W %x %X %y %Y %%", when))
  local t = os.date("*t", when)
  print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst, os.time(t) == when)
end
