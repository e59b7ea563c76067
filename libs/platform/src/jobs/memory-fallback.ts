import { errorKindOf, errorMessageOf, type Log, type StateStore } from '@strikewire/runtime';

/**
 * Answers from `memory` while `store` cannot be reached. Everything is written to both, so a loss
 * finds this process's own counts there; of two counts the higher is told, so that neither a loss
 * nor a return lets more through than before.
 */
export function withMemoryFallback(store: StateStore, memory: StateStore, log: Log): StateStore {
  let isAway = false;
  const attempt = async <T>(ask: () => Promise<T>, instead: () => T | Promise<T>): Promise<T> => {
    try {
      const answer = await ask();
      if (isAway) log.info('state is shared again');
      isAway = false;
      return answer;
    } catch (error) {
      if (errorKindOf(error) !== 'retryable') throw error;
      if (!isAway) log.warn('state is kept in memory', { reason: errorMessageOf(error) });
      isAway = true;
      return instead();
    }
  };
  return {
    get: (key) => attempt(() => store.get(key), () => memory.get(key)),
    async set(key, value, options) {
      await memory.set(key, value, options);
      await attempt(() => store.set(key, value, options), () => undefined);
    },
    async delete(key) {
      await memory.delete(key);
      await attempt(() => store.delete(key), () => undefined);
    },
    async increment(key, ttlMs) {
      const own = await memory.increment(key, ttlMs);
      const shared = await attempt(() => store.increment(key, ttlMs), () => own);
      return shared.count >= own.count ? shared : own;
    },
  };
}
