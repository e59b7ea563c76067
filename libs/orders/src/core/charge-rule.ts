import type { Exchange } from '@strikewire/contracts';

/** Charges by law and by exchange; brokerage is the broker's own, and GST is on top of both. */
export type ChargeName = 'stt' | 'exchange' | 'ipft' | 'sebi' | 'stamp';

/** What is charged: a trade of an option or a future, or an option that is exercised at expiry. */
export type ChargedEvent = 'option' | 'future' | 'exercise';

/**
 * A rate from a date on, until a later row for the same takes over. Rates are rupees per crore of
 * the value (0.15 % are 15,000): premium × quantity of an option's trade, price × quantity of a
 * future's, intrinsic value of an exercise.
 */
export interface ChargeRule {
  charge: ChargeName;
  exchange: Exchange;
  event: ChargedEvent;
  /** Who pays. An exercise is paid by the holder of the option. */
  side: 'BUY' | 'SELL' | 'both';
  /** Underlyings that have a rate of their own; null: all others. */
  symbols: readonly string[] | null;
  perCrore: number;
  /** ISO date, in India. */
  from: string;
  source: string;
  /** Read in two places or at the one who charges it; false: one page of a third party. */
  isVerified: boolean;
}

/** GST from a date on. */
export interface GstRule {
  percent: number;
  /** Charges that it is on, beside brokerage. */
  on: readonly ChargeName[];
  from: string;
  source: string;
  isVerified: boolean;
}

/** A table of rates. Before `from` it knows nothing. */
export interface ChargeTable {
  from: string;
  rules: readonly ChargeRule[];
  gst: readonly GstRule[];
}

/** What a broker asks for one executed order: the lower of the two; null: no such rule. */
export interface BrokeragePlan {
  name: string;
  option: BrokerageRate;
  future: BrokerageRate;
}

/** `flatPaise` for an executed order, or a share of its value if that is less. */
export interface BrokerageRate {
  flatPaise: number;
  /** Rupees per crore of the value: 0.03 % are 3,000. */
  perCroreMost: number | null;
}

/** The usual plan of Indian discount brokers: ₹20 an order, futures 0.03 % if that is less. */
export const flatTwentyPlan: BrokeragePlan = {
  name: 'flat 20',
  option: { flatPaise: 2_000, perCroreMost: null },
  future: { flatPaise: 2_000, perCroreMost: 3_000 },
};

/** No brokerage. */
export const noBrokerage: BrokeragePlan = {
  name: 'none',
  option: { flatPaise: 0, perCroreMost: null },
  future: { flatPaise: 0, perCroreMost: null },
};
