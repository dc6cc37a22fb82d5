--[[
  Gives a lease back.

  Guarantee: changes nothing for anybody but the holder.

  KEYS[1]  the lease

  ARGV[1]  token of the holder

  Answers {'ok'} or {'lost'}.
]]
local lease = KEYS[1]
local token = ARGV[1]

if redis.call('HGET', lease, 'token') ~= token then
  return { 'lost' }
end
redis.call('DEL', lease)
return { 'ok' }
