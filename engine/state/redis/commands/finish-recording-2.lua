--[[
  Notes that a recording was read to its end, or closed before it.

  Guarantee: changes nothing when the camera has another session by now, or this one is finished, and with a token only for who holds the
  camera's lease.

  KEYS[1]  the sessions of the camera
  KEYS[2]  the lease of the camera

  ARGV[1]  session
  ARGV[2]  ended or closed
  ARGV[3]  token of the lease; empty where cameras are not leased

  Answers {'ok'} or {'lost'}.
]]
local sessions, lease = KEYS[1], KEYS[2]
local session, state, token = ARGV[1], ARGV[2], ARGV[3]

if token ~= '' and redis.call('HGET', lease, 'token') ~= token then
  return { 'lost' }
end

local last = redis.call('HMGET', sessions, 'session', 'state')
if last[1] == session and (last[2] == 'open' or last[2] == 'resumed') then
  redis.call('HSET', sessions, 'state', state)
end
return { 'ok' }
