--[[
  Prolongs a lease, and keeps the last event time that was said under it: whoever comes next begins above it.

  Guarantee: changes nothing for anybody but the holder. The kept time never falls.

  KEYS[1]  the lease
  KEYS[2]  the sessions of the camera

  ARGV[1]  token of the holder
  ARGV[2]  milliseconds that it lasts without renewal
  ARGV[3]  last event time, in milliseconds since 1970; empty for none

  Answers {'ok'} or {'lost'}.
]]
local lease, sessions = KEYS[1], KEYS[2]
local token, ttl, time = ARGV[1], ARGV[2], ARGV[3]

if redis.call('HGET', lease, 'token') ~= token then
  return { 'lost' }
end

local kept = tonumber(redis.call('HGET', sessions, 'time') or '-1')
redis.call('PEXPIRE', lease, ttl)
if time ~= '' and tonumber(time) > kept then
  redis.call('HSET', sessions, 'time', time)
end
return { 'ok' }
