import type { OrderProduct, OrderSide } from '@strikewire/broker';
import type { ContractKey, OrderTicket } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import type { Charges } from '../core/charges';
import type { OrderState } from '../core/order-life';
import type { OrderCall } from '../core/order-rates';
import type { Position } from '../core/positions';

/** An order as it is kept: its life, and where it came from. */
export interface OrderRecord {
  state: OrderState;
  /** Of its contract, as they were when it was made: it outlives what is served. */
  facts: ContractFacts;
  /** As it was asked for; what was sent may be another type. */
  asked: OrderTicket['type'];
  placedBy: { userId: string; name: string };
  requestId: string;
  /** Its place in the request: the leg as it was asked for, the piece of that leg. */
  leg: number;
  slice: number;
  /** It closes something: it may use what is reserved, and passes when margin is not known. */
  lowersRisk: boolean;
  /** It belongs to the kill switch's own closing of positions, the only orders it lets pass. */
  flattens: boolean;
  /** Of all its fills so far. */
  charges: Charges;
}

/** One fill as it is kept. */
export interface FillRecord {
  account: string;
  /** The client order id; of a settlement at expiry, the venue's own id of it. */
  orderId: string;
  tradeId: string;
  key: ContractKey;
  side: OrderSide;
  product: OrderProduct;
  quantity: number;
  pricePaise: number;
  /** What this fill added to the charges of its order. */
  chargesPaise: number;
  tradedMs: number;
}

/** A position as it is kept. */
export interface PositionRecord {
  account: string;
  position: Position;
  facts: ContractFacts;
  updatedMs: number;
}

/** Something that was sent about an order. */
export interface SentCall {
  account: string;
  callId: string;
  orderId: string;
  call: OrderCall;
  segment: string;
  sentMs: number;
  /** Null: no answer is known. */
  answeredMs: number | null;
}

/** The kill switch as it stands. */
export interface KillState {
  active: boolean;
  reason: string | null;
  by: string | null;
  atMs: number | null;
  /** Positions are to be closed as well. */
  flatten: boolean;
  /** Whose positions; null: everybody's. */
  accounts: readonly string[] | null;
  /** When nothing was held any more that no order at a broker closes. */
  flattenedMs: number | null;
}

/** Nobody has pulled it. */
export const killReleased: KillState = {
  active: false, reason: null, by: null, atMs: null,
  flatten: false, accounts: null, flattenedMs: null,
};

/** One step of an order, kept whole or not at all. */
export interface OrderSave {
  record: OrderRecord;
  /** The newest version that is known to be stored; what is stored must not be older. */
  storedVersion: number;
  fills: readonly FillRecord[];
  positions: readonly PositionRecord[];
  /** What is sent once this is stored. */
  call: SentCall | null;
  /** What somebody did by it: in the log once, however often it is written. */
  act?: OrderAct | null;
}

/** What somebody did, for the activity log. */
export interface OrderAct {
  /** Who, as the journal's implementation knows people; the engine only hands it on. */
  by: unknown;
  action: string;
  subject: { kind: string; id: string; name: string };
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
}

/** What a start needs to know. */
export interface JournalContents {
  /** All that have not ended, and those made since then. */
  records: OrderRecord[];
  /**
   * Since then; of the last two weeks settlements, which a venue tells of more than once, and what
   * was adopted, which may have late trades in it.
   */
  fills: FillRecord[];
  positions: PositionRecord[];
  /** Sent within the longest window of any rate. */
  calls: SentCall[];
  /** Modifications by order, of those that have not ended. */
  modifications: Map<string, number>;
  kill: KillState;
  liveAccounts: string[];
}

/**
 * Where orders are kept. One process writes. Each method is one transaction; what fails may or may
 * not have been stored, and is written again with a version that is not lower.
 */
export interface OrderJournal {
  /** `sinceMs` for orders and fills, `callsSinceMs` for what was sent. */
  load(sinceMs: number, callsSinceMs: number): Promise<JournalContents>;
  /** Orders that a request has made, the legs in their order; empty: none. */
  byRequest(userId: string, requestId: string): Promise<OrderRecord[]>;
  /** Writes intents. Of a request that has made orders before: rejects, and writes nothing. */
  create(records: readonly OrderRecord[], act: OrderAct): Promise<void>;
  save(save: OrderSave): Promise<void>;
  /**
   * Fills without an order of ours, by whom; those that are known already change nothing, and
   * nobody has done them once more.
   */
  saveFills(
    fills: readonly FillRecord[],
    positions: readonly PositionRecord[],
    act?: OrderAct,
  ): Promise<void>;
  dropPositions(account: string, keys: readonly string[]): Promise<void>;
  called(call: SentCall): Promise<void>;
  /** With a time: it was answered then; null: it has provably not left. */
  callEnded(call: SentCall, answeredMs: number | null): Promise<void>;
  saveKill(kill: KillState, act: OrderAct | null): Promise<void>;
  saveLive(account: string, live: boolean, act: OrderAct): Promise<void>;
  note(act: OrderAct): Promise<void>;
  /** One order, however old; undefined: there is none. */
  find(orderId: string): Promise<OrderRecord | undefined>;
  /** Made from `sinceMs` on in these accounts, newest first. */
  history(accounts: readonly string[], sinceMs: number): Promise<OrderRecord[]>;
  fillHistory(accounts: readonly string[], sinceMs: number): Promise<FillRecord[]>;
}
