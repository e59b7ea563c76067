import type { Clock } from '@strikewire/runtime';

/** Leaves somebody alone who has failed several times in a row. */
export class Breaker {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private readonly bounds: { failuresMax: number; pauseMs: number };
  private failures = 0;
  private lastReason = '';
  private openUntilMs = -Infinity;

  constructor(
    clock: Pick<Clock, 'monoMs'>,
    bounds: { failuresMax: number; pauseMs: number },
  ) {
    this.clock = clock;
    this.bounds = bounds;
  }

  /** Null: it may be asked. After the pause one question tries it: a failure begins another. */
  closedBecause(): string | null {
    const leftMs = this.openUntilMs - this.clock.monoMs();
    if (leftMs <= 0) return null;
    const seconds = Math.ceil(leftMs / 1_000);
    const times = `${this.failures} times in a row (${this.lastReason})`;
    return `the broker failed ${times} and is asked again in ${seconds} s`;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(reason: string): void {
    const { failuresMax, pauseMs } = this.bounds;
    this.failures++;
    this.lastReason = reason.slice(0, 200);
    if (this.failures >= failuresMax) this.openUntilMs = this.clock.monoMs() + pauseMs;
  }
}
