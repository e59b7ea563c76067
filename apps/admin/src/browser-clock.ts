import type { Clock, Timer } from '@strikewire/runtime';

/** A wall timer looks at the clock at least this often, so that a jump is noticed. */
const wallCheckMs = 30_000;

/** The runtime's clock port over the browser's clocks and timers. */
export function createBrowserClock(): Clock {
  const after = (delayMs: number, fn: () => void): Timer => {
    const id = setTimeout(fn, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(id) };
  };
  return {
    wallMs: () => Date.now(),
    monoMs: () => performance.now(),
    after,
    at(wallMs, fn) {
      let timer: Timer;
      const wait = (): void => {
        const leftMs = wallMs - Date.now();
        timer = leftMs <= 0 ? after(0, fn) : after(Math.min(leftMs, wallCheckMs), wait);
      };
      wait();
      return { cancel: () => timer.cancel() };
    },
    track: (promise) => promise,
  };
}
