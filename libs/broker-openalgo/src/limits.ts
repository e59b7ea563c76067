import type { BrokerLimits } from '@strikewire/broker';

/** Each of its order routes takes so many; here all of them together. */
const ordersPerSecond = 10;

/**
 * Limits of a deployment as it is shipped (OpenAlgo 2.0, sample configuration): 50 requests a
 * second and caller, and 3 connections of 1,000 instruments to the broker behind it, which all of
 * its clients share. The window is stretched a little, because its clock is not ours.
 */
export const openalgoLimits: BrokerLimits = {
  rest: [
    { class: 'api', limit: 40, windowMs: 1_050 },
    // Of the same 50, kept for the books of orders, trades and positions.
    { class: 'book', limit: 10, windowMs: 1_050 },
    { class: 'order', limit: ordersPerSecond, windowMs: 1_050 },
  ],
  feed: {
    // Its own number is not limited: one carries everything, a second one can replace it.
    socketsMax: 2,
    socketsPlanned: 1,
    instrumentsPerSocketMax: 3_000,
    // No limit is known; this many are some 25 kB.
    instrumentsPerMessageMax: 500,
    // One that it still counts, for 40 s at most, is in nobody's way.
    lingerMs: 1_000,
    throttledWaitMs: 60_000,
    silentMs: 25_000,
  },
  // What the broker behind it allows is not known here.
  orders: {
    perSecond: ordersPerSecond,
    perMinute: null,
    perHour: null,
    perDay: null,
    modificationsPerOrder: null,
  },
};

/** Instruments per request of quotes: it asks the broker behind it in batches of its own. */
export const quoteInstrumentsMax = 500;

/** Positions of one question for a margin. */
export const marginLegsMax = 50;
