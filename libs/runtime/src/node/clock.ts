import type { Clock, Timer } from '../clock';

/** Longest delay Node's timers take; longer ones are armed again. */
const timerMaxMs = 2_147_483_647;
/** How often a wall deadline is looked at again, so that a jump of the wall clock is noticed. */
const wallCheckMs = 1_000;

/** The machine's clock. */
export function createNodeClock(): Clock {
  const monoMs = (): number => performance.now();
  const wallMs = (): number => Date.now();
  const after = (delayMs: number, fn: () => void): Timer => {
    const due = monoMs() + Math.max(0, delayMs);
    const arm = (): NodeJS.Timeout =>
      setTimeout(run, Math.min(timerMaxMs, Math.max(0, due - monoMs())));
    const run = (): void => {
      if (due - monoMs() > 1) handle = arm();
      else fn();
    };
    let handle = arm();
    return { cancel: () => clearTimeout(handle) };
  };
  const at = (deadlineMs: number, fn: () => void): Timer => {
    let timer: Timer;
    const check = (): void => {
      const left = deadlineMs - wallMs();
      if (left <= 0) fn();
      else timer = after(Math.min(left, wallCheckMs), check);
    };
    timer = after(Math.min(Math.max(0, deadlineMs - wallMs()), wallCheckMs), check);
    return { cancel: () => timer.cancel() };
  };
  return { wallMs, monoMs, after, at, track: (promise) => promise };
}
