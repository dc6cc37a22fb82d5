--[[
  Takes a task over: from here on only the holder of this token may commit, and the epoch is one higher.

  Guarantee: nothing is written before everything was checked. Called again with the token that owns the task already (an answer was
  lost) it changes nothing and answers the same.

  KEYS[1]  the task: a hash with epoch, token, position, commit (id of the last commit), keys (how many keys the state has)

  ARGV[1]  token of the new owner

  Answers {'ok', epoch, position} or {'damaged', what is wrong}.
]]
local task = KEYS[1]
local token = ARGV[1]

local found = redis.call('HMGET', task, 'epoch', 'token', 'position')
local isNew = redis.call('EXISTS', task) == 0
local epoch = tonumber(found[1] or (isNew and '0'))
local position = found[3] or (isNew and '0')

if not epoch or not tonumber(position) then
  return { 'damaged', task .. ' has no epoch or no position' }
end
if found[2] == token then
  return { 'ok', found[1], position }
end

local next = string.format('%.0f', epoch + 1)
redis.call('HSET', task, 'epoch', next, 'token', token, 'position', position)
return { 'ok', next, position }
