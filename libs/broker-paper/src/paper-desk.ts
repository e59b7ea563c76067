import type { OrderChange, OrderOutcome, OrderRequest, OrdersPort } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import {
  changePaperOrder,
  matchOrder,
  noCharges,
  paperOrder,
  withoutTaken,
  type MarketView,
  type PaperFill,
} from '@strikewire/orders';
import type { VenueNews } from '@strikewire/orders/engine';
import { errorMessageOf, inTime, sleep, StrikewireError } from '@strikewire/runtime';
import { PaperAccount } from './paper-account';
import { refuseOrder } from './paper-check';
import { dayOf } from './paper-days';
import { PaperFunds, type Refusal } from './paper-funds';
import type { PaperChange, PaperMarketDeps, PaperSettings } from './paper-ports';
import {
  isLive,
  paperToken,
  rowOf,
  tradeOf,
  type PaperOrderRecord,
  type PaperTradeRecord,
} from './paper-record';
import { PaperWriter } from './paper-writer';

/** What a desk is told of the market around it. */
export interface PaperDeskDeps extends PaperMarketDeps {
  userId: string;
  rules: PaperSettings;
  /** Something is live on a contract that was not, or is not any more. */
  moved(): void;
  /** A contract's market is to be looked at now: all orders meet the same view. */
  look(key: ContractKey): void;
}

/** Whoever waits longer for the store does not know what became of the order. */
const storedWithinMs = 10_000;
const refused = (code: string, reason: string): OrderOutcome =>
  ({ kind: 'rejected', code, reason });

/**
 * One person's orders in the paper market, as a broker's book. What it tells is stored: nobody
 * learns of an order or a fill that a crash could take back.
 */
export class PaperDesk implements OrdersPort {
  readonly account: PaperAccount;
  readonly funds: PaperFunds;
  private readonly deps: PaperDeskDeps;
  private readonly writer: PaperWriter;
  private readonly listeners = new Set<(news: VenueNews) => void>();
  /** As stored. */
  private readonly told = new Map<string, PaperOrderRecord>();
  private toldTrades: PaperTradeRecord[] = [];
  private readonly placing = new Map<string, Promise<OrderOutcome>>();

  constructor(deps: PaperDeskDeps) {
    this.deps = deps;
    const { userId, rules, clock, log, store } = deps;
    this.account = new PaperAccount(userId, rules.openingPaise, rules.brokerage);
    this.funds = new PaperFunds({
      ...deps, account: this.account, name: `paper:${userId}`, settings: rules,
    });
    const stored = (change: PaperChange): void => this.stored(change);
    this.writer = new PaperWriter({ clock, log, store, stored });
  }

  restore(change: PaperChange): void {
    this.account.restore(change);
    for (const record of change.orders) this.told.set(record.orderId, record);
    this.toldTrades = [...change.trades];
  }

  get trouble(): string | null {
    return this.writer.trouble;
  }

  /** An order that is there already is the same one: it is not placed again. */
  place(request: OrderRequest): Promise<OrderOutcome> {
    const { clientOrderId } = request;
    const held = this.placing.get(clientOrderId) ?? this.placeNew(request);
    this.placing.set(clientOrderId, held);
    void held.finally(() => this.placing.delete(clientOrderId));
    return held;
  }

  async modify(orderId: string, change: OrderChange): Promise<OrderOutcome> {
    await sleep(this.deps.clock, this.deps.rules.latencyMs);
    const record = this.account.find(orderId);
    if (!record) return refused('order_unknown', `there is no order ${orderId}`);
    const { clock, calendar } = this.deps;
    const order = changePaperOrder(record.order, change);
    if ('refused' in order) return refused('change_refused', order.refused);
    const { facts } = record;
    const problem = refuseOrder(order.request, facts, calendar, clock.wallMs())
      ?? this.funds.refuse(facts, order.request, orderId);
    if (problem) return refused(problem.code, problem.reason);
    this.account.put({ ...record, order, updatedMs: clock.wallMs() });
    const stored = this.flush();
    this.deps.look(facts.key);
    return this.answer(stored, orderId);
  }

  async cancel(orderId: string): Promise<OrderOutcome> {
    await sleep(this.deps.clock, this.deps.rules.latencyMs);
    const record = this.account.find(orderId);
    if (!record) return refused('order_unknown', `there is no order ${orderId}`);
    if (!isLive(record)) return refused('order_ended', `the order is ${record.order.stage}`);
    this.end(record, null);
    return this.answer(this.flush(), orderId);
  }

  async orders(): ReturnType<OrdersPort['orders']> {
    return [...this.told.values()].map(rowOf);
  }

  async trades(): ReturnType<OrdersPort['trades']> {
    return this.toldTrades.map(tradeOf);
  }

