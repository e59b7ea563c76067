import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import type { BudgetSlot, RateGate } from '../core/plugin';
import type { RateRule } from '../core/rate-rule';

/** Requests that may wait per class; one more is refused with kind `throttled`. */
const waitingMax = 500;

/** How much of a class's budget is in use. */
export interface BudgetUse {
  class: string;
  used: number;
  limit: number;
  windowMs: number;
  waiting: number;
}

/** A gate that also tells how much of each limit is in use. */
export interface RateBudget extends RateGate {
  use(): BudgetUse[];
}

interface Waiting {
  slot: BudgetSlot;
  order: number;
  start: () => void;
}

/**
 * The budget of one account. It makes a breach impossible, not just unlikely: the broker counts a
 * request when it arrives there, somewhere between our sending it and our hearing its answer, so a
 * request holds its place in the window from its sending until `windowMs` after its answer.
 * Whatever the network does, no window at the broker can then hold more than the limit.
 *
 * What an earlier run of the platform used is not known: the budget starts full.
 */
export function createRateBudget(clock: Clock, rules: readonly RateRule[]): RateBudget {
  const classes = new Map<string, ClassBudget>();
  for (const rule of rules) {
    const budget = classes.get(rule.class) ?? new ClassBudget(clock);
    classes.set(rule.class, budget);
    budget.add(rule);
  }
  return {
    run(slot, send) {
      const budget = classes.get(slot.class);
      if (!budget) {
        throw new StrikewireError({
          kind: 'assertion',
          code: 'unknown_class',
          message: `[broker] no rate rule names the class "${slot.class}"`,
        });
      }
      return budget.run(slot, send);
    },
    use: () => [...classes].flatMap(([name, budget]) => budget.use(name)),
  };
}

class ClassBudget {
  private readonly windows: RuleWindow[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly clock: Clock;
  private order = 0;
  private timer: Timer | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(rule: RateRule): void {
    this.windows.push(new RuleWindow(rule, this.clock.monoMs()));
  }

  use(name: string): BudgetUse[] {
    const now = this.clock.monoMs();
    return this.windows
      .filter(({ rule }) => !rule.perKey)
      .map((window) => ({
        class: name,
        used: window.used(now),
        limit: window.rule.limit,
        windowMs: window.rule.windowMs,
        waiting: this.waiting.length,
      }));
  }

  run<T>(slot: BudgetSlot, send: () => Promise<T>): Promise<T> {
    if (this.waiting.length >= waitingMax) {
      return Promise.reject(
        new StrikewireError({
          kind: 'throttled',
          code: 'budget_full',
          message: `${slot.class}: ${waitingMax} requests already wait for their turn`,
        }),
      );
    }
    return new Promise<T>((resolve, reject) => {
      const start = (): void => {
        const finish = this.windows.map((window) => window.enter(slot.key ?? ''));
        const done = (): void => {
          const now = this.clock.monoMs();
          finish.forEach((leave) => leave(now));
          this.pump();
        };
        send().then(resolve, reject).finally(done);
      };
      this.waiting.push({ slot, order: this.order++, start });
      this.waiting.sort(byPriority);
      this.pump();
    });
  }

  /** Starts all that may start, then sleeps until the next may. */
  private pump(): void {
    const now = this.clock.monoMs();
    let earliest = Infinity;
    for (let index = 0; index < this.waiting.length; ) {
      const next = this.waiting[index] as Waiting;
      const readyAt = Math.max(...this.windows.map((w) => w.readyAt(next.slot.key ?? '', now)));
      if (readyAt <= now) {
        this.waiting.splice(index, 1);
        next.start();
      } else {
        earliest = Math.min(earliest, readyAt);
        index++;
      }
    }
    // A request in flight frees its place by itself: `done` pumps again.
    this.timer?.cancel();
    if (Number.isFinite(earliest)) this.timer = this.clock.after(earliest - now, () => this.pump());
  }
}

function byPriority(a: Waiting, b: Waiting): number {
  return (a.slot.priority ?? 0) - (b.slot.priority ?? 0) || a.order - b.order;
}

/** The places of one rule: per key, when each frees up (Infinity while in flight). */
class RuleWindow {
  readonly rule: RateRule;
  private readonly startMonoMs: number;
  private readonly places = new Map<string, { freeAt: number }[]>();

  constructor(rule: RateRule, startMonoMs: number) {
    this.rule = rule;
    this.startMonoMs = startMonoMs;
  }

  used(now: number): number {
    return this.held('', now).length;
  }

  /** When a request of this key may be sent; Infinity while it depends on an answer. */
  readyAt(key: string, now: number): number {
    const held = this.held(key, now);
    const sinceStart = this.startMonoMs + this.startWaitMs();
    if (held.length < this.rule.limit) return sinceStart;
    const sorted = held.map((place) => place.freeAt).sort((a, b) => a - b);
    return Math.max(sinceStart, sorted[held.length - this.rule.limit] as number);
  }

  /** Takes a place; the returned function starts its last `windowMs`. */
  enter(key: string): (now: number) => void {
    const place = { freeAt: Infinity };
    const at = this.rule.perKey ? key : '';
    const held = this.places.get(at) ?? [];
    this.places.set(at, held);
    held.push(place);
    return (now) => (place.freeAt = now + this.rule.windowMs);
  }

  /** Long windows (a day) cannot be waited out at every start; they begin empty. */
  private startWaitMs(): number {
    return this.rule.windowMs <= 60_000 ? this.rule.windowMs : 0;
  }

  private held(key: string, now: number): { freeAt: number }[] {
    const at = this.rule.perKey ? key : '';
    const held = (this.places.get(at) ?? []).filter((place) => place.freeAt > now);
    if (held.length > 0) this.places.set(at, held);
    else this.places.delete(at);
    return held;
  }
}
