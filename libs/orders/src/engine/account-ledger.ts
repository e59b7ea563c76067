import type { BrokerTrade, OrderProduct } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import type { ContractFacts } from '@strikewire/option-chain/engine';
import { errorMessageOf, type Log } from '@strikewire/runtime';
import { flatTwentyPlan, type BrokeragePlan, type ChargedEvent } from '../core/charge-rule';
import { chargesOf, chargesSince, type Charges } from '../core/charges';
import {
  applyFill,
  positionKey,
  type Position,
  type PositionBook,
  type PositionFill,
} from '../core/positions';
import type { FillRecord, OrderRecord, PositionRecord } from './order-journal';

/** What a step of an order does to its account, before it is stored. */
export interface LedgerChange {
  fills: FillRecord[];
  positions: PositionRecord[];
  charges: Charges;
  /** Trades that a position had already that was adopted: only what they cost is new to it. */
  adopted: FillRecord[];
}

/** Fills that make a book agree with its broker's, and are of no order, have ids that begin so. */
export const adoptedPrefix = 'adopted-';

/** Fills that are kept for lists, of one account; beyond, the oldest are read from the store. */
const fillsMax = 5_000;

/**
 * Positions and fills of one account. Changes are worked out one at a time, and count once they
 * are stored: so what is stored is never built on what is not.
 */
export class AccountLedger {
  readonly account: string;
  private readonly log: Log;
  readonly plan: BrokeragePlan;
  private book: PositionBook = new Map();
  private readonly facts = new Map<ContractKey, ContractFacts>();
  private readonly updated = new Map<string, number>();
  private recent: FillRecord[] = [];
  private readonly settled = new Set<string>();
  /** Until when what a broker holds is in positions that were adopted. */
  private readonly adoptedMs = new Map<string, number>();
  private turn: Promise<unknown> = Promise.resolve();

  /** `plan`: ₹20 an order when not given. */
  constructor(account: string, plan: BrokeragePlan | undefined, log: Log) {
    this.account = account;
    this.plan = plan ?? flatTwentyPlan;
    this.log = log;
  }

  restore(positions: readonly PositionRecord[], fills: readonly FillRecord[]): void {
    this.book = new Map(positions.map(({ position }) => [keyOf(position), position]));
    for (const { position, facts, updatedMs } of positions) {
      this.facts.set(position.key, facts);
      this.updated.set(keyOf(position), updatedMs);
    }
    this.recent = [...fills].sort((a, b) => a.tradedMs - b.tradedMs).slice(-fillsMax);
    for (const fill of fills) this.note(fill);
  }

  get positions(): Position[] {
    return [...this.book.values()];
  }

  get fills(): readonly FillRecord[] {
    return this.recent;
  }

  factsOf(key: ContractKey): ContractFacts | undefined {
    return this.facts.get(key);
  }

  updatedMs(position: Position): number {
    return this.updated.get(keyOf(position)) ?? 0;
  }

  /** Works alone: `store` has the change stored, and then it counts. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work, work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** What new trades of an order change; nothing counts yet. */
  changeBy(record: OrderRecord, trades: readonly BrokerTrade[], nowMs: number): LedgerChange {
    const { facts, state } = record;
    let before = chargedBefore(state.trades, trades);
    let { charges } = record;
    const all = trades.map((trade): FillRecord => {
      before = [...before, trade];
      const after = this.chargesOf(record, before, charges);
      const chargesPaise = chargesSince(after, charges).totalPaise;
      charges = after;
      return {
        account: this.account,
        orderId: state.order.clientOrderId,
        tradeId: trade.tradeId,
        key: facts.key,
        side: trade.side,
        product: state.order.product,
        quantity: trade.quantity,
        pricePaise: trade.pricePaise,
        chargesPaise,
        tradedMs: trade.tradedMs,
      };
    });
    const adopted = all.filter((fill) => this.isAdopted(fill, state.createdMs));
    const fills = all.filter((fill) => !adopted.includes(fill));
    const positions = this.positionsAfter(fills, facts, nowMs, adopted);
    return { fills, charges, adopted, positions };
  }

  /** A settlement at expiry, which no order of ours has made; undefined: it is known already. */
  changeBySettlement(
    fill: FillRecord,
    facts: ContractFacts,
    nowMs: number,
  ): Pick<LedgerChange, 'fills' | 'positions'> | undefined {
    if (this.settled.has(fillId(fill))) return undefined;
    return { fills: [fill], positions: this.positionsAfter([fill], facts, nowMs) };
  }

