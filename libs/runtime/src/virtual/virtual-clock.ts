import type { Clock, Timer } from '../clock';

/** What is due at an instant; of one instant, what was set first comes first. */
class Pending implements Timer {
  readonly due: number;
  readonly order: number;
  fn: () => void;

  constructor(due: number, order: number, fn: () => void) {
    this.due = due;
    this.order = order;
    this.fn = fn;
  }

  cancel(): void {
    this.fn = noop;
  }
}

/** A clock that tests and replays move by hand. */
export interface VirtualClock extends Clock {
  /** Runs every timer due within `ms`, in order, each with its consequences before the next. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as an operator or time daemon would. */
  jumpWall(ms: number): void;
  /** Waits until microtasks, one turn of the event loop and all tracked promises are done. */
  settle(): Promise<void>;
  readonly pendingCount: number;
}

/** `startWallMs`: epoch milliseconds at which the wall clock starts; mono starts at 0. */
export function createVirtualClock(startWallMs: number): VirtualClock {
  const timers = new TimerHeap();
  const wallTimers = new Set<{ wallMs: number; fn: () => void; timer: Timer }>();
  const tracked = new Tracked();
  let mono = 0;
  let wallOffset = startWallMs;
  let order = 0;

  const schedule = (due: number, fn: () => void): Timer => {
    const pending = new Pending(due, order++, fn);
    timers.push(pending);
    return pending;
  };
  const armWall = (entry: { wallMs: number; fn: () => void; timer: Timer }): void => {
    entry.timer = schedule(Math.max(mono, entry.wallMs - wallOffset), () => {
      wallTimers.delete(entry);
      entry.fn();
    });
  };
  const settle = async (): Promise<void> => {
    await nextTurn();
    if (tracked.size > 0) await tracked.done();
  };

  return {
    wallMs: () => wallOffset + mono,
    monoMs: () => mono,
    after: (delayMs, fn) => schedule(mono + Math.max(0, delayMs), fn),
    at(wallMs, fn) {
      const entry = { wallMs, fn, timer: { cancel: noop } };
      wallTimers.add(entry);
      armWall(entry);
      return {
        cancel: () => {
          wallTimers.delete(entry);
          entry.timer.cancel();
        },
      };
    },
    track(promise) {
      tracked.add(promise);
      return promise;
    },
    async advance(ms) {
      const end = mono + ms;
      await settle();
      while (timers.isDue(end)) {
        await inSomeTurns(() => {
          const next = tracked.size > 0 ? undefined : timers.popDue(end);
          if (!next) return false;
          mono = Math.max(mono, next.due);
          next.fn();
          return true;
        });
        if (tracked.size > 0) await tracked.done();
      }
      mono = end;
    },
    jumpWall(ms) {
      wallOffset += ms;
      for (const entry of wallTimers) {
        entry.timer.cancel();
        armWall(entry);
      }
    },
    settle,
    get pendingCount() {
      return timers.size;
    },
  };
}

function noop(): void {}

/** Microtasks are done by then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Steps between two looks of the event loop at the world outside, which cost more than a step. */
const stepsPerTurn = 32;

/**
 * Takes steps until one says that there is no more to do, or it is time for the world outside.
 * Before each of them, and after the last, microtasks are done.
 */
function inSomeTurns(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const run = (): void => {
      if (isOver) return resolve();
      try {
        isOver = !step();
      } catch (error) {
        isOver = true;
        reject(error as Error);
      }
    };
    for (let left = stepsPerTurn; left > 0; left--) setImmediate(run);
    setImmediate(resolve);
  });
}

/** Promises that are to be done before time moves on. */
class Tracked {
  private readonly promises = new Set<Promise<unknown>>();

  get size(): number {
    return this.promises.size;
  }

  add(promise: Promise<unknown>): void {
    this.promises.add(promise);
    const done = (): void => void this.promises.delete(promise);
    promise.then(done, done);
  }

  /** Those too that others bring with them. */
  async done(): Promise<void> {
    for (;;) {
      await Promise.allSettled(this.promises);
      if (this.size === 0) return;
      await nextTurn();
    }
  }
}

/** A binary heap by (due, order): timers of the same instant run in the order they were set. */
class TimerHeap {
  private readonly items: Pending[] = [];

  get size(): number {
    return this.items.filter((item) => item.fn !== noop).length;
  }

  isDue(end: number): boolean {
    const [next] = this.items;
    return next !== undefined && next.due <= end;
  }

  /** Of those that are due and were not cancelled the first one; undefined: there is none. */
  popDue(end: number): Pending | undefined {
    while (this.isDue(end)) {
      const [next] = this.items;
      this.pop();
      if (next && next.fn !== noop) return next;
    }
    return undefined;
  }

  push(item: Pending): void {
    const { items } = this;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(item, items[parent] as Pending)) break;
      items[index] = items[parent] as Pending;
      index = parent;
    }
    items[index] = item;
  }

  private pop(): void {
    const { items } = this;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      const right = items[child + 1];
      if (right && isBefore(right, items[child] as Pending)) child++;
      if (!isBefore(items[child] as Pending, last)) break;
      items[index] = items[child] as Pending;
      index = child;
    }
    items[index] = last;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
