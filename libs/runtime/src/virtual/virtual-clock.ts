import type { Clock, Timer } from '../clock';

interface Pending {
  due: number;
  order: number;
  fn: () => void;
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
  const tracked = new Set<Promise<unknown>>();
  let mono = 0;
  let wallOffset = startWallMs;
  let order = 0;

  const schedule = (due: number, fn: () => void): Timer => {
    const pending: Pending = { due, order: order++, fn };
    timers.push(pending);
    return { cancel: () => (pending.fn = noop) };
  };
  const armWall = (entry: { wallMs: number; fn: () => void; timer: Timer }): void => {
    entry.timer = schedule(Math.max(mono, entry.wallMs - wallOffset), () => {
      wallTimers.delete(entry);
      entry.fn();
    });
  };
  const settle = async (): Promise<void> => {
    do {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (tracked.size > 0) await Promise.allSettled(tracked);
    } while (tracked.size > 0);
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
      const done = (): void => void tracked.delete(promise);
      promise.then(done, done);
      return promise;
    },
    async advance(ms) {
      const end = mono + ms;
      await settle();
      for (let next = timers.peek(); next && next.due <= end; next = timers.peek()) {
        timers.pop();
        if (next.fn === noop) continue;
        mono = Math.max(mono, next.due);
        next.fn();
        await settle();
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

/** A binary heap by (due, order): timers of the same instant run in the order they were set. */
class TimerHeap {
  private readonly items: Pending[] = [];

  get size(): number {
    return this.items.filter((item) => item.fn !== noop).length;
  }

  peek(): Pending | undefined {
    return this.items[0];
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

  pop(): void {
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