  /** What was stored counts. */
  commit({ fills, positions }: Pick<LedgerChange, 'fills' | 'positions'>): void {
    const book = new Map(this.book);
    for (const { position, facts, updatedMs } of positions) {
      book.set(keyOf(position), position);
      this.facts.set(position.key, facts);
      this.updated.set(keyOf(position), updatedMs);
    }
    this.book = book;
    for (const fill of fills) this.note(fill);
    this.recent = [...this.recent, ...fills].slice(-fillsMax);
  }

  /** Takes positions out. */
  drop(positions: readonly Position[]): void {
    const gone = new Set(positions.map(keyOf));
    this.book = new Map([...this.book].filter(([key]) => !gone.has(key)));
    for (const key of gone) this.updated.delete(key);
  }

  /** Forgets fills of earlier days. */
  forgetFills(sinceMs: number): void {
    this.recent = this.recent.filter(({ tradedMs }) => tradedMs >= sinceMs);
  }

  /** Whether anything is held of it. */
  isOpen(key: ContractKey, product: OrderProduct): boolean {
    return (this.book.get(positionKey(key, product))?.netQuantity ?? 0) !== 0;
  }

  /**
   * A trade that was made before its position was adopted, of an order that was there before: the
   * broker's list had it already. What is ordered after that is new, however early its trades say
   * that they were.
   */
  private isAdopted({ key, product, tradedMs }: FillRecord, orderedMs: number): boolean {
    const adoptedMs = this.adoptedMs.get(positionKey(key, product)) ?? -Infinity;
    return tradedMs <= adoptedMs && orderedMs <= adoptedMs;
  }

  private note(fill: FillRecord): void {
    const { orderId, tradedMs } = fill;
    this.settled.add(fillId(fill));
    if (!orderId.startsWith(adoptedPrefix)) return;
    const key = keyOf(fill);
    this.adoptedMs.set(key, Math.max(tradedMs, this.adoptedMs.get(key) ?? -Infinity));
  }

  /** `charged`: these cost something, and move nothing. */
  private positionsAfter(
    fills: readonly FillRecord[],
    facts: ContractFacts,
    updatedMs: number,
    charged: readonly FillRecord[] = [],
  ): PositionRecord[] {
    let { book } = this;
    const keys = new Set<string>();
    for (const { key, product, side, quantity, pricePaise, chargesPaise } of fills) {
      const fill: PositionFill = { key, product, side, quantity, pricePaise, chargesPaise };
      book = applyFill(book, fill);
      keys.add(positionKey(key, product));
    }
    for (const { key: contract, product, chargesPaise } of charged) {
      const key = positionKey(contract, product);
      const held = book.get(key);
      if (!held) continue;
      book = new Map(book).set(key, { ...held, chargesPaise: held.chargesPaise + chargesPaise });
      keys.add(key);
    }
    return [...keys].flatMap((key) => {
      const position = book.get(key);
      return position ? [{ account: this.account, position, facts, updatedMs }] : [];
    });
  }

  private chargesOf(
    { facts, state }: OrderRecord,
    trades: readonly BrokerTrade[],
    before: Charges,
  ): Charges {
    const event: ChargedEvent = facts.kind === 'FUT' ? 'future' : 'option';
    const { side, clientOrderId } = state.order;
    const valuePaise = trades.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
    const tradedMs = trades[0]?.tradedMs ?? 0;
    const { exchange, underlying: symbol } = facts;
    try {
      return chargesOf({ exchange, symbol, event, side, valuePaise, tradedMs }, this.plan);
    } catch (error) {
      // The fill counts whatever it costs.
      const reason = errorMessageOf(error);
      this.log.error('charges of a fill are not known', { orderId: clientOrderId, reason });
      return before;
    }
  }
}

/** Trades of an order without the new ones; of one that was covered in part that part stays. */
function chargedBefore(
  known: readonly BrokerTrade[],
  fresh: readonly BrokerTrade[],
): readonly BrokerTrade[] {
  const isNew = new Map(fresh.map(({ tradeId, quantity }) => [tradeId, quantity]));
  return known.flatMap((one) => {
    const quantity = one.quantity - (isNew.get(one.tradeId) ?? 0);
    return quantity > 0 ? [{ ...one, quantity }] : [];
  });
}

function keyOf({ key, product }: Pick<Position, 'key' | 'product'>): string {
  return positionKey(key, product);
}

function fillId({ orderId, tradeId }: Pick<FillRecord, 'orderId' | 'tradeId'>): string {
  return `${orderId} ${tradeId}`;
}
