import {
  isAskedFor,
  type PacedAccount,
  type RefreshClass,
  type RefreshNow,
  type RefreshState,
  type RefreshWork,
} from './refresh-state';

/** A chain is asked for anew at this part of its bound, so that an answer comes within it. */
export const dueAt = 0.8;
/** Of what the limits allow, this much is planned with: answers hold their places a little. */
export const usable = 0.85;

/**
 * How much longer than its bounds say every chain may become, for want of requests; at least 1.
 * Null when nobody can be asked: then chains grow older without a bound.
 */
export function stretchOf(state: RefreshState, now: RefreshNow): number | null {
  const lack = lackOf(state, now);
  if (lack === null) return null;
  // Half of the turns are a person's while one waits.
  const isShared = [...state.works.values()].some(({ wanted }) => wanted === 'admin');
  return Math.max(1, lack * (isShared ? 2 : 1));
}

/** The same without what a person is waiting for: by this chains fall due. */
export function dueStretchOf(state: RefreshState, now: RefreshNow): number {
  return Math.max(1, lackOf(state, now) ?? 1);
}

/** How many times more is needed than can be asked for; null when nobody can be asked. */
function lackOf(state: RefreshState, now: RefreshNow): number | null {
  let demand = 0;
  for (const work of state.works.values()) {
    if (!work.isAged || !now.open.has(work.exchange)) continue;
    demand += 1 / (dueAt * classBoundMs(state, work.class));
  }
  const capacity = state.accounts
    .filter((one) => isAskedFor(one, false) && one.restUntilMono <= now.mono)
    .reduce((sum, account) => sum + usable / Math.max(1, spacingMs(account, now)), 0);
  return capacity === 0 ? null : demand / capacity;
}

/** The bound of a class as load shedding leaves it, ms. */
export function classBoundMs({ boundsMs, shedding }: RefreshState, one: RefreshClass): number {
  return boundsMs[one] * (one === 'index' ? 1 : shedding);
}

/** When an aged chain is due, by the monotonic clock. */
export function dueMono(state: RefreshState, work: RefreshWork, stretch: number): number {
  return work.sentMono + dueAt * stretch * classBoundMs(state, work.class);
}

/** From this part of a day's limit on, what is left is shared out. */
const scarceFrom = 0.9;

/**
 * Between two requests of an account. A day's limit is counted over the last 24 hours, so that what
 * was used yesterday comes back as today goes on: only the last of it is shared out.
 */
export function spacingMs(account: PacedAccount, { dayLeftMs }: RefreshNow): number {
  if (account.dayLimit === Infinity || account.dayUsed < account.dayLimit * scarceFrom) {
    return account.spacingMs;
  }
  const left = account.dayLimit - account.dayUsed;
  return left <= 0 ? dayLeftMs : Math.max(account.spacingMs, dayLeftMs / left);
}
