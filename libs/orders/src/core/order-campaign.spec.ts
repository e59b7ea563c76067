import type {
  BrokerOrder,
  BrokerOrderStatus,
  BrokerTrade,
  OrderOutcome,
  OrderRequest,
} from '@strikewire/broker';
import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { hasEnded, intendOrder, type OrderEffect, type OrderEvent, type OrderState }
  from './order-life';
import { stepOrder } from './order-state';

const order: OrderRequest = {
  clientOrderId: 'c1',
  token: { segment: 'NSE_FNO', id: '42528' },
  side: 'SELL',
  type: 'LIMIT',
  product: 'carry',
  validity: 'DAY',
  quantity: 260,
  limitPaise: 12_000,
  triggerPaise: null,
};
const dayEndMs = 600_000;

/** A broker that has one order at the most, and tells of it badly. */
class FaultyBroker {
  readonly trades: BrokerTrade[] = [];
  placed = 0;
  row: BrokerOrder | null = null;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  place(): OrderOutcome {
    this.placed += 1;
    const chance = this.random.next();
    if (chance < 0.15) return { kind: 'unknown', reason: 'lost on the way there' };
    if (chance < 0.25) return { kind: 'rejected', code: 'RMS', reason: 'no margin' };
    this.row = {
      brokerOrderId: 'b1', clientOrderId: 'c1', token: order.token, side: 'SELL',
      status: 'pending', quantity: order.quantity, filledQuantity: 0, averagePaise: null,
      reason: null, updatedMs: null,
    };
    const isHeard = this.random.next() < 0.6;
    if (isHeard) return { kind: 'accepted', brokerOrderId: 'b1' };
    return { kind: 'unknown', reason: 'timeout after it was taken' };
  }

  /** Something happens in the market. */
  trade(nowMs: number): void {
    const { row } = this;
    if (row === null || !this.isLive()) return;
    const chance = this.random.next();
    if (chance < 0.6) this.fill(row, nowMs);
    else if (chance < 0.65) this.end('rejected', nowMs);
    else this.row = { ...row, status: 'open', updatedMs: nowMs };
  }

  modify(quantity: number | null, nowMs: number): OrderOutcome {
    if (!this.isLive() || this.row === null) return this.tooLate();
    if (quantity !== null && quantity <= this.row.filledQuantity) return this.tooLate();
    const arrived = this.random.next() < 0.8;
    const wanted = quantity ?? this.row.quantity;
    if (arrived) this.row = { ...this.row, quantity: wanted, updatedMs: nowMs };
    return this.heard(arrived);
  }

  cancel(nowMs: number): OrderOutcome {
    if (!this.isLive()) return this.tooLate();
    const arrived = this.random.next() < 0.8;
    if (arrived) this.end('cancelled', nowMs);
    return this.heard(arrived);
  }

  end(status: BrokerOrderStatus, nowMs: number): void {
    if (this.row !== null && this.isLive()) this.row = { ...this.row, status, updatedMs: nowMs };
  }

  private fill(row: BrokerOrder, nowMs: number): void {
    const left = row.quantity - row.filledQuantity;
    const quantity = Math.min(left, 65 * (1 + Math.floor(this.random.next() * 2)));
    this.trades.push({
      tradeId: `t${this.trades.length}`, brokerOrderId: 'b1', token: order.token, side: 'SELL',
      quantity, pricePaise: 12_000 + this.trades.length, tradedMs: nowMs,
    });
    const filledQuantity = row.filledQuantity + quantity;
    const status = filledQuantity === row.quantity ? 'filled' : 'open';
    this.row = { ...row, filledQuantity, status, updatedMs: nowMs };
  }

  isLive(): boolean {
    return this.row !== null && ['pending', 'open', 'triggered'].includes(this.row.status);
  }

  private tooLate(): OrderOutcome {
    return { kind: 'rejected', code: 'ENDED', reason: 'there is no such open order' };
  }

