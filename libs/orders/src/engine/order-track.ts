import type { BrokerTrade } from '@strikewire/broker';
import { errorMessageOf, sleep, StrikewireError, type Clock, type Log, type Timer }
  from '@strikewire/runtime';
import {
  orderTimes,
  type OrderEffect,
  type OrderEvent,
  type OrderState,
  type OrderStep,
  type OrderTimes,
} from '../core/order-life';
import { stepOrder } from '../core/order-state';
import type { AccountLedger, LedgerChange } from './account-ledger';
import type { FillRecord, OrderAct, OrderJournal, OrderRecord, SentCall } from './order-journal';

/** An effect that goes to the broker. */
export type SendEffect = Extract<OrderEffect, { type: 'send' | 'sendModify' | 'sendCancel' }>;

/** What an order's life needs. */
export interface TrackDeps {
  clock: Clock;
  log: Log;
  journal: Pick<OrderJournal, 'save'>;
  ledger: AccountLedger;
  times?: OrderTimes;
  /** Sends, in this very turn or later; answers come back as events. Never throws. */
  send(track: OrderTrack, effect: SendEffect, call: SentCall | null): void;
  lookUp(track: OrderTrack): void;
  notify(severity: 'warning' | 'critical', code: string, message: string): void;
  /** It is another now, and stored; `fills` are new. */
  changed(track: OrderTrack, fills: LedgerChange['fills']): void;
}

/** How an event is taken. */
export interface Telling {
  /** What is sent by it, stored in the same step. */
  call?: SentCall;
  /** What somebody does by it, in the log by the same write. */
  act?: OrderAct;
  /** It is of this moment: when it cannot be stored now it has not happened. */
  once?: boolean;
}

/** What an event has come to. */
export interface Told {
  state: OrderState;
  effects: readonly OrderEffect[];
}

interface Queued extends Telling {
  event: OrderEvent;
  resolve(told: Told): void;
  reject(error: unknown): void;
}

/** Events of one order that may wait; news beyond are dropped, and the book is read instead. */
const queueMax = 200;
const retryMs = { first: 500, most: 30_000 } as const;
const news: readonly OrderEvent['type'][] = ['row', 'trades', 'absent', 'lookUpFailed', 'timer'];

/**
 * One order and what happens to it, strictly one event after the other: the state is stored, with
 * its fills, before anything else of a step happens. While the store is away news wait in their
 * queue, and are tried again.
 */
export class OrderTrack {
  record: OrderRecord;
  private readonly deps: TrackDeps;
  private readonly queue: Queued[] = [];
  private isWorking = false;
  private timer: Timer | undefined;
  private storedVersion: number;
  /** The highest version that may have been stored. */
  private triedVersion: number;
  private hasDropped = false;
  private isStopped = false;

  constructor(record: OrderRecord, deps: TrackDeps) {
    this.record = record;
    this.deps = deps;
    this.storedVersion = record.state.version;
    this.triedVersion = record.state.version;
  }

  get id(): string {
    return this.record.state.order.clientOrderId;
  }

  get state(): OrderState {
    return this.record.state;
  }

  /** Takes an event in its turn; rejects (`retryable`) what was to be taken once and was not. */
  tell(event: OrderEvent, telling: Telling = {}): Promise<Told> {
    if (this.isStopped) return Promise.reject(notTaken('the platform stops'));
    if (this.queue.length >= queueMax) return this.refuse(event);
    return new Promise((resolve, reject) => {
      this.queue.push({ event, ...telling, resolve, reject });
      if (!this.isWorking) void this.work();
    });
  }

