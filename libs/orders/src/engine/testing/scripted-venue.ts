import type {
  BrokerOrder,
  BrokerPosition,
  BrokerTrade,
  OrderChange,
  OrderOutcome,
  OrderRequest,
} from '@strikewire/broker';
import { orderRateRules, type OrderRateRules } from '../../core/order-rates';
import type { OrderVenue, VenueFeed, VenueNews } from '../order-venue';

/** How a request ends: at the broker, and as it is heard. */
export type Script = 'ok' | 'lost_there' | 'lost_back' | 'rejected' | 'silent';

/** A call as it reached the broker. */
export interface VenueCall {
  call: 'place' | 'modify' | 'cancel' | 'orders' | 'trades' | 'positions';
  atMs: number;
  id: string;
}

/** A broker of one account that does what a test tells it. */
export class ScriptedVenue implements OrderVenue {
  readonly account: string;
  readonly label: string;
  readonly broker = 'scripted';
  readonly mode: 'paper' | 'live';
  traders: string[] = ['u1'];
  rates: OrderRateRules = orderRateRules({
    perSecond: 10, perMinute: 250, perHour: 1_000, perDay: 7_000, modificationsPerOrder: 25,
  });
  closed: string | null = null;
  hasTags = true;
  feedNow: VenueFeed = { isTelling: true, refusal: null };
  readonly calls: VenueCall[] = [];
  readonly rows = new Map<string, BrokerOrder>();
  readonly book: BrokerTrade[] = [];
  held: BrokerPosition[] = [];
  /** Asked for each request. */
  script: (call: VenueCall['call'], order: OrderRequest | string) => Script = () => 'ok';
  /** Whether reading the book fails. */
  failsReading: () => boolean = () => false;
  private readonly nowMs: () => number;
  private readonly listeners = new Set<(news: VenueNews) => void>();
  private readonly products = new Map<string, OrderRequest['product']>();
  private trades = 0;

  constructor(account: string, nowMs: () => number, mode: 'paper' | 'live' = 'live') {
    this.account = account;
    this.label = `Account ${account}`;
    this.nowMs = nowMs;
    this.mode = mode;
  }

  readonly orders = {
    place: (order: OrderRequest): Promise<OrderOutcome> => this.place(order),
    modify: (id: string, change: OrderChange): Promise<OrderOutcome> => this.modify(id, change),
    cancel: (id: string): Promise<OrderOutcome> => this.cancel(id),
    orders: (): Promise<BrokerOrder[]> => this.reading('orders', [...this.rows.values()]),
    trades: (): Promise<BrokerTrade[]> => this.reading('trades', [...this.book]),
    positions: (): Promise<BrokerPosition[]> => this.reading('positions', [...this.held]),
  };

  closedBecause(): string | null {
    return this.closed;
  }

  /** A test replaces it. */
  unreachable = (): string | null => null;

  feed(): VenueFeed {
    return this.feedNow;
  }

  tokenOf(key: string): { segment: string; id: string } {
    return { segment: 'FNO', id: key };
  }

  keyOf({ id }: { segment: string; id: string }): string {
    return id;
  }

  listen(told: (news: VenueNews) => void): () => void {
    this.listeners.add(told);
    return () => void this.listeners.delete(told);
  }

  tell(news: VenueNews): void {
    for (const told of [...this.listeners]) told(news);
  }

  countOf(...names: VenueCall['call'][]): number {
    return this.calls.filter(({ call }) => names.includes(call)).length;
  }

  rowOf(clientOrderId: string): BrokerOrder | undefined {
    return [...this.rows.values()].find((row) => row.clientOrderId === clientOrderId);
  }

  /** Fills so many units of an order, and tells of it unless it is to be silent. */
  fill(clientOrderId: string, quantity: number, pricePaise: number, isTold = true): void {
    const row = this.rowOf(clientOrderId);
    if (!row || !isOpen(row)) return;
    this.trades += 1;
    const filled = Math.min(quantity, row.quantity - row.filledQuantity);
    const trade: BrokerTrade = {
      tradeId: `${this.account}-t${this.trades}`,
      brokerOrderId: row.brokerOrderId,
      token: row.token,
      side: row.side,
      quantity: filled,
      pricePaise,
      tradedMs: this.nowMs(),
    };
    this.book.push(trade);
    this.hold(trade);
    const filledQuantity = row.filledQuantity + filled;
    const status = filledQuantity === row.quantity ? 'filled' : 'open';
    const next: BrokerOrder = { ...row, filledQuantity, status, updatedMs: this.nowMs() };
    this.rows.set(row.brokerOrderId, next);
    if (!isTold) return;
    this.tell({ kind: 'trade', trade });
    this.tell({ kind: 'row', row: next });
  }

