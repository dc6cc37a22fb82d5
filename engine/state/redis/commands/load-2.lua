--[[
  Reads the state of a task, for its owner only.

  Guarantee: the state is that of one moment, and whole: as many keys as the last commit left.

  KEYS[1]  the task
  KEYS[2]  its state: a hash of bytes by key

  ARGV[1]  token of the owner

  Answers {'ok', {key, bytes, key, bytes …}}, {'stale', epoch, position}, {'missing'} or {'damaged', what is wrong}.
]]
local task, state = KEYS[1], KEYS[2]
local token = ARGV[1]

local found = redis.call('HMGET', task, 'token', 'epoch', 'position', 'keys')
if not found[1] then
  return { 'missing' }
end
if found[1] ~= token then
  return { 'stale', found[2], found[3] }
end

local keys = redis.call('HLEN', state)
if keys ~= tonumber(found[4] or '0') then
  return { 'damaged', state .. ' has ' .. keys .. ' keys, and its last commit left ' .. (found[4] or '0') }
end
return { 'ok', redis.call('HGETALL', state) }
