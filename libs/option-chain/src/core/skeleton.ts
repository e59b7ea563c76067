import type {
  BrokerChain,
  InstrumentInfo,
  InstrumentTable,
  InstrumentToken,
} from '@strikewire/broker';
import type { Exchange, UniverseRow } from '@strikewire/contracts';
import type { ExpiryClass } from './expiry-rules';
import { atmStrike, strikeInterval, strikeWindow } from './strike-grid';

/** One option of a skeleton: the broker's token and the exchange's symbol. */
export interface SkeletonLeg {
  token: InstrumentToken;
  symbol: string;
}

/** A strike of a skeleton, with both of its options. */
export interface SkeletonStrike {
  strikePaise: number;
  CE: SkeletonLeg;
  PE: SkeletonLeg;
}

/** A broker's answer for a chain, and whose: its tokens are that broker's. */
export interface ChainAnswer extends BrokerChain {
  /** The plugin's id. */
  broker: string;
}

/** The fixed structure of one chain for one trading day. */
export interface Skeleton {
  /** Whose tokens its legs have: the plugin's id. */
  broker: string;
  exchange: Exchange;
  symbol: string;
  expiry: string;
  expiryClass: ExpiryClass;
  /** From the instrument master's row of the contracts. */
  lotSize: number;
  /** Of the same row, like the units that one order may have. Not in what was stored before. */
  tickPaise?: number;
  freezeQuantity?: number | null;
  intervalPaise: number;
  /** What the window was cut around. */
  ltpPaise: number;
  /**
   * When that was the price, or a later one still asked for this window, epoch ms. Missing in what
   * was stored before it was noted.
   */
  asOfMs?: number;
  anchorPaise: number;
  strikes: readonly SkeletonStrike[];
  /** Strikes that the rule asks for beyond what is listed. */
  shortfall: number;
  /** Listed strikes inside the window that lack one of their legs, in paise. */
  incompletePaise: readonly number[];
}

/** A skeleton, or in plain words why there is none. */
export type SkeletonOutcome = { skeleton: Skeleton } | { reason: string };

/**
 * Cuts a broker's chain to the rule's window around the LTP. Never guesses: what is missing is a
 * reason.
 */
export function buildSkeleton(input: {
  row: UniverseRow;
  expiry: string;
  expiryClass: ExpiryClass;
  chain: ChainAnswer;
  ltpPaise: number;
  /** When the LTP was taken, epoch ms. */
  asOfMs: number;
  /** The same broker's. */
  instruments: InstrumentTable;
}): SkeletonOutcome {
  const { row, chain, ltpPaise, instruments } = input;
  if (chain.strikes.length === 0) return { reason: 'the broker lists no strikes for this expiry' };
  const listed = chain.strikes.map((strike) => strike.strikePaise);
  const intervalPaise = strikeInterval(listed, ltpPaise);
  if (intervalPaise === null) return { reason: 'one strike alone has no interval' };
  const atmPaise = atmStrike(ltpPaise, intervalPaise);
  const window = strikeWindow(listed, { atmPaise, ltpPaise }, row.window);
  const strikes: SkeletonStrike[] = [];
  const incompletePaise: number[] = [];
  let known: InstrumentInfo | undefined;
  for (const { strikePaise, CE, PE } of chain.strikes.slice(window.from, window.to)) {
    if (!CE || !PE) {
      incompletePaise.push(strikePaise);
      continue;
    }
    const [call, put] = [instruments.get(CE.token), instruments.get(PE.token)];
    if (!known?.lotSize) known = call ?? put;
    strikes.push({
      strikePaise,
      CE: { token: CE.token, symbol: call?.symbol ?? CE.token.id },
      PE: { token: PE.token, symbol: put?.symbol ?? PE.token.id },
    });
  }
  if (strikes.length === 0) return { reason: 'no strike has both a call and a put' };
  if (!known?.lotSize) {
    return { reason: 'the instrument master has no lot size for these contracts' };
  }
  return {
    skeleton: {
      broker: chain.broker,
      exchange: row.exchange,
      symbol: row.symbol,
      expiry: input.expiry,
      expiryClass: input.expiryClass,
      lotSize: known.lotSize,
      tickPaise: known.tickPaise,
      freezeQuantity: known.freezeQuantity,
      intervalPaise,
      ltpPaise,
      asOfMs: input.asOfMs,
      anchorPaise: listed[window.anchorIndex] as number,
      strikes,
      shortfall: window.shortfall,
      incompletePaise,
    },
  };
}
