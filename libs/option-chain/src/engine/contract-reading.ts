import type { DepthLevel } from '@strikewire/broker/engine';
import type { InstrumentToken } from '@strikewire/broker';
import type { ContractKey, Exchange, OptionType } from '@strikewire/contracts';

/** What is known of one contract that is served, or held. */
export interface ContractFacts {
  key: ContractKey;
  exchange: Exchange;
  /** Symbol of the underlying. */
  underlying: string;
  underlyingKind: 'index' | 'stock' | 'commodity';
  /** ISO date of the last day of trading. */
  expiry: string;
  kind: 'FUT' | OptionType;
  /** 0 for a future. */
  strikePaise: number;
  /** The exchange's trading symbol; the key when it is not known. */
  symbol: string;
  lotSize: number;
  tickPaise: number;
  /** Units; null: the broker does not tell. */
  freezeQuantity: number | null;
}

/** A contract's market as the cache has it now. */
export interface ContractReading {
  key: ContractKey;
  /** Best first, without empty levels. */
  bids: readonly DepthLevel[];
  asks: readonly DepthLevel[];
  /** Null: no trade is known. */
  ltpPaise: number | null;
  /** The exchange's time of the last trade, epoch ms; 0: not known. */
  tradedMs: number;
  /** Units of the last trade, and of the day; 0: not known. */
  lastQuantity: number;
  volume: number;
  previousClosePaise: number | null;
  /** Of the underlying; null: not known. */
  spotPaise: number | null;
  /** Of an option's own month, as its quotes or its future tell it; left out or null: not known. */
  forwardPaise?: number | null;
  /** As a fraction a year, and by the spot; null: not priced. */
  iv: number | null;
  delta: number | null;
  /** When the book was last known to be so (epoch ms): a feed that is alive confirms it. */
  confirmedMs: number;
  /** When the contract's figures last came (epoch ms); 0: never. */
  receivedMs: number;
  /** Another one with each change of what is shown, across generations too. */
  version: string;
  isStale: boolean;
}

/**
 * Contracts as those see them who trade: by canonical key, over every generation. Reading causes
 * no broker call and no subscription.
 */
export interface ContractDesk {
  /** Undefined: nobody serves it. */
  find(key: ContractKey): ContractFacts | undefined;
  read(key: ContractKey): ContractReading | undefined;
  /** What a broker calls it; undefined: not known, or not there. */
  tokenOf(key: ContractKey, broker: string): InstrumentToken | undefined;
  /** The other way round; looks among what is served and held. */
  keyOf(token: InstrumentToken, broker: string): ContractKey | undefined;
  /**
   * Calls back after each packet frame that has changed one of these contracts, with those that
   * changed, before any flush; until it is told to stop. It must be short, and what it throws is
   * logged.
   */
  watch(keys: readonly ContractKey[], changed: (keys: readonly ContractKey[]) => void): () => void;
  /** Keeps contracts live ahead of all chains; an empty list lets go. */
  hold(holder: string, keys: readonly ContractKey[]): void;
}