  end(clientOrderId: string, status: BrokerOrder['status'], isTold = true): void {
    const row = this.rowOf(clientOrderId);
    if (!row || !isOpen(row)) return;
    const next: BrokerOrder = { ...row, status, updatedMs: this.nowMs() };
    this.rows.set(row.brokerOrderId, next);
    if (isTold) this.tell({ kind: 'row', row: next });
  }

  private async place(order: OrderRequest): Promise<OrderOutcome> {
    const script = this.script('place', order);
    this.note('place', order.clientOrderId);
    await Promise.resolve();
    if (script === 'rejected') return { kind: 'rejected', code: 'RMS', reason: 'not enough' };
    if (script !== 'lost_there') this.take(order);
    return this.heard(script, `b-${order.clientOrderId}`);
  }

  /** What it holds goes with what it fills. */
  private hold({ brokerOrderId, token, side, quantity }: BrokerTrade): void {
    const product = this.products.get(brokerOrderId) ?? 'carry';
    const isIts = (one: BrokerPosition): boolean =>
      one.token.id === token.id && one.product === product;
    const before = this.held.find(isIts)?.netQuantity ?? 0;
    const netQuantity = before + (side === 'BUY' ? quantity : -quantity);
    const next = { token, product, netQuantity, averagePaise: null };
    this.held = [...this.held.filter((one) => !isIts(one)), next];
  }

  private take(order: OrderRequest): void {
    const brokerOrderId = `b-${order.clientOrderId}`;
    this.products.set(brokerOrderId, order.product);
    this.rows.set(brokerOrderId, {
      brokerOrderId,
      clientOrderId: order.clientOrderId,
      token: order.token,
      side: order.side,
      status: 'open',
      quantity: order.quantity,
      filledQuantity: 0,
      averagePaise: null,
      limitPaise: order.limitPaise,
      reason: null,
      updatedMs: this.nowMs(),
    });
  }

  private async modify(id: string, change: OrderChange): Promise<OrderOutcome> {
    const script = this.script('modify', id);
    this.note('modify', id);
    await Promise.resolve();
    const row = this.rows.get(id);
    const quantity = change.quantity ?? row?.quantity ?? 0;
    if (!row || !isOpen(row) || quantity <= row.filledQuantity) return tooLate;
    const limitPaise = change.limitPaise ?? row.limitPaise ?? null;
    if (script !== 'lost_there') {
      this.rows.set(id, { ...row, quantity, limitPaise, updatedMs: this.nowMs() });
    }
    return this.heard(script, id);
  }

  private async cancel(id: string): Promise<OrderOutcome> {
    const script = this.script('cancel', id);
    this.note('cancel', id);
    await Promise.resolve();
    const row = this.rows.get(id);
    if (!row || !isOpen(row)) return tooLate;
    if (script !== 'lost_there') {
      const next: BrokerOrder = { ...row, status: 'cancelled', updatedMs: this.nowMs() };
      this.rows.set(id, next);
    }
    return this.heard(script, id);
  }

  private heard(script: Script, brokerOrderId: string): Promise<OrderOutcome> {
    if (script === 'silent') return new Promise(() => undefined);
    if (script === 'ok') return Promise.resolve({ kind: 'accepted', brokerOrderId });
    return Promise.resolve({ kind: 'unknown', reason: 'no answer came' });
  }

  private reading<T>(call: VenueCall['call'], found: T[]): Promise<T[]> {
    this.note(call, '');
    if (this.failsReading()) return Promise.reject(new Error('503'));
    return Promise.resolve(found);
  }

  private note(call: VenueCall['call'], id: string): void {
    this.calls.push({ call, atMs: this.nowMs(), id });
  }
}

const tooLate: OrderOutcome = {
  kind: 'rejected', code: 'ENDED', reason: 'there is no such open order',
};

function isOpen({ status }: BrokerOrder): boolean {
  return status === 'open' || status === 'pending' || status === 'triggered';
}
