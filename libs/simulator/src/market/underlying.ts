import type { DeliveryRule, ExpiryRule } from './expiries';

/** How strikes of an underlying depart from an even ladder. */
export type StrikeOddity =
  /** All strikes of the near month moved by a corporate action, for example to 1012.5. */
  | 'adjusted'
  /** Fewer strikes than most windows ask for. */
  | 'few';

/** What the exchange lists derivatives on, as data. Prices in rupees. */
export interface UnderlyingSpec {
  symbol: string;
  name: string;
  exchange: 'NSE' | 'BSE' | 'MCX';
  kind: 'index' | 'stock' | 'commodity';
  /** Id of the index, of the NSE cash share, or that chains of a commodity are asked for by. */
  id: number;
  /** The level around which the path wanders. */
  spot: number;
  lot: number;
  /** Gap between strikes near the spot, in rupees. */
  step: number;
  /** The gap is this many times wider beyond `nearReach`. */
  farStep: number;
  /** Fractions of the spot: end of the narrow strikes, and of all strikes. */
  nearReach: number;
  reach: number;
  /** At-the-money vol a year, as a fraction. */
  vol: number;
  /** 0 to 1: how busy the busiest contract is. */
  liquidity: number;
  /** Undefined when nothing is listed on it. */
  expiries?: ExpiryRule | DeliveryRule;
  /** Price steps in paise, where they are not those of shares and indices. */
  ticks?: { futurePaise: number; optionPaise: number };
  oddity?: StrikeOddity;
}

export interface Underlying extends UnderlyingSpec {
  /** Position in the market's table; the stream of its random path. */
  index: number;
}
