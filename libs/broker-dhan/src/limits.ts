import type { BrokerLimits } from '@strikewire/broker';

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
    { class: 'account', limit: 20, windowMs: 1_050 },
  ],
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

/** Instruments per request of the quote APIs. */
export const quoteInstrumentsMax = 1_000;
