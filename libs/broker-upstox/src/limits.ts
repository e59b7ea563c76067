import type { BrokerLimits, RateRule } from '@strikewire/broker';

/** Of an app that is not registered as an algorithm: place, modify and cancel, taken together. */
const ordersPerSecond = 10;
const ordersPerMinute = 500;
const ordersPerHalfHour = 2_000;

/**
 * Limits of the standard APIs, per user and API (Upstox API documentation, "Rate limiting",
 * September 2026). Windows are stretched a little, because the broker's clock is not ours.
 */
function standard(name: string): RateRule[] {
  return [
    { class: name, limit: 50, windowMs: 1_050 },
    { class: name, limit: 500, windowMs: 60_500 },
    { class: name, limit: 2_000, windowMs: 1_803_000 },
  ];
}

/** Limits of one account of the normal tier. */
export const upstoxLimits: BrokerLimits = {
  // Contracts and chains are two APIs; they share one class, which stays below either's limit. So
  // do the books of orders, trades and positions, and margin and funds.
  rest: [
    ...standard('chain'),
    ...standard('quote'),
    ...standard('account'),
    ...standard('book'),
    ...standard('margin'),
    { class: 'order', limit: ordersPerSecond, windowMs: 1_050 },
    { class: 'order', limit: ordersPerMinute, windowMs: 60_500 },
    { class: 'order', limit: ordersPerHalfHour, windowMs: 1_803_000 },
  ],
  feed: {
    socketsMax: 2,
    // None is kept in reserve: half of what an account can carry would lie idle.
    socketsPlanned: 2,
    // Of mode `full`, while no other mode is in use ("Market Data Feed V3").
    instrumentsPerSocketMax: 2_000,
    // No limit is documented; this many keys are some 10 kB.
    instrumentsPerMessageMax: 500,
    // A connection that the broker may still count is refused as one too many.
    lingerMs: 30_000,
    throttledWaitMs: 60_000,
    // It pings when it has nothing to say.
    silentMs: 25_000,
  },
  orders: {
    perSecond: ordersPerSecond,
    perMinute: ordersPerMinute,
    perHour: null,
    perDay: null,
    modificationsPerOrder: null,
    others: [{
      name: 'account_half_hour', limit: ordersPerHalfHour, windowMs: 1_800_000, per: 'account',
    }],
  },
};

/** Instruments per request of the quote APIs. */
export const quoteInstrumentsMax = 500;

/** Instruments per request for a margin; none may be named twice. */
export const marginLegsMax = 20;
