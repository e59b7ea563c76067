import type { ContractKey, Exchange } from '@strikewire/contracts';
import type { CalendarSpread } from './calendar-charge';

/** One contract of the exchange's risk-parameter file, in paise a unit. */
export interface RiskContract {
  pricePaise: number;
  /** Loss of one unit bought in each of the 16 scenarios; a gain is negative. */
  array: Float64Array;
  /** The composite delta, which calendar spreads are formed with. */
  delta: number;
}

/** Everything of one underlying that was wanted from the file. */
export interface RiskUnderlying {
  /** The file's own spot price; null when it has none. */
  spotPaise: number | null;
  /** By canonical key: futures and options. */
  contracts: ReadonlyMap<ContractKey, RiskContract>;
  /** In the file's order of priority. */
  spreads: readonly CalendarSpread[];
  shortOptionMinimumPaise: number;
}

/** What was read of a risk-parameter file. */
export interface RiskFile {
  exchange: Exchange;
  /** ISO date of the business day. */
  businessDate: string;
  /** When the exchange made it, as the file says; one day has six revisions. */
  created: string;
  /** True for the settlement revision of the day's end. */
  isSettlement: boolean;
  /** By symbol. */
  underlyings: ReadonlyMap<string, RiskUnderlying>;
  /** What was left out, and why. */
  warnings: readonly string[];
}
