--[[
  Takes a lease that nobody holds.

  Guarantee: at most one holder at a time by the clock of Redis. Sent again (the answer was lost) it answers the same.

  KEYS[1]  the lease: a hash with token and holder that is gone when its time is over
  KEYS[2]  the sessions of the camera, where the last event time is kept

  ARGV[1]  token, random
  ARGV[2]  holder, for people and for fair shares
  ARGV[3]  milliseconds that it lasts without renewal

  Answers {'ok', last event time or ''} or {'held', holder}.
]]
local lease, sessions = KEYS[1], KEYS[2]
local token, holder, ttl = ARGV[1], ARGV[2], ARGV[3]

local found = redis.call('HMGET', lease, 'token', 'holder')
if found[1] and found[1] ~= token then
  return { 'held', found[2] }
end

local time = redis.call('HGET', sessions, 'time') or ''
redis.call('HSET', lease, 'token', token, 'holder', holder)
redis.call('PEXPIRE', lease, ttl)
return { 'ok', time }
