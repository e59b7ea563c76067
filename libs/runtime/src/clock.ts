/** A pending call; `cancel` is safe to call at any time, also after it ran. */
export interface Timer {
  cancel(): void;
}

/**
 * Time comes in through this port, never from a global.
 * `monoMs` never jumps and is for delays, watchdogs and budgets; `wallMs` (epoch milliseconds, UTC)
 * may jump either way and is for calendars and for what people read.
 */
export interface Clock {
  wallMs(): number;
  monoMs(): number;
  /** Runs `fn` once, `delayMs` monotonic milliseconds from now (0 or less: on the next turn). */
  after(delayMs: number, fn: () => void): Timer;
  /** Runs `fn` once when the wall clock reaches `wallMs`, also when it jumps past it. */
  at(wallMs: number, fn: () => void): Timer;
  /** Names a promise that a virtual clock must wait for before it moves time on. */
  track<T>(promise: Promise<T>): Promise<T>;
}

/** Resolves after `delayMs` on the given clock. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.after(delayMs, resolve));
}
