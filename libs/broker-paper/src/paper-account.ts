import type { OrderSide } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import {
  applyFill,
  chargesOf,
  chargesSince,
  flatPosition,
  positionKey,
  settleExpiry,
  type BrokeragePlan,
  type Charges,
  type PaperMatch,
  type Position,
} from '@strikewire/orders';
import type { PaperFacts } from './paper-facts';
import type { PaperChange, PaperPlace, PaperPositionRecord, PaperTotals } from './paper-ports';
import { isLive, isOther, paperToken, type PaperOrderRecord, type PaperTradeRecord }
  from './paper-record';

/** A trade before it has a number and a price for itself. */
type NewTrade = Omit<PaperTradeRecord, 'tradeId' | 'token'>;

/**
 * One account's orders, positions and cash. Everything that happens to it goes into a draft, which
 * `takeDraft` hands over to be stored as one change.
 */
export class PaperAccount {
  readonly userId: string;
  private readonly plan: BrokeragePlan;
  private totals: PaperTotals;
  private readonly records = new Map<string, PaperOrderRecord>();
  private readonly byClient = new Map<string, string>();
  private readonly held = new Map<string, PaperPositionRecord>();
  private readonly liveIds = new Set<string>();
  /** Orders that remember what they took of a book. */
  private readonly takenIds = new Set<string>();
  private changedOrders = new Set<string>();
  private changedPlaces = new Set<string>();
  private newTrades: PaperTradeRecord[] = [];

  constructor(userId: string, openingPaise: number, plan: BrokeragePlan) {
    this.userId = userId;
    this.plan = plan;
    this.totals = { openingPaise, cashPaise: openingPaise, sequence: 0 };
  }

  /** Takes up what was stored. */
  restore({ totals, orders, positions }: PaperChange): void {
    this.totals = totals;
    for (const record of orders) this.index(record);
    for (const one of positions) this.held.set(placeKey(one.position), one);
  }

  /** Opening balance, premiums, what futures have made and lost, less charges. */
  get cashPaise(): number {
    return this.totals.cashPaise;
  }

  get openingPaise(): number {
    return this.totals.openingPaise;
  }

  get orders(): PaperOrderRecord[] {
    return [...this.records.values()];
  }

  get positions(): PaperPositionRecord[] {
    return [...this.held.values()];
  }

  find(orderId: string): PaperOrderRecord | undefined {
    return this.records.get(orderId);
  }

  findByClient(clientOrderId: string): PaperOrderRecord | undefined {
    const orderId = this.byClient.get(clientOrderId);
    return orderId === undefined ? undefined : this.records.get(orderId);
  }

  /** Orders of a contract that may trade, in order of arrival. */
  liveOn(key: ContractKey): PaperOrderRecord[] {
    return this.live.filter(({ facts }) => facts.key === key)
      .sort((a, b) => a.order.arrivesMs - b.order.arrivesMs || numberOf(a) - numberOf(b));
  }

  get live(): PaperOrderRecord[] {
    return [...this.liveIds].flatMap((id) => this.records.get(id) ?? []);
  }

  /** Orders that took something of a book of this contract, those that have ended included. */
  takersOf(key: ContractKey): PaperOrderRecord[] {
    return [...this.takenIds].flatMap((id) => this.records.get(id) ?? [])
      .filter(({ facts }) => facts.key === key);
  }

  /** Units held of a contract, both products together or one. */
  netOf(key: ContractKey, product?: PaperPlace['product']): number {
    return this.positions
      .filter(({ position }) => position.key === key)
      .filter(({ position }) => product === undefined || position.product === product)
      .reduce((sum, { position }) => sum + position.netQuantity, 0);
  }

  nextId(prefix: string): string {
    this.totals = { ...this.totals, sequence: this.totals.sequence + 1 };
    return `${prefix}${this.totals.sequence}`;
  }

  /** The order as it is now; what changes nothing that matters is not stored. */
  put(record: PaperOrderRecord): void {
    const before = this.records.get(record.orderId);
    this.index(record);
    const isWorth = before === undefined || isOther(before.order, record.order);
    if (isWorth || before.hasExpired !== record.hasExpired) this.changedOrders.add(record.orderId);
  }

  /** An order has met the market. */
  matched(record: PaperOrderRecord, match: PaperMatch, nowMs: number): void {
    if (!isOther(record.order, match.order)) {
      this.put({ ...record, order: match.order });
      return;
    }
    let next: PaperOrderRecord = { ...record, order: match.order, updatedMs: nowMs };
    for (const { quantity, pricePaise, atMs } of match.fills) {
      const firstTradeMs = next.firstTradeMs ?? atMs;
      const valuePaise = next.valuePaise + quantity * pricePaise;
      const charges = this.chargesOf({ ...next, firstTradeMs, valuePaise });
      const chargesPaise = chargesSince(charges, next.charges).totalPaise;
      next = { ...next, firstTradeMs, valuePaise, charges };
      const { side, product } = match.order.request;
      const { key } = record.facts;
      this.trade(record.facts, {
        brokerOrderId: record.orderId,
        key, side, product, quantity, pricePaise, chargesPaise, tradedMs: atMs,
      });
    }
    this.put(next);
  }

