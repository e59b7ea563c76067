import { checkStateEntry, errorMessageOf, notACounter, type StateStore } from '@strikewire/runtime';
import type { RedisLink } from './redis-link';

/** One step for Redis, so that no two processes count the same, and no counter stays for ever. */
const incrementScript = `
  local count = redis.call('incr', KEYS[1])
  local left = redis.call('pttl', KEYS[1])
  if left < 0 then
    left = tonumber(ARGV[1])
    redis.call('pexpire', KEYS[1], left)
  end
  return {count, left}`;

/** State in Redis, under keys that start with `prefix`. */
export function createRedisStateStore(redis: RedisLink, prefix: string): StateStore {
  const place = (key: string): string => `${prefix}:state:${key}`;
  return {
    async get(key) {
      checkStateEntry(key);
      return (await redis.ask((client) => client.get(place(key)))) ?? undefined;
    },
    async set(key, value, { ttlMs } = {}) {
      checkStateEntry(key, { value, ...(ttlMs === undefined ? {} : { ttlMs }) });
      await redis.ask((client) =>
        ttlMs === undefined
          ? client.set(place(key), value)
          : client.set(place(key), value, 'PX', ttlMs),
      );
    },
    async delete(key) {
      checkStateEntry(key);
      await redis.ask((client) => client.del(place(key)));
    },
    async increment(key, ttlMs) {
      checkStateEntry(key, { ttlMs });
      try {
        const answer = redis.ask((client) => client.eval(incrementScript, 1, place(key), ttlMs));
        const [count, left] = (await answer) as [number, number];
        return { count, ttlMs: left };
      } catch (error) {
        throw /not an integer|overflow/.test(errorMessageOf(error)) ? notACounter() : error;
      }
    },
  };
}
