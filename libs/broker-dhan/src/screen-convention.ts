import type { ScreenConvention } from '@strikewire/broker';

/**
 * What Dhan's option chain shows is Black and Scholes on the spot at a continuous 10 %, over
 * calendar days of 365 a year up to five and a half hours after the close: India's distance from
 * UTC. Worked back from the samples of its documentation ("Option Chain", v2): price, delta, gamma,
 * theta and vega of both samples follow from it.
 */
export const dhanScreenConvention: ScreenConvention = {
  name: 'dhan',
  model: 'spot',
  rate: 0.1,
  dayCount: { clock: 'calendar', msPerYear: 365 * 86_400_000 },
  expiryShiftMs: 19_800_000,
};