  private heard(arrived: boolean): OrderOutcome {
    if (this.random.next() < 0.7 && arrived) return { kind: 'accepted', brokerOrderId: 'b1' };
    return { kind: 'unknown', reason: 'timeout' };
  }
}

interface Run {
  state: OrderState;
  broker: FaultyBroker;
  effects: OrderEffect[];
  /** What was told of trades, in each life of the platform since it was last stored. */
  fills: Map<string, BrokerTrade>;
}

/** One order through a bad day; the same seed is the same day. */
class Day {
  private readonly random: Random;
  private readonly broker: FaultyBroker;
  private readonly effects: OrderEffect[] = [];
  private readonly fills = new Map<string, BrokerTrade>();
  private readonly post: { atMs: number; event: OrderEvent }[] = [];
  state: OrderState;
  private timerMs: number | null = null;
  private nowMs = 0;
  private requests = 0;
  private isFair = false;

  constructor(seed: number) {
    this.random = createSeededRandom(seed);
    this.broker = new FaultyBroker(this.random);
    this.state = intendOrder(order, 'account-1', 0).state;
  }

  run(): Run {
    this.take({ type: 'recorded' });
    while (this.nowMs < dayEndMs) this.turn();
    // After the close the broker answers well, and everything is read once more.
    this.broker.end('expired', this.nowMs);
    this.isFair = true;
    this.take({ type: 'dayEnded', endedMs: this.nowMs });
    const endMs = this.nowMs + 900_000;
    while (this.nowMs < endMs) this.turn();
    return { state: this.state, broker: this.broker, effects: this.effects, fills: this.fills };
  }

  private turn(): void {
    this.nowMs += Math.floor(this.random.next() * 2_000);
    this.post.sort((a, b) => a.atMs - b.atMs);
    while (this.post[0] !== undefined && this.post[0].atMs <= this.nowMs) {
      this.take(this.post.shift()!.event);
    }
    if (this.timerMs !== null && this.timerMs <= this.nowMs) {
      this.timerMs = null;
      this.take({ type: 'timer' });
    }
    if (this.isFair) return;
    const chance = this.random.next();
    if (chance < 0.05) this.broker.trade(this.nowMs);
    else if (chance < 0.09) this.tellUpdate();
    else if (chance < 0.1) this.wish();
    else if (chance < 0.105) this.restart();
  }

  /** The order-update socket: what is true now, to arrive at some time, perhaps twice. */
  private tellUpdate(): void {
    const { row, trades } = this.broker;
    if (row !== null) this.send({ type: 'row', row });
    if (row !== null && this.random.next() < 0.3) this.send({ type: 'row', row });
    if (trades.length > 0) this.send({ type: 'trades', trades: [...trades].reverse() });
  }

  private wish(): void {
    this.requests += 1;
    const requestId = `r${this.requests}`;
    if (this.random.next() < 0.4) return this.take({ type: 'askCancel', requestId });
    const lots = 1 + Math.floor(this.random.next() * 6);
    const quantity = this.random.next() < 0.5 ? null : 65 * lots;
    const change = { quantity, limitPaise: 12_005, triggerPaise: null };
    return this.take({ type: 'askModify', requestId, change });
  }

  /** Answers on their way are lost with the process; the state is what was stored. */
  private restart(): void {
    this.post.length = 0;
    this.timerMs = null;
    this.state = JSON.parse(JSON.stringify(this.state)) as OrderState;
    this.take({ type: 'restarted' });
  }

  private send(event: OrderEvent): void {
    const delayMs = this.isFair ? 10 : this.random.next() * 8_000;
    this.post.push({ atMs: this.nowMs + delayMs, event });
  }

