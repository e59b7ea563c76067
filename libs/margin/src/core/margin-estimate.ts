import type { ContractKey } from '@strikewire/contracts';
import type { MarginShape } from './position-shape';

/** Greeks of all lines of one underlying together, by its spot. */
export interface NetGreeks {
  /** Units of the underlying. */
  delta: number;
  /** Change of that for a move of one rupee. */
  gamma: number;
  thetaPaisePerDay: number;
  /** For one point (1 %) of volatility. */
  vegaPaise: number;
}

/**
 * Where risk arrays came from: the exchange's file, or our own scenarios, which are within 10 % of
 * the file for the sets that the tests compare.
 */
export type MarginMethod = 'file' | 'scenarios';

/** What one underlying needs, in whole paise. */
export interface UnderlyingMargin {
  /** `NSE:NIFTY`. */
  underlying: ContractKey;
  method: MarginMethod;
  scanPaise: number;
  calendarPaise: number;
  /** Net option value: bought options less sold ones; negative when more is sold. */
  novPaise: number;
  /** max(0, max(scan + calendar, short option minimum) − NOV). */
  spanPaise: number;
  exposurePaise: number;
  expiryDayPaise: number;
  /** What bought options cost at their price. */
  premiumPaise: number;
  /** What stays blocked while the set is held: span + exposure + expiry day. */
  marginPaise: number;
  /** What it takes to enter the set: margin + premium. */
  totalPaise: number;
  /** 1 to 16; 0 when no scenario loses. */
  worstScenario: number;
  /** Null where the lines cannot all be priced. */
  netGreeks: NetGreeks | null;
}

/** The local estimate of a position set. */
export interface MarginEstimate {
  /** `scenarios` as soon as one underlying is not in the file. */
  method: MarginMethod;
  /** Epoch ms it was made for. */
  asOfMs: number;
  /** Day and revision of the file; null without one. */
  revision: string | null;
  shape: MarginShape;
  byUnderlying: readonly UnderlyingMargin[];
  marginPaise: number;
  totalPaise: number;
  /** What an estimate of this set leaves out or had to assume. */
  warnings: readonly string[];
}
