import type { BrokerLimits, FeedLimits, OrderFeed } from '@strikewire/broker';

const dayLimit = { class: 'chain', limit: 100_000, windowMs: 86_400_000 } as const;

/**
 * Limits of one account (DhanHQ v2 documentation, "Rate Limit", "Option Chain" and "Live Market
 * Feed", July 2026). Windows are stretched a little, because the broker's clock is not ours.
 */
export const dhanLimits: BrokerLimits = {
  rest: [
    { class: 'quote', limit: 1, windowMs: 1_050 },
    // One request per underlying and expiry in 3 s; different keys may go together, within the
    // 5 a second and 100,000 a day of the data APIs.
    { class: 'chain', limit: 1, windowMs: 3_100, perKey: true },
    { class: 'chain', limit: 5, windowMs: 1_050 },
    dayLimit,
    // The non-trading APIs have 20 a second together: each use has its share, so that none waits
    // for another.
    { class: 'account', limit: 4, windowMs: 1_050 },
    { class: 'margin', limit: 6, windowMs: 1_050 },
    { class: 'books', limit: 10, windowMs: 1_050 },
    // Placing, modifying and cancelling together. The platform holds orders to `orders` below, and
    // what it had sent before a restart counts there: these are a second fence. The windows that
    // are longer than a turn is waited for are those of there, or what passes there waits here.
    { class: 'orders', limit: 10, windowMs: 1_050, startsFree: true },
    { class: 'orders', limit: 250, windowMs: 60_000, startsFree: true },
    { class: 'orders', limit: 1_000, windowMs: 3_600_000, startsFree: true },
    { class: 'orders', limit: 7_000, windowMs: 86_400_000, startsFree: true },
  ],
  orders: {
    perSecond: 10,
    perMinute: 250,
    perHour: 1_000,
    perDay: 7_000,
    modificationsPerOrder: 25,
  },
  feed: {
    socketsMax: 5,
    socketsPlanned: 4,
    instrumentsPerSocketMax: 5_000,
    instrumentsPerMessageMax: 100,
    // The server drops a connection 40 s after its last pong.
    lingerMs: 40_000,
    throttledWaitMs: 60_000,
    // It pings every 10 s: two and a half pings missed.
    silentMs: 25_000,
  },
};

/**
 * The rule of option chains, "one request every 3 seconds", as each of its two readings has it: for
 * each underlying and expiry by itself, or over all of them.
 */
export const dhanLimitReadings: Readonly<Record<'per_key' | 'flat', BrokerLimits>> = {
  per_key: dhanLimits,
  flat: {
    ...dhanLimits,
    rest: [
      ...dhanLimits.rest.filter((rule) => rule.class !== 'chain'),
      { class: 'chain', limit: 1, windowMs: 3_100 },
      dayLimit,
    ],
  },
};

/**
 * Limits of the 20-level feed ("Full Market Depth"): 50 instruments a connection, and 5 connections
 * that are counted apart from the market feed's. One of them is filled.
 */
export const dhanDepthLimits: FeedLimits = {
  ...dhanLimits.feed,
  socketsPlanned: 1,
  instrumentsPerSocketMax: 50,
  instrumentsPerMessageMax: 50,
};

/** Instruments per request of the quote APIs. */
export const quoteInstrumentsMax = 1_000;

/** Of the order update socket: nothing is documented but that it is there. */
export const dhanOrderFeedLimits: OrderFeed['limits'] = {
  lingerMs: dhanLimits.feed.lingerMs,
  throttledWaitMs: dhanLimits.feed.throttledWaitMs,
  // It may say nothing for hours: the host asks for a sign of life.
  silentMs: 30_000,
};
