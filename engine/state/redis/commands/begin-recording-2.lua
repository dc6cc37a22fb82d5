--[[
  Gives out the session of a recording: the same one until it was closed or another file stands behind the name, then the last one + 1.

  Guarantee: no number is given out twice for two recordings, and with a token only to who holds the camera's lease.

  KEYS[1]  the sessions of the camera
  KEYS[2]  the lease of the camera

  ARGV[1]  fingerprint of the recording
  ARGV[2]  token of the lease; empty where cameras are not leased

  Answers {'ok', session, state} with state open, ended or resumed, or {'lost'}.
]]
local sessions, lease = KEYS[1], KEYS[2]
local fingerprint, token = ARGV[1], ARGV[2]

if token ~= '' and redis.call('HGET', lease, 'token') ~= token then
  return { 'lost' }
end

local last = redis.call('HMGET', sessions, 'session', 'fingerprint', 'state')
local isSame = last[2] == fingerprint
if isSame and last[3] ~= 'closed' then
  return { 'ok', last[1], last[3] }
end

local session = string.format('%.0f', tonumber(last[1] or '0') + 1)
local state = isSame and 'resumed' or 'open'
redis.call('HSET', sessions, 'session', session, 'fingerprint', fingerprint, 'state', state)
return { 'ok', session, state }
