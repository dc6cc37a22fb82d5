--[[
  Commits the state of a task together with the position of its input and its readable rows.

  Guarantee: all or nothing, and only for the owner, and only from the position that it expects. Redis does not take back what a script
  wrote before it failed, so everything is checked before the first write. Sent again (the answer was lost) a commit that is done already
  is recognised by its id and changes nothing.

  KEYS[1]  the task
  KEYS[2]  its state
  KEYS[3…] one readable table each: a hash of JSON by row

  ARGV[1]  token of the owner
  ARGV[2]  id of this commit, random
  ARGV[3]  position that is expected
  ARGV[4]  position to commit
  then the changes of the hash KEYS[2], of KEYS[3], and so on, each as
           number of fields to write, field, value, field, value …, number of fields to remove, field, field …

  Answers {'ok'}, {'stale', epoch, position}, {'missing'} or {'damaged', what is wrong}.
]]
local task, state = KEYS[1], KEYS[2]
local token, commit, expected, position = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

for _, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'hash' and kind ~= 'none' then
    return { 'damaged', key .. ' is a ' .. kind .. ' instead of a hash' }
  end
end

local found = redis.call('HMGET', task, 'token', 'epoch', 'position', 'commit')
if not found[1] then
  return { 'missing' }
end
if found[1] == token and found[4] == commit then
  return { 'ok' }
end
if found[1] ~= token or found[3] ~= expected then
  return { 'stale', found[2], found[3] }
end

local at = 5
local function take()
  at = at + 1
  return ARGV[at - 1]
end

redis.call('HSET', task, 'position', position, 'commit', commit)
for index = 2, #KEYS do
  for _ = 1, tonumber(take()) do
    redis.call('HSET', KEYS[index], take(), take())
  end
  for _ = 1, tonumber(take()) do
    redis.call('HDEL', KEYS[index], take())
  end
end
redis.call('HSET', task, 'keys', redis.call('HLEN', state))
return { 'ok' }
