import type { OrderFloor } from './order-floor';

/** An answer waits so long for the broker's, then tells how things stand. */
export const answerWaitMs = 3_000;

/** Resolves when orders have come so far, or the time is over, whichever is first. */
export function until(
  floor: OrderFloor,
  isSo: () => boolean,
  withinMs: number,
): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      timer.cancel();
      resolve();
    };
    const stop = floor.onOrder(() => {
      if (isSo()) end();
    });
    const timer = floor.deps.clock.after(withinMs, end);
  });
}