  async positions(): ReturnType<OrdersPort['positions']> {
    return this.account.positions
      .filter(({ position }) => position.netQuantity !== 0)
      .map(({ position: { key, product, netQuantity, openValuePaise } }) => ({
        token: paperToken(key),
        product,
        netQuantity,
        averagePaise: openValuePaise / Math.abs(netQuantity),
      }));
  }

  listen(told: (news: VenueNews) => void): () => void {
    this.listeners.add(told);
    return () => this.listeners.delete(told);
  }

  /** Every order of a contract meets one view of it: no unit is taken twice. */
  match(key: ContractKey, view: MarketView): void {
    if (this.writer.isFull) return;
    const live = this.account.liveOn(key);
    if (live.length === 0) return;
    this.forgetOtherBooks(key, view.bookVersion);
    let printed = view.trade;
    for (const { orderId } of live) {
      const record = this.account.find(orderId);
      if (!record) continue;
      const own = { ...view, trade: printed, book: this.bookFor(record, view) };
      const match = matchOrder(record.order, own, this.rulesOf(record.facts));
      this.account.matched(record, match, view.nowMs);
      // Of one print no more is given away than was traded.
      const rested = match.fills.filter(({ liquidity }) => liquidity === 'rested');
      const gone = rested.reduce((sum, { quantity }) => sum + quantity, 0);
      if (printed) printed = { ...printed, quantity: Math.max(0, printed.quantity - gone) };
    }
    void this.flush();
  }

  /** What is open of an order ends; null: it was wished. */
  end(record: PaperOrderRecord, reason: string | null, hasExpired = false): void {
    const order = { ...record.order, stage: 'cancelled' as const, reason };
    this.account.put({ ...record, order, hasExpired, updatedMs: this.deps.clock.wallMs() });
  }

  /** Closes an intraday position at the market, as far as it goes now; true: something was done. */
  squareOff(key: ContractKey, view: MarketView): boolean {
    const { account } = this;
    const net = account.netOf(key, 'intraday');
    const facts = account.positions.find(({ position }) => position.key === key)?.facts;
    if (net === 0 || !facts) return false;
    const orderId = account.nextId('settlement-squareoff-intraday-');
    const request: OrderRequest = {
      clientOrderId: orderId, token: paperToken(key), side: net > 0 ? 'SELL' : 'BUY',
      type: 'MARKET', product: 'intraday', validity: 'IOC', quantity: Math.abs(net),
      limitPaise: null, triggerPaise: null,
    };
    const record = this.recordOf(request, facts, { orderId, clientOrderId: null, latencyMs: 0 });
    const own = { ...view, book: this.bookFor(record, view) };
    const match = matchOrder(record.order, own, this.rulesOf(facts));
    if (match.fills.length === 0) return false;
    account.put(record);
    account.matched(record, match, view.nowMs);
    void this.flush();
    return true;
  }

  /** Stores what has changed; resolves when it is. */
  flush(): Promise<void> {
    const change = this.account.takeDraft();
    if (!change) return Promise.resolve();
    const stored = this.writer.push(change);
    this.deps.moved();
    return stored;
  }

  stop(): void {
    this.writer.stop();
    this.listeners.clear();
  }

  private placeNew(request: OrderRequest): Promise<OrderOutcome> {
    const { clock, contracts, calendar, rules, log } = this.deps;
    const held = this.account.findByClient(request.clientOrderId);
    // Whatever is stored after it is stored before the answer.
    if (held) return this.answer(this.flushed(held), held.orderId);
    const facts = contracts.find(request.token.id);
    const nowMs = clock.wallMs();
    const problem = refuseOrder(request, facts, calendar, nowMs);
    if (problem || !facts) {
      const { code = 'contract_unknown', reason = 'it is not served' } = problem ?? {};
      return Promise.resolve(refused(code, reason));
    }
    const unpaid = this.limitOf(request, facts) ?? this.funds.refuse(facts, request, null);
    if (unpaid) return Promise.resolve(refused(unpaid.code, unpaid.reason));
    const ids = { orderId: this.account.nextId('p'), clientOrderId: request.clientOrderId };
    const record = this.recordOf(request, facts, { ...ids, latencyMs: rules.latencyMs });
    this.account.put(record);
    clock.after(rules.latencyMs, () => this.deps.look(facts.key));
    const { side, quantity } = request;
    log.info('paper order', { ...ids, key: facts.key, side, quantity });
    return this.answer(this.flush(), ids.orderId);
  }

