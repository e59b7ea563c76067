import type { FeedItem } from './feed-protocol';

/** Which socket carries which instruments. */
export interface SubscriptionPlan {
  sockets: readonly (readonly FeedItem[])[];
  /** What did not fit, in order of priority. */
  unplaced: readonly FeedItem[];
}

/**
 * Deals items to sockets in their given order of priority, filling each before the next, so that
 * the same list always gives the same plan.
 */
export function planSubscriptions(
  items: readonly FeedItem[],
  limits: { socketsPlanned: number; instrumentsPerSocketMax: number },
): SubscriptionPlan {
  const size = limits.instrumentsPerSocketMax;
  const placed = items.slice(0, size * limits.socketsPlanned);
  const sockets: FeedItem[][] = [];
  for (let start = 0; start < placed.length; start += size) {
    sockets.push(placed.slice(start, start + size));
  }
  return { sockets, unplaced: items.slice(placed.length) };
}
