import type { Exchange } from '@strikewire/contracts';

/** What rules differ by. */
export const underlyingClasses = ['index', 'stock', 'commodity'] as const;
/** An index, a share, or a commodity. */
export type UnderlyingClass = (typeof underlyingClasses)[number];

/** How well a rule is known: read where it is made, read about, sources differ, or assumed. */
export type RuleEvidence = 'primary' | 'secondary' | 'disputed' | 'assumed';

/** Each rule is one number; shares are fractions (2 % = 0.02). */
export const marginRuleNames = [
  /** Price scan range in daily standard deviations... */
  'priceScanSigmas',
  /** ...over so many days, by the square root... */
  'priceScanDays',
  /** ...times so much more, under the root, where the underlying is illiquid. */
  'illiquidDays',
  /** Least price scan range as a share of the price. */
  'priceScanFloor',
  /** The same for options with more than `farDays` calendar days left. */
  'priceScanFloorFar',
  'farDays',
  /** Volatility scan range as a share of the year's volatility, and its least, in volatility. */
  'volScanShare',
  'volScanFloor',
  /** The two extreme scenarios: so many price scan ranges, of whose loss this share counts. */
  'extremeMultiple',
  'extremeShare',
  /** Continuous rate a year at which the scenarios price options on the spot. */
  'scenarioRate',
  /** Charge for deltas against each other in two months, as a share of the far month's price. */
  'calendarShare',
  /** The same at least, as a share of the price scan range. */
  'calendarScanShare',
  /** Days before an expiry from which it is no leg of a calendar spread; 0: never. */
  'calendarEndsDays',
  /** Least requirement of a short option, as a share of the spot. */
  'shortOptionMinimum',
  /** Exposure (extreme loss): shares of a future's price, of the spot for short options. */
  'exposureFuture',
  'exposureOption',
  /** Exposure is at least so many daily standard deviations, where the volatility is known. */
  'exposureSigmas',
  /** Of a futures calendar spread, exposure is asked on this share of the far month alone. */
  'calendarExposureShare',
  /** From this distance out of the money on, as a share of the spot, a short option pays more. */
  'deepOtmFrom',
  'deepOtmExtra',
  /** Added on the day of expiry for short options, as a share of the spot. */
  'expiryDayShare',
] as const;

/** Name of a rule. */
export type MarginRuleName = (typeof marginRuleNames)[number];

/** One rule from a date on, with where it was found. */
export interface MarginRuleRow {
  rule: MarginRuleName;
  exchange: Exchange;
  class: UnderlyingClass;
  /** Underlyings that have a rule of their own; left out: all others. */
  symbols?: readonly string[];
  /** First day it holds, ISO date. */
  from: string;
  value: number;
  source: string;
  evidence: RuleEvidence;
}

/** The rules of one class of underlyings on one day. */
export type MarginRules = Readonly<Record<MarginRuleName, number>>;

/** Which rules are asked for. */
export interface MarginRuleQuery {
  exchange: Exchange;
  class: UnderlyingClass;
  /** Of the underlying; without it the rules of its class. */
  symbol?: string;
  /** ISO date. */
  date: string;
}
