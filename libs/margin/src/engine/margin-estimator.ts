import type { ContractKey } from '@strikewire/contracts';
import type { ContractDesk, ContractReading } from '@strikewire/option-chain/engine';
import { errorKindOf, errorMessageOf, type Clock, type Log } from '@strikewire/runtime';
import { estimateMargin, type MarginInputs, type MarginUnderlying } from '../core/estimate-margin';
import type { MarginEstimate } from '../core/margin-estimate';
import { positionLimits, underlyingOf, type MarginPosition } from '../core/margin-position';
import type { MarginRuleRow } from '../core/margin-rule';
import type { RiskFile } from '../core/risk-file';

/** An estimate, or why there is none. */
export type EstimateOutcome =
  | { estimate: MarginEstimate; reason: null }
  | { estimate: null; reason: string };

/** One moment's market: sets that are estimated in it have the same prices. */
export interface MarginMoment {
  estimate(positions: readonly MarginPosition[]): EstimateOutcome;
  /** `NSE:NIFTY`; undefined: no set with it was estimated. */
  spotPaiseOf(underlying: ContractKey): number | undefined;
  /** What a unit of it counts at, in whole paise; null: there is no price of it. */
  pricePaiseOf(position: MarginPosition): number | null;
}

/** Estimates by the prices that are in the cache: it asks nobody. */
export interface MarginEstimator {
  now(): MarginMoment;
  /** What a paper account has blocked for a set, in paise; null: it cannot be estimated. */
  blockedFor(positions: readonly MarginPosition[]): number | null;
}

/** What may be known of an underlying besides its spot. */
export type UnderlyingFigures = Omit<MarginUnderlying, 'class' | 'spotPaise'>;

/** What estimates are made from. */
export interface MarginEstimatorDeps {
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
  contracts: Pick<ContractDesk, 'find' | 'read'>;
  /** The risk files that are there, at most one of each exchange. */
  files(): readonly RiskFile[];
  /** By `NSE:NIFTY`; undefined: nothing more is known of it. */
  underlyingOf?(underlying: ContractKey): UnderlyingFigures | undefined;
  /** Rules of its own; the built-in ones when absent. */
  rules?: readonly MarginRuleRow[];
}

const nothingKnown: UnderlyingFigures = {
  previousClosePaise: null,
  dailyVolatility: null,
  isIlliquid: false,
};

/** Estimates over the live cache. */
export function createMarginEstimator(deps: MarginEstimatorDeps): MarginEstimator {
  const now = (): MarginMoment => new Moment(deps);
  return {
    now,
    blockedFor: (positions) => now().estimate(positions).estimate?.marginPaise ?? null,
  };
}

interface PricedLine {
  pricePaise: number;
  iv: number | null;
  /** Of a commodity's option: by its own month. */
  forwardPaise: number | null;
  isStale: boolean;
}

class Moment implements MarginMoment {
  private readonly deps: MarginEstimatorDeps;
  private readonly underlyings = new Map<ContractKey, MarginUnderlying>();
  private readonly lines = new Map<ContractKey, PricedLine | string>();
  private readonly inputs: MarginInputs;

  constructor(deps: MarginEstimatorDeps) {
    this.deps = deps;
    this.inputs = {
      asOfMs: deps.clock.wallMs(),
      underlyings: this.underlyings,
      files: deps.files(),
      figures: new Map(),
      ...(deps.rules && { rules: deps.rules }),
    };
  }

  estimate(positions: readonly MarginPosition[]): EstimateOutcome {
    const priced: MarginPosition[] = [];
    const stale = new Set<ContractKey>();
    for (const position of positions) {
      const line = this.priced(position);
      if (typeof line === 'string') return { estimate: null, reason: line };
      const { isStale, ...figures } = line;
      priced.push({ ...position, ...figures });
      if (isStale) stale.add(position.key);
    }
    try {
      const found = estimateMargin(priced, this.inputs);
      const old = [...stale].map((key) => `${key}: its price is stale`);
      return { estimate: { ...found, warnings: [...found.warnings, ...old] }, reason: null };
    } catch (thrown) {
      const reason = errorMessageOf(thrown);
      // A fault of our own holds no exit up, but somebody has to see it.
      if (errorKindOf(thrown) === 'assertion') this.deps.log.error('estimate failed', { reason });
      return { estimate: null, reason };
    }
  }

  spotPaiseOf(underlying: ContractKey): number | undefined {
    return this.underlyings.get(underlying)?.spotPaise;
  }

  pricePaiseOf(position: MarginPosition): number | null {
    const line = this.priced(position);
    return typeof line === 'string' || line.pricePaise < 1 ? null : Math.round(line.pricePaise);
  }

  private priced(position: MarginPosition): PricedLine | string {
    const known = this.lines.get(position.key);
    if (known !== undefined) return known;
    const line = this.price(position);
    this.lines.set(position.key, line);
    return line;
  }

  private price(position: MarginPosition): PricedLine | string {
    const { contracts, underlyingOf: figuresOf } = this.deps;
    const facts = contracts.find(position.key);
    const reading = contracts.read(position.key);
    if (!facts || !reading) return `${position.key} is not served: there is no price of it`;
    const pricePaise = priceOf(reading);
    if (pricePaise === null) return `${position.key} has no price yet`;
    const underlying = underlyingOf(position);
    if (!this.underlyings.has(underlying)) {
      const { spotPaise } = reading;
      if (spotPaise === null) return `${underlying} has no spot price yet`;
      const figures = figuresOf?.(underlying) ?? nothingKnown;
      this.underlyings.set(underlying, { class: facts.underlyingKind, spotPaise, ...figures });
    }
    const isOfMonth = facts.underlyingKind === 'commodity' && facts.kind !== 'FUT';
    const forwardPaise = isOfMonth ? (reading.forwardPaise ?? null) : null;
    const iv = usable(reading.iv) ?? position.iv;
    return { pricePaise, iv, forwardPaise, isStale: reading.isStale };
  }
}

/** Of a price near its worth a volatility may be solved that no market has. */
function usable(iv: number | null): number | null {
  return iv !== null && iv > 0 && iv <= positionLimits.ivMax ? iv : null;
}

/**
 * The last trade as far as the book still agrees with it: of a contract that seldom trades it may
 * be hours old. Without a book of two sides it is the last trade, then the day's before.
 */
function priceOf({ bids, asks, ltpPaise, previousClosePaise }: ContractReading): number | null {
  const bid = bids[0]?.pricePaise;
  const ask = asks[0]?.pricePaise;
  if (bid === undefined || ask === undefined || bid > ask) return ltpPaise ?? previousClosePaise;
  return Math.min(ask, Math.max(bid, ltpPaise ?? Math.round((bid + ask) / 2)));
}
