import type { OrderProduct } from '@strikewire/broker';
import type { ContractKey, Exchange } from '@strikewire/contracts';
import type {
  BookLevel,
  BrokeragePlan,
  PaperMarketSettings,
  Position,
} from '@strikewire/orders';
import type { Clock, Log } from '@strikewire/runtime';
import type { PaperFacts } from './paper-facts';
import type { PaperOrderRecord, PaperTradeRecord } from './paper-record';

/** A contract's market as it is now. */
export interface PaperReading {
  bids: readonly BookLevel[];
  asks: readonly BookLevel[];
  ltpPaise: number | null;
  tradedMs: number;
  lastQuantity: number;
  volume: number;
  spotPaise: number | null;
  iv: number | null;
  confirmedMs: number;
}

/** The live market that paper orders meet. */
export interface PaperContracts {
  find(key: ContractKey): PaperFacts | undefined;
  read(key: ContractKey): PaperReading | undefined;
  /** After each change; until it is told to stop. */
  watch(keys: readonly ContractKey[], changed: () => void): () => void;
  hold(holder: string, keys: readonly ContractKey[]): void;
}

/** When segments trade. */
export interface PaperCalendar {
  isOpen(exchange: Exchange, atMs: number): boolean;
  /** When it closes on a date, or would if it were an ordinary one; epoch ms. */
  closeMs(exchange: Exchange, date: string): number;
}

/** What is held, for its margin. */
export interface PaperHolding {
  facts: PaperFacts;
  /** Units; below zero: short. */
  quantity: number;
  /** What a unit counts at. */
  pricePaise: number;
  iv: number | null;
}

/** An account's money and numbering as they are stored. */
export interface PaperTotals {
  openingPaise: number;
  cashPaise: number;
  /** The last number that an order or a trade was given. */
  sequence: number;
}

/** A position and the contract that it is of. */
export interface PaperPositionRecord {
  facts: PaperFacts;
  position: Position;
}

/** What has changed in one account by one step: stored whole, or not at all. */
export interface PaperChange {
  userId: string;
  totals: PaperTotals;
  /** As they are now; those of the same id are replaced. */
  orders: readonly PaperOrderRecord[];
  /** New ones; one that is stored already stays as it is. */
  trades: readonly PaperTradeRecord[];
  /** As they are now. */
  positions: readonly PaperPositionRecord[];
}

/**
 * Where accounts are kept. `save` writes a change in one transaction, and may be given the same
 * one again when its answer was lost.
 */
export interface PaperStore {
  /** Every account: live orders, those changed since, trades since, and all positions. */
  load(sinceMs: number): Promise<PaperChange[]>;
  save(change: PaperChange): Promise<void>;
}

/** How paper accounts are. */
export interface PaperSettings extends PaperMarketSettings {
  openingPaise: number;
  /** Of futures; `protection` is that of options. */
  futureProtection: PaperMarketSettings['protection'];
  brokerage: BrokeragePlan;
  /** Intraday positions are closed so long before the segment closes. */
  squareOffMs: number;
  /** What expires is settled so long after the close of its last day. */
  settleAfterMs: number;
  /** Orders that one account may place on one day. */
  ordersPerDayMax: number;
}

/** Everything that a paper market is given. */
export interface PaperMarketDeps {
  clock: Clock;
  log: Log;
  contracts: PaperContracts;
  calendar: PaperCalendar;
  store: PaperStore;
  /**
   * Margin of what is held, paise; null: not known. Asked when an order is placed or funds are
   * read, never because of a tick.
   */
  blockedFor(account: string, held: readonly PaperHolding[]): number | null;
  /**
   * The settlement price of an underlying, paise; null: it is not known yet, and is asked for
   * again. When not given, the last spot as long as it is the day of the expiry.
   */
  settlementOf?(of: { exchange: Exchange; underlying: string; expiry: string }): number | null;
  settings?: Partial<PaperSettings>;
}

/** A position's product and contract, apart from what it holds. */
export interface PaperPlace {
  key: ContractKey;
  product: OrderProduct;
}