  /** News whose fate nobody waits for. */
  hear(event: OrderEvent): void {
    this.tell(event).catch((error: unknown) => {
      const reason = errorMessageOf(error);
      if (this.isStopped) return;
      this.deps.log.error('news of an order are lost', { order: this.id, event, reason });
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    for (const { reject } of this.queue.splice(0)) reject(notTaken('the platform stops'));
  }

  private refuse(event: OrderEvent): Promise<Told> {
    if (!news.includes(event.type)) {
      return Promise.reject(notTaken(`${queueMax} events of the order wait`));
    }
    this.hasDropped = true;
    return Promise.resolve({ state: this.state, effects: [] });
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    for (let item = this.queue.shift(); item; item = this.queue.shift()) {
      try {
        item.resolve(await this.take(item));
      } catch (error) {
        item.reject(error);
      }
    }
    this.isWorking = false;
    if (!this.hasDropped || this.isStopped) return;
    this.hasDropped = false;
    this.deps.lookUp(this);
  }

  private async take(item: Queued): Promise<Told> {
    const { clock, times = orderTimes } = this.deps;
    const nowMs = clock.wallMs();
    const step = stepOrder(this.state, item.event, nowMs, times);
    const fills = step.state === this.state ? [] : await this.store(step, item, nowMs);
    if (this.isStopped) throw notTaken('the platform stops');
    for (const effect of step.effects) this.perform(effect, item.call ?? null);
    if (step.effects.some(({ type }) => type === 'persist')) this.deps.changed(this, fills);
    return { state: this.state, effects: step.effects };
  }

  private store(step: OrderStep, item: Queued, nowMs: number): Promise<LedgerChange['fills']> {
    const trades = step.effects.flatMap((one) => (one.type === 'fill' ? [one.trade] : []));
    if (trades.length === 0) return this.storeInTurn(step, item, { trades, nowMs });
    return this.deps.ledger.inTurn(() => this.storeInTurn(step, item, { trades, nowMs }));
  }

  private async storeInTurn(
    step: OrderStep,
    item: Queued,
    { trades, nowMs }: { trades: readonly BrokerTrade[]; nowMs: number },
  ): Promise<LedgerChange['fills']> {
    const { ledger, journal } = this.deps;
    const version = Math.max(step.state.version, this.triedVersion + 1);
    const state = { ...step.state, version };
    this.triedVersion = version;
    const unpriced = { ...this.record, state };
    const change = trades.length === 0
      ? { fills: [], positions: [], adopted: [], charges: this.record.charges }
      : ledger.changeBy(unpriced, trades, nowMs);
    const record = { ...unpriced, charges: change.charges };
    const { storedVersion } = this;
    const { fills, positions, adopted } = change;
    const act = item.act ?? (adopted.length > 0 ? actOfAdopted(record, adopted) : null);
    const save = { record, storedVersion, fills, positions, call: item.call ?? null, act };
    await this.persist(() => journal.save(save), item.once ?? false);
    this.storedVersion = version;
    this.record = record;
    if (positions.length > 0) ledger.commit(change);
    if (adopted.length > 0) this.deps.notify('critical', 'adopted_fill_told', toldOf(adopted));
    return fills;
  }

  /** Tries again until it is stored, or the platform stops. */
  private async persist(store: () => Promise<void>, once: boolean): Promise<void> {
    for (let waitMs: number = retryMs.first; ; waitMs = Math.min(retryMs.most, 2 * waitMs)) {
      try {
        return await store();
      } catch (error) {
        const reason = errorMessageOf(error);
        if (once) throw notTaken(`it could not be stored: ${reason}`);
        this.deps.log.error('an order is not stored yet', { order: this.id, reason, waitMs });
        await sleep(this.deps.clock, waitMs);
        if (this.isStopped) throw notTaken('the platform stops');
      }
    }
  }

  private perform(effect: OrderEffect, call: SentCall | null): void {
    const { deps } = this;
    switch (effect.type) {
      case 'send':
      case 'sendModify':
      case 'sendCancel':
        return deps.send(this, effect, call);
      case 'lookUp':
        return deps.lookUp(this);
      case 'schedule':
        return this.schedule(effect.atMs);
      case 'notify':
        return deps.notify(effect.severity, effect.code, effect.message);
      case 'illegal':
        return deps.log.warn('an event of an order cannot be', { ...effect });
      case 'settled':
        this.timer?.cancel();
        return undefined;
      default:
        // What is stored, and fills, which are stored with it.
        return undefined;
    }
  }

  private schedule(atMs: number): void {
    const { clock } = this.deps;
    this.timer?.cancel();
    const waitMs = Math.max(0, atMs - clock.wallMs());
    this.timer = clock.after(waitMs, () => this.hear({ type: 'timer' }));
  }
}

function toldOf(adopted: readonly FillRecord[]): string {
  const [first] = adopted;
  const quantity = adopted.reduce((sum, one) => sum + one.quantity, 0);
  return `order ${first?.orderId} traded ${quantity} of ${first?.key} before its position was `
    + 'adopted: counted in the position that was adopted, look whether both are right';
}

/** The platform's own entry in the log. */
function actOfAdopted({ facts, state }: OrderRecord, adopted: readonly FillRecord[]): OrderAct {
  const trades = adopted.map(({ tradeId, quantity, pricePaise }) =>
    ({ tradeId, quantity, pricePaise }));
  return {
    by: null,
    action: 'position.fill_adopted',
    subject: { kind: 'order', id: state.order.clientOrderId, name: facts.key },
    before: null,
    after: { reason: 'counted in the position that was adopted', trades },
  };
}

/** An order as people look for it: by its id there and here, and its contract. */
export function nameOf({ id, record: { facts, state } }: OrderTrack): string {
  const there = state.brokerOrderId === null ? '' : ` (${state.brokerOrderId} at the broker)`;
  return `${id}${there} for ${facts.key}`;
}

function notTaken(reason: string): StrikewireError {
  const message = `not done: ${reason}`;
  return new StrikewireError({ kind: 'retryable', code: 'order_not_taken', message });
}