  private take(event: OrderEvent): void {
    const before = this.state;
    const step = stepOrder(before, event, this.nowMs);
    this.state = step.state;
    expect(step.state.filledQuantity).toBeGreaterThanOrEqual(before.filledQuantity);
    expect(step.state === before).toBe(!step.effects.some(({ type }) => type === 'persist'));
    const stored = step.effects.findIndex(({ type }) => type === 'persist');
    const leaves = step.effects.findIndex(({ type }) => type.startsWith('send'));
    if (leaves >= 0) expect(stored).toBe(0);
    if (stored === 0 && this.crashes(before, step.effects)) return;
    for (const effect of step.effects) this.perform(effect);
  }

  /** The platform ends just before it stores a step, or just after, with nothing else done. */
  private crashes(before: OrderState, effects: readonly OrderEffect[]): boolean {
    const chance = this.isFair ? 1 : this.random.next();
    if (chance >= 0.02) return false;
    if (chance < 0.01) this.state = before;
    else for (const effect of effects) if (effect.type === 'fill') this.perform(effect);
    this.restart();
    return true;
  }

  private perform(effect: OrderEffect): void {
    this.effects.push(effect);
    switch (effect.type) {
      case 'send':
        return this.send({ type: 'answered', outcome: this.broker.place() });
      case 'sendModify': {
        const { requestId, change } = effect;
        const outcome = this.broker.modify(change.quantity, this.nowMs);
        return this.send({ type: 'modifyAnswered', requestId, outcome });
      }
      case 'sendCancel': {
        const { requestId } = effect;
        const outcome = this.broker.cancel(this.nowMs);
        return this.send({ type: 'cancelAnswered', requestId, outcome });
      }
      case 'lookUp':
        return this.lookUp();
      case 'schedule':
        this.timerMs = effect.atMs;
        return undefined;
      case 'fill':
        expect(this.fills.has(effect.trade.tradeId)).toBe(false);
        this.fills.set(effect.trade.tradeId, effect.trade);
        return undefined;
      case 'settled':
        // What is told as ended is not in the market any more.
        expect(this.broker.isLive()).toBe(false);
        return undefined;
      default:
        return undefined;
    }
  }

  private lookUp(): void {
    const isLost = !this.isFair && this.random.next() < 0.4;
    if (isLost) return this.send({ type: 'lookUpFailed', reason: '503' });
    const { row, trades } = this.broker;
    if (row === null) return this.send({ type: 'absent', readMs: this.nowMs, isSure: true });
    this.send({ type: 'row', row });
    return this.send({ type: 'trades', trades: [...trades] });
  }
}

function check({ state, broker, effects, fills }: Run): void {
  const { row, trades } = broker;
  expect(effects.filter(({ type }) => type === 'send').length).toBe(broker.placed);
  expect(broker.placed).toBeLessThanOrEqual(1);
  expect(hasEnded(state)).toBe(true);
  expect(state.filledQuantity).toBe(row?.filledQuantity ?? 0);
  expect([...fills.keys()].sort()).toEqual(trades.map(({ tradeId }) => tradeId).sort());
  if (row !== null) expect(state.status).toBe(row.status);
  else expect(['rejected', 'expired', 'denied']).toContain(state.status);
  expect(state.settledAs).toEqual({ status: state.status, filledQuantity: state.filledQuantity });
  expect(state).toMatchObject({ lookUp: null, needsPerson: null });
  const grave = effects.filter((one) =>
    one.type === 'illegal' && ['doubled_order', 'overfilled', 'sent_before'].includes(one.code));
  expect(grave).toEqual([]);
}

describe('an order through bad days', () => {
  it('is sent once, loses nothing and ends as the broker has it (seeded)', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const day = new Day(seed);
      try {
        check(day.run());
      } catch (cause) {
        throw new Error(`seed ${seed}: ${JSON.stringify(day.state)}`, { cause });
      }
    }
  });

  it('is the same day for the same seed', () => {
    const [one, other] = [new Day(42).run(), new Day(42).run()];
    expect(one.effects).toEqual(other.effects);
    expect(one.state).toEqual(other.state);
  });
});
