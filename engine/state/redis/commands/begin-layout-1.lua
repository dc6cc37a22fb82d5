--[[
  Says that an empty prefix is ours: in which version of the layout, and which store it is.

  Guarantee: of several that begin at once the first one wins; all are answered the same.

  KEYS[1]  the marker: a hash with layout and store

  ARGV[1]  version of the layout
  ARGV[2]  id of the store, random

  Answers {layout, store}.
]]
local marker = KEYS[1]
local layout, store = ARGV[1], ARGV[2]

if redis.call('EXISTS', marker) == 0 then
  redis.call('HSET', marker, 'layout', layout, 'store', store)
end
return redis.call('HMGET', marker, 'layout', 'store')
