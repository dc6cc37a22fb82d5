--[[
  Gives out a session of a live camera: the last one + 1, and at least the seconds since 1970.

  Guarantee: no number is given out twice, and with a token only to who holds the camera's lease.

  KEYS[1]  the sessions of the camera: a hash with session, fingerprint and state (of a recording), time (event time, see renew-lease-2)
  KEYS[2]  the lease of the camera

  ARGV[1]  seconds since 1970
  ARGV[2]  token of the lease; empty where cameras are not leased

  Answers {'ok', session} or {'lost'}.
]]
local sessions, lease = KEYS[1], KEYS[2]
local seconds, token = tonumber(ARGV[1]), ARGV[2]

if token ~= '' and redis.call('HGET', lease, 'token') ~= token then
  return { 'lost' }
end

local last = tonumber(redis.call('HGET', sessions, 'session') or '0')
local session = string.format('%.0f', math.max(last + 1, seconds))
redis.call('HSET', sessions, 'session', session)
redis.call('HDEL', sessions, 'fingerprint', 'state')
return { 'ok', session }