  /** Limits of the account itself. */
  private limitOf(request: OrderRequest, facts: PaperOrderRecord['facts']): Refusal | null {
    const { clock, rules, calendar } = this.deps;
    const nowMs = clock.wallMs();
    if (this.writer.isFull) return { code: 'store_behind', reason: this.writer.trouble ?? '' };
    const day = dayOf(facts.exchange, calendar, rules, nowMs);
    const placed = this.account.orders.filter(({ placedMs }) => placedMs >= nowMs - 86_400_000);
    if (placed.length >= rules.ordersPerDayMax) {
      const reason = `${placed.length} orders were placed within a day, needs fewer than `
        + `${rules.ordersPerDayMax}`;
      return { code: 'orders_full', reason };
    }
    if (request.product === 'intraday' && nowMs >= day.squareOffMs && nowMs < day.closeMs) {
      const reason = 'intraday positions are closed by now, the order needs the product carry';
      return { code: 'intraday_over', reason };
    }
    return null;
  }

  private recordOf(
    request: OrderRequest,
    facts: PaperOrderRecord['facts'],
    ids: Pick<PaperOrderRecord, 'orderId' | 'clientOrderId'> & { latencyMs: number },
  ): PaperOrderRecord {
    const { clock, rules, calendar } = this.deps;
    const { orderId, clientOrderId, latencyMs } = ids;
    const nowMs = clock.wallMs();
    const contract = {
      tickPaise: facts.tickPaise, lowerCircuitPaise: null, upperCircuitPaise: null,
    };
    return {
      orderId,
      clientOrderId,
      facts,
      order: paperOrder(request, contract, nowMs, { ...rules, latencyMs }),
      valuePaise: 0,
      charges: noCharges,
      firstTradeMs: null,
      placedMs: nowMs,
      updatedMs: nowMs,
      dayEndMs: dayOf(facts.exchange, calendar, rules, nowMs).closeMs,
      hasExpired: false,
    };
  }

  private rulesOf({ kind }: PaperOrderRecord['facts']): PaperSettings {
    const { rules } = this.deps;
    return kind === 'FUT' ? { ...rules, protection: rules.futureProtection } : rules;
  }

  /** The book less what the account's other orders took of this very book. */
  private bookFor(
    { orderId, facts, order }: PaperOrderRecord,
    view: MarketView,
  ): MarketView['book'] {
    const { side } = order.request;
    const fills = this.account.takersOf(facts.key)
      .filter((one) => one.orderId !== orderId)
      .filter((one) => one.order.request.side === side)
      .filter((one) => one.order.takenVersion === view.bookVersion)
      .flatMap((one) => one.order.taken.map((taken): PaperFill =>
        ({ ...taken, liquidity: 'taken', atMs: view.nowMs })));
    return withoutTaken(view.book, side, fills);
  }

  /** A book that has changed and comes back is another one: what was taken is there again. */
  private forgetOtherBooks(key: ContractKey, version: number): void {
    for (const record of this.account.takersOf(key)) {
      if (record.order.takenVersion === version) continue;
      const order = { ...record.order, takenVersion: null, taken: [] };
      this.account.put({ ...record, order });
    }
  }

  /** Resolves when the order that stands is in the store. */
  private flushed({ orderId }: PaperOrderRecord): Promise<void> {
    if (this.told.has(orderId)) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.listen((news) => {
        if (news.kind !== 'row' || news.row.brokerOrderId !== orderId) return;
        stop();
        resolve();
      });
    });
  }

  private async answer(stored: Promise<void>, brokerOrderId: string): Promise<OrderOutcome> {
    const { clock } = this.deps;
    try {
      const what = 'storing a paper order';
      await inTime({ clock, what, withinMs: storedWithinMs }, () => stored);
      return { kind: 'accepted', brokerOrderId };
    } catch (error) {
      if (!(error instanceof StrikewireError)) throw error;
      return { kind: 'unknown', reason: errorMessageOf(error) };
    }
  }

  private stored(change: PaperChange): void {
    for (const record of change.orders) this.told.set(record.orderId, record);
    this.toldTrades.push(...change.trades);
    for (const trade of change.trades) this.tell({ kind: 'trade', trade: tradeOf(trade) });
    for (const record of change.orders) this.tell({ kind: 'row', row: rowOf(record) });
  }

  private tell(news: VenueNews): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(news);
      } catch (error) {
        this.deps.log.error('news of a paper order were not told', {
          reason: errorMessageOf(error),
        });
      }
    }
  }

  /** Lets go of what ended before. */
  forget(beforeMs: number, today: string): void {
    this.account.forget(beforeMs, today);
    for (const [orderId, record] of this.told) {
      if (!isLive(record) && record.updatedMs < beforeMs) this.told.delete(orderId);
    }
    this.toldTrades = this.toldTrades.filter(({ tradedMs }) => tradedMs >= beforeMs);
  }
}
