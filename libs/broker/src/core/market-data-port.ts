import type { ContractKey, UnderlyingRef } from '@strikewire/contracts';

/** A broker's own id of an instrument; unique within its segment only. */
export interface InstrumentToken {
  /** The broker's name of the segment. */
  segment: string;
  id: string;
}

/** `SEGMENT:ID`, for maps. */
export function tokenKey(token: InstrumentToken): string {
  return `${token.segment}:${token.id}`;
}

/** IV in percent; delta and gamma per rupee, theta per day, vega and rho per point; null: none. */
export interface BrokerGreeks {
  iv: number | null;
  delta: number | null;
  gamma: number | null;
  theta: number | null;
  vega: number | null;
  rho: number | null;
}

/** One leg of a broker's chain answer. Prices in paise, quantities in units; null: not given. */
export interface BrokerLeg {
  token: InstrumentToken;
  ltpPaise: number;
  bidPaise: number;
  askPaise: number;
  bidQty: number;
  askQty: number;
  volume: number;
  oi: number;
  previousOi: number | null;
  closePaise: number | null;
  greeks: BrokerGreeks | null;
}

/** One strike of a broker's chain answer, in paise; a leg that the broker leaves out is null. */
export interface BrokerStrike {
  strikePaise: number;
  CE: BrokerLeg | null;
  PE: BrokerLeg | null;
}

/** A chain as the broker answered it; strikes ascending. */
export interface BrokerChain {
  spotPaise: number | null;
  strikes: readonly BrokerStrike[];
  /** When the request was sent, by the monotonic clock: its figures count as of then. */
  sentMonoMs: number;
  receivedMs: number;
}

/** Metadata of one option or future from the instrument master. */
export interface InstrumentInfo {
  token: InstrumentToken;
  /** The exchange's trading symbol. */
  symbol: string;
  lotSize: number;
  tickPaise: number;
  /** Units that one order may have at the most; null when the broker does not tell. */
  freezeQuantity: number | null;
}

/** The day's instrument master, reduced to what was asked for. */
export interface InstrumentTable {
  get(token: InstrumentToken): InstrumentInfo | undefined;
  readonly size: number;
}

/** An underlying with listed options, as a broker names it. */
export interface ListedUnderlying extends UnderlyingRef {
  kind: 'index' | 'stock' | 'commodity';
  /** Whose price is its spot: the index, the share, of a commodity its nearest future. */
  spot: InstrumentToken;
  /** What the broker's expiry and chain requests call it. */
  chain: InstrumentToken;
}

/** What the platform reads from a broker over REST. Errors are typed by kind. */
export interface MarketDataPort {
  /** Underlyings with listed options, from the instrument master: names and ids, never expiries. */
  underlyings(): Promise<ListedUnderlying[]>;
  /** Listed option expiries, ISO, ascending: the only source of expiries. */
  expiries(underlying: ListedUnderlying): Promise<string[]>;
  /** The whole chain of one expiry; `priority` as in a `BudgetSlot`. */
  chain(underlying: ListedUnderlying, expiry: string, priority?: number): Promise<BrokerChain>;
  /** Last prices in paise by `tokenKey`; what the broker leaves out is absent. */
  lastPrices(tokens: readonly InstrumentToken[]): Promise<ReadonlyMap<string, number>>;
  /** Options and futures of these underlyings from the instrument master: metadata, no expiries. */
  instruments(wanted: readonly UnderlyingRef[]): Promise<InstrumentTable>;
  /**
   * Tokens of options and futures by their canonical keys, from the instrument master; what the
   * broker does not have is absent. So another broker's contracts are found at this one.
   */
  resolve(keys: readonly ContractKey[]): Promise<ReadonlyMap<ContractKey, InstrumentToken>>;
}
