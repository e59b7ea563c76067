import type { FeedItem } from './feed-protocol';

/** Which socket carries which instruments. */
export interface SubscriptionPlan<Item extends FeedItem = FeedItem> {
  sockets: readonly (readonly Item[])[];
  /** What did not fit, in order of priority. */
  unplaced: readonly Item[];
}

/**
 * Deals items to sockets in their given order of priority, filling each before the next, so that
 * the same list always gives the same plan.
 */
export function planSubscriptions<Item extends FeedItem>(
  items: readonly Item[],
  limits: { socketsPlanned: number; instrumentsPerSocketMax: number },
): SubscriptionPlan<Item> {
  const size = limits.instrumentsPerSocketMax;
  const placed = items.slice(0, size * limits.socketsPlanned);
  const sockets: Item[][] = [];
  for (let start = 0; start < placed.length; start += size) {
    sockets.push(placed.slice(start, start + size));
  }
  return { sockets, unplaced: items.slice(placed.length) };
}
