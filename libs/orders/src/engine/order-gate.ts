import type { Clock } from '@strikewire/runtime';
import {
  admit,
  answered,
  noOrderRates,
  orderClosed,
  rateUse,
  released,
  restoreRates,
  type OrderCall,
  type OrderRateRules,
  type OrderRates,
} from '../core/order-rates';
import type { SentCall } from './order-journal';

/** What wants to pass. */
export interface GateRequest {
  account: string;
  rules: OrderRateRules;
  callId: string;
  orderId: string;
  call: OrderCall;
  segment: string;
  lowersRisk: boolean;
  /** The kill switch does not hold it back: cancellations, and its own closing. */
  passesKill: boolean;
}

/** A place that is taken, or why there is none. */
export type Passage =
  | { kind: 'ok'; call: SentCall }
  | { kind: 'denied'; code: string; reason: string };

/** Calls of one account that may wait for a place at once. */
const waitersMax = 500;
/** What lowers a risk waits for its place this long, others as long as their rules say. */
const patienceMs = 900_000;
/** When only an answer frees a place, it is looked again after this. */
const lookAgainMs = 50;

interface Lane {
  rates: OrderRates;
  waiting: number;
}

/**
 * The one place that everything passes on its way to a broker. The kill switch blocks it from the
 * moment that it is pulled: what waits here is turned away, and whoever has passed asks once more
 * (`blockedBy`) in the turn in which it sends.
 */
export class OrderGate {
  private readonly clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>;
  private readonly lanes = new Map<string, Lane>();
  private readonly baseMs: number;
  private killedBecause: string | null = null;
  private isStopped = false;
  private readonly wakers = new Set<() => void>();

  constructor(clock: Pick<Clock, 'wallMs' | 'monoMs' | 'after'>) {
    this.clock = clock;
    // Windows are counted by a clock that never jumps, beginning at the time of day.
    this.baseMs = clock.wallMs() - clock.monoMs();
  }

  /** What was sent before the start. */
  restore(calls: readonly SentCall[], modifications: ReadonlyMap<string, number>): void {
    for (const account of new Set(calls.map((call) => call.account))) {
      const its = calls.filter((call) => call.account === account);
      const orders = new Set(its.map(({ orderId }) => orderId));
      const changed = new Map([...modifications].filter(([id]) => orders.has(id)));
      this.lane(account).rates = restoreRates(its, changed, this.nowMs());
    }
  }

  /** Null lets orders pass again. */
  setKill(reason: string | null): void {
    this.killedBecause = reason;
    for (const wake of [...this.wakers]) wake();
  }

  /** Nothing passes any more. */
  stop(): void {
    this.isStopped = true;
    for (const wake of [...this.wakers]) wake();
  }

  /** Why a call may not be sent in this turn; null: it may. */
  blockedBy(request: Pick<GateRequest, 'passesKill'>): string | null {
    if (this.isStopped) return 'the platform stops';
    if (this.killedBecause === null || request.passesKill) return null;
    return `the kill switch is on: ${this.killedBecause}`;
  }

  /** Waits for a place within the rates; with `ok` it is taken. */
  async pass(request: GateRequest): Promise<Passage> {
    const lane = this.lane(request.account);
    if (lane.waiting >= waitersMax) {
      return denied('rate_queue_full', `${waitersMax} requests of the account wait already`);
    }
    lane.waiting += 1;
    try {
      return await this.wait(request, lane);
    } finally {
      lane.waiting -= 1;
    }
  }

  /** The broker has answered, or will not any more. */
  answered({ account, callId }: SentCall): number {
    const lane = this.lane(account);
    lane.rates = answered(lane.rates, callId, this.nowMs());
    return this.nowMs();
  }

  /** It has provably not left. */
  released({ account, callId, orderId, call, segment }: SentCall): void {
    const lane = this.lane(account);
    const request = { callId, orderId, call, segment, lowersRisk: false };
    lane.rates = released(lane.rates, request);
  }

  orderClosed(account: string, orderId: string): void {
    const lane = this.lane(account);
    lane.rates = orderClosed(lane.rates, orderId);
  }

  /** How full each limit is; of a segment's the fullest counts. */
  use(account: string, rules: OrderRateRules): ReturnType<typeof rateUse> {
    const { rates } = this.lane(account);
    const segments = new Set(rates.places.map(({ segment }) => segment)).add('');
    const all = [...segments].map((segment) => rateUse(rates, segment, this.nowMs(), rules));
    return rules.limits.map(({ name, limit, windowMs }, index) => {
      const used = Math.max(...all.map((one) => one[index]?.used ?? 0));
      return { name, used, limit, windowMs };
    });
  }

  private async wait(request: GateRequest, lane: Lane): Promise<Passage> {
    const { rules, account, callId, orderId, call, segment } = request;
    const mostMs = request.lowersRisk ? patienceMs : rules.waitMostMs;
    const fromMs = this.nowMs();
    for (;;) {
      const blocked = this.blockedBy(request);
      if (blocked !== null) return denied('kill_switch', blocked);
      const leftMs = Math.max(0, mostMs - (this.nowMs() - fromMs));
      // Whatever is patient waits for an answer too, however long that takes.
      const bound = request.lowersRisk ? Infinity : leftMs;
      const admission = admit(lane.rates, request, this.nowMs(), { ...rules, waitMostMs: bound });
      if (admission.kind === 'ok') {
        lane.rates = admission.state;
        const sentMs = admission.state.latestMs;
        return {
          kind: 'ok',
          call: { account, callId, orderId, call, segment, sentMs, answeredMs: null },
        };
      }
      if (admission.kind === 'denied') return denied(admission.limit, admission.reason);
      if (leftMs === 0) {
        const found = `${admission.limit} has had no place for ${mostMs} ms`;
        return denied(admission.limit, found);
      }
      await this.sleep(Math.min(Number.isFinite(admission.waitMs) ? admission.waitMs : lookAgainMs,
        leftMs));
    }
  }

  /** Until then, or until the kill switch is another. */
  private sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        this.wakers.delete(wake);
        resolve();
      };
      const timer = this.clock.after(delayMs, wake);
      this.wakers.add(wake);
    });
  }

  private lane(account: string): Lane {
    const known = this.lanes.get(account);
    if (known) return known;
    const lane: Lane = { rates: noOrderRates, waiting: 0 };
    this.lanes.set(account, lane);
    return lane;
  }

  private nowMs(): number {
    return this.baseMs + this.clock.monoMs();
  }
}

function denied(code: string, reason: string): Passage {
  return { kind: 'denied', code, reason };
}
