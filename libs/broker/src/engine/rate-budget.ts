import { StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import type { BudgetSlot, RateGate } from '../core/plugin';
import type { RateRule } from '../core/rate-rule';

/** Requests that may wait per class; one more is refused with kind `throttled`. */
const waitingMax = 500;
/**
 * A request that has no end by then gives its place back: many times what an adapter waits for an
 * answer, so that only one that never settles at all is met, and does not block its class for ever.
 */
const overdueMs = 300_000;
/** Keys that a rule remembers before it forgets those that hold no place. */
const keysMax = 4_096;

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
  drop: () => void;
}

/**
 * The budget of one account. It makes a breach impossible, not just unlikely: the broker counts a
 * request when it arrives there, somewhere between our sending it and our hearing its answer, so a
 * request holds its place in the window from its sending until `windowMs` after its answer.
 * Whatever the network does, no window at the broker can then hold more than the limit.
 *
 * What an earlier run of the platform used is not known: the budget starts full, but for rules that
 * say that it is counted elsewhere.
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
        const startMono = this.clock.monoMs();
        const finish = this.windows.map((window) => window.enter(slot.key ?? '', startMono));
        let isDone = false;
        const done = (): void => {
          if (isDone) return;
          isDone = true;
          overdue.cancel();
          const now = this.clock.monoMs();
          finish.forEach((leave) => leave(now));
          this.pump();
        };
        const overdue = this.clock.after(overdueMs, done);
        // What throws instead of rejecting is a rejection too.
        void (async () => send())().then(resolve, reject).finally(done);
      };
      const drop = (): void => reject(notWanted(slot));
      this.waiting.push({ slot, order: this.order++, start, drop });
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
      if (next.slot.isWanted?.() === false) {
        this.waiting.splice(index, 1);
        next.drop();
        continue;
      }
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

function notWanted(slot: BudgetSlot): StrikewireError {
  const message = `${slot.class}: nobody waits for the answer any more, so it was not sent`;
  return new StrikewireError({ kind: 'throttled', code: 'not_wanted', message });
}

function byPriority(a: Waiting, b: Waiting): number {
  return (a.slot.priority ?? 0) - (b.slot.priority ?? 0) || a.order - b.order;
}

/** The places of one key: those of requests in flight, and when each answered one frees up. */
class KeyPlaces {
  inFlight = 0;
  /** Ascending, because answers come one after another; the first `freed` are free by now. */
  private freeAt: number[] = [];
  private freed = 0;

  held(now: number): number {
    while (this.freed < this.freeAt.length && (this.freeAt[this.freed] as number) <= now) {
      this.freed++;
    }
    if (this.freed > 64 && this.freed * 2 > this.freeAt.length) {
      this.freeAt = this.freeAt.slice(this.freed);
      this.freed = 0;
    }
    return this.inFlight + this.freeAt.length - this.freed;
  }

  /** When so many of those that are held will have freed up; Infinity: an answer decides. */
  freeAfter(count: number): number {
    return this.freeAt[this.freed + count - 1] ?? Infinity;
  }

  answered(freeAt: number): void {
    this.inFlight--;
    // A clock that is moved back must not mix the order.
    this.freeAt.push(Math.max(freeAt, this.freeAt.at(-1) ?? -Infinity));
  }
}

/** The places of one rule, per key where it counts each by itself. */
class RuleWindow {
  readonly rule: RateRule;
  private readonly startMonoMs: number;
  private readonly places = new Map<string, KeyPlaces>();

  constructor(rule: RateRule, startMonoMs: number) {
    this.rule = rule;
    this.startMonoMs = startMonoMs;
  }

  used(now: number): number {
    return this.places.get('')?.held(now) ?? 0;
  }

  /** When a request of this key may be sent; Infinity while it depends on an answer. */
  readyAt(key: string, now: number): number {
    const sinceStart = this.startMonoMs + this.startWaitMs();
    const places = this.places.get(this.nameOf(key));
    const over = (places?.held(now) ?? 0) - this.rule.limit + 1;
    return over <= 0 || !places ? sinceStart : Math.max(sinceStart, places.freeAfter(over));
  }

  /** Takes a place; the returned function starts its last `windowMs`. */
  enter(key: string, now: number): (now: number) => void {
    const name = this.nameOf(key);
    const places = this.places.get(name) ?? new KeyPlaces();
    if (this.rule.perKey && this.places.size >= keysMax) this.forgetIdle(now);
    this.places.set(name, places);
    places.inFlight++;
    return (endMono) => places.answered(endMono + this.rule.windowMs);
  }

  /** Long windows (a day) cannot be waited out at every start; they begin empty. */
  private startWaitMs(): number {
    const { windowMs, startsFree = false } = this.rule;
    return windowMs <= 60_000 && !startsFree ? windowMs : 0;
  }

  private nameOf(key: string): string {
    return this.rule.perKey ? key : '';
  }

  private forgetIdle(now: number): void {
    for (const [key, places] of this.places) if (places.held(now) === 0) this.places.delete(key);
  }
}
