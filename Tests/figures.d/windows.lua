-- What a shop without Gatehouse does about one order: records it in three exact sliding windows and reads them, in one step.
-- KEYS: the membership's payments, the card's countries, the card's addresses.
-- ARGV: now in milliseconds, the payment's own name, the country, the address.
local now = tonumber(ARGV[1])
local hour = 3600000
local length = {48 * hour, 24 * hour, 4 * hour}
local seen = {}
for window, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[window + 1])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - length[window])
  redis.call('PEXPIRE', key, length[window])
  seen[window] = redis.call('ZCARD', key)
end
return seen
