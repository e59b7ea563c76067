import type {
  PacedAccount,
  RefreshClass,
  RefreshNow,
  RefreshState,
  RefreshWork,
} from './refresh-state';

/** A chain is asked for anew at this part of its bound, so that an answer comes within it. */
export const dueAt = 0.8;
/** Of what the limits allow, this much is planned with: answers hold their places a little. */
export const usable = 0.85;

/** How much longer than its bounds say every chain may become, for want of requests; at least 1. */
export function stretchOf(state: RefreshState, now: RefreshNow): number {
  let demand = 0;
  for (const work of state.works.values()) {
    if (!work.isAged || !now.open.has(work.exchange)) continue;
    demand += 1 / (dueAt * classBoundMs(state, work.class));
  }
  const capacity = state.accounts
    .filter(({ restUntilMono }) => restUntilMono <= now.mono)
    .reduce((sum, account) => sum + usable / Math.max(1, spacingMs(account, now)), 0);
  return capacity === 0 ? 1 : Math.max(1, demand / capacity);
}

/** The bound of a class as load shedding leaves it, ms. */
export function classBoundMs({ boundsMs, shedding }: RefreshState, one: RefreshClass): number {
  return boundsMs[one] * (one === 'index' ? 1 : shedding);
}

/** When an aged chain is due, by the monotonic clock. */
export function dueMono(state: RefreshState, work: RefreshWork, stretch: number): number {
  return work.sentMono + dueAt * stretch * classBoundMs(state, work.class);
}

/** Between two requests of an account: what is left of a day's limit has to last for the day. */
export function spacingMs(account: PacedAccount, { dayLeftMs }: RefreshNow): number {
  if (account.dayLimit === Infinity || account.dayUsed < account.dayLimit / 2) {
    return account.spacingMs;
  }
  const left = account.dayLimit - account.dayUsed;
  return left <= 0 ? dayLeftMs : Math.max(account.spacingMs, dayLeftMs / left);
}
