import { addressGroup } from './address-group';
import { StrikewireError, type StateStore } from '@strikewire/runtime';

/** Tries within a window, by what they have in common. */
const rules = {
  /** One person from one place: what a forgetful person needs, and a guesser has. */
  pair: { triesMax: 10, windowMs: 15 * 60_000 },
  /** One name from anywhere: many places together. */
  account: { triesMax: 100, windowMs: 15 * 60_000 },
  /** One place with any names: a list of names with one password. */
  address: { triesMax: 50, windowMs: 15 * 60_000 },
} as const;

/** How long an address stays known to a name. */
const knownMs = 30 * 86_400_000;

/** Bounds how often passwords can be tried. */
export interface SignInThrottle {
  /** Counts a try before it is made; kind `throttled` when there were too many. */
  take(username: string, address: string): Promise<void>;
  /** A right password: the pair starts anew, and is known from then on. */
  forgive(username: string, address: string): Promise<void>;
}

/**
 * Counts tries per name, per address and per pair of both. A try is counted before its password is
 * looked at, so that tries at the same moment count as well. A name and an address that were right
 * together before are counted as a pair alone, whatever others try.
 */
export function createSignInThrottle(state: StateStore): SignInThrottle {
  const pairKey = (username: string, address: string): string =>
    `sign-in:pair:${username}:${address}`;
  const knownKey = (username: string, address: string): string =>
    `sign-in:known:${username}:${address}`;
  return {
    async take(username, fullAddress) {
      const address = addressGroup(fullAddress);
      const pair = pairKey(username, address);
      const isKnown = (await state.get(knownKey(username, address))) !== undefined;
      const isCounted = isKnown || (await state.get(pair)) !== undefined;
      const countAddress = () => count(state, `sign-in:address:${address}`, rules.address);
      // An address that may not go on makes no counter for one more name: they would crowd out
      // those of others.
      if (!isCounted) await countAddress();
      await count(state, pair, rules.pair);
      if (isKnown) return;
      // Whoever goes on with one name uses up that pair, and not the address of his whole office.
      if (isCounted) await countAddress();
      await count(state, `sign-in:account:${username}`, rules.account);
    },
    async forgive(username, fullAddress) {
      const address = addressGroup(fullAddress);
      await state.delete(pairKey(username, address));
      await state.set(knownKey(username, address), 'known', { ttlMs: knownMs });
    },
  };
}

async function count(
  state: StateStore,
  key: string,
  { triesMax, windowMs }: { triesMax: number; windowMs: number },
): Promise<void> {
  const { count: tries, ttlMs } = await state.increment(key, windowMs);
  if (tries <= triesMax) return;
  const retryAfterS = Math.max(1, Math.ceil(ttlMs / 1_000));
  throw new StrikewireError({
    kind: 'throttled',
    code: 'sign_in_throttled',
    message: `too many tries to sign in; try again in ${Math.ceil(retryAfterS / 60)} min`,
    details: { retryAfterS },
  });
}