  /** A position that has expired is closed at what it is worth. */
  settle({ facts, position }: PaperPositionRecord, settlementPaise: number, nowMs: number): void {
    const { exchange, underlying: symbol, kind, strikePaise } = facts;
    const contract = kind === 'FUT'
      ? ({ kind: 'future' } as const)
      : ({ kind: 'option', type: kind, strikePaise } as const);
    const terms = { contract, settlementPaise, exchange, symbol, expiredMs: nowMs };
    const { fill } = settleExpiry(position, terms, this.plan);
    if (!fill) return;
    this.trade(facts, {
      ...fill,
      brokerOrderId: this.nextId(`settlement-${position.product}-`),
      tradedMs: nowMs,
    });
  }

  /** What has changed since the last one; undefined: nothing. */
  takeDraft(): PaperChange | undefined {
    const { changedOrders, changedPlaces, newTrades, userId, totals } = this;
    if (changedOrders.size === 0 && newTrades.length === 0) return undefined;
    this.changedOrders = new Set();
    this.changedPlaces = new Set();
    this.newTrades = [];
    return {
      userId,
      totals,
      orders: [...changedOrders].flatMap((id) => this.records.get(id) ?? []),
      trades: newTrades,
      positions: [...changedPlaces].flatMap((key) => this.held.get(key) ?? []),
    };
  }

  /** Lets go of orders that ended before, and of what was closed and has expired by `today`. */
  forget(beforeMs: number, today: string): void {
    for (const [at, { facts, position }] of this.held) {
      if (position.netQuantity === 0 && facts.expiry < today) this.held.delete(at);
    }
    for (const record of this.orders) {
      if (isLive(record) || record.updatedMs >= beforeMs) continue;
      this.records.delete(record.orderId);
      this.takenIds.delete(record.orderId);
      if (record.clientOrderId !== null) this.byClient.delete(record.clientOrderId);
    }
  }

  private index(record: PaperOrderRecord): void {
    this.records.set(record.orderId, record);
    const { clientOrderId, orderId, order } = record;
    setIf(this.liveIds, orderId, isLive(record));
    setIf(this.takenIds, orderId, order.takenVersion !== null);
    if (clientOrderId !== null) this.byClient.set(clientOrderId, orderId);
  }

  private trade(facts: PaperFacts, trade: NewTrade): void {
    const { key, product, side, quantity, pricePaise, chargesPaise } = trade;
    const at = positionKey(key, product);
    const before = this.held.get(at)?.position ?? flatPosition(key, product);
    const fill = { key, product, side, quantity, pricePaise, chargesPaise };
    const position = applyFill(new Map([[at, before]]), fill).get(at) ?? before;
    this.held.set(at, { facts, position });
    this.changedPlaces.add(at);
    const moved = cashIn(facts, position) - cashIn(facts, before);
    this.totals = { ...this.totals, cashPaise: this.totals.cashPaise + moved };
    this.newTrades.push({ ...trade, tradeId: this.nextId('t'), token: paperToken(key) });
  }

  /** The fill counts whatever it costs: on a day before the table it costs nothing more. */
  private chargesOf(record: PaperOrderRecord): Charges {
    const { facts, valuePaise, firstTradeMs, order, charges } = record;
    const { exchange, underlying: symbol, kind } = facts;
    const event = kind === 'FUT' ? 'future' : 'option';
    const side: OrderSide = order.request.side;
    const tradedMs = firstTradeMs ?? 0;
    try {
      return chargesOf({ exchange, symbol, event, side, valuePaise, tradedMs }, this.plan);
    } catch {
      return charges;
    }
  }
}

/**
 * What a position has brought to the account's cash: of an option its premiums, of a future what
 * was realised, both less charges.
 */
export function cashIn({ kind }: Pick<PaperFacts, 'kind'>, position: Position): number {
  const { netQuantity, openValuePaise, realisedPaise, chargesPaise } = position;
  const premium = kind === 'FUT' ? 0 : Math.sign(netQuantity) * openValuePaise;
  return realisedPaise - chargesPaise - premium;
}

/** Orders are numbered as they are placed. */
function numberOf({ orderId }: PaperOrderRecord): number {
  return Number(orderId.replace(/^\D+/, ''));
}

function setIf(ids: Set<string>, id: string, isIn: boolean): void {
  if (isIn) ids.add(id);
  else ids.delete(id);
}

function placeKey({ key, product }: PaperPlace): string {
  return positionKey(key, product);
}
