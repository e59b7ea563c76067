import type { Clock } from '@strikewire/runtime';

/** Callers that are counted at once; one more begins the window anew for all. */
const callersMax = 10_000;

/** Counts what each caller does within a window of time; synchronous, for what is no route. */
export class RateWindow {
  private readonly clock: Pick<Clock, 'monoMs'>;
  private readonly countMax: number;
  private readonly windowMs: number;
  private readonly counts = new Map<string, number>();
  private endsMono = -Infinity;

  constructor(clock: Pick<Clock, 'monoMs'>, limit: { countMax: number; windowMs: number }) {
    this.clock = clock;
    this.countMax = limit.countMax;
    this.windowMs = limit.windowMs;
  }

  /** Seconds to wait when a caller has done it too often; undefined when it may. */
  take(key: string): number | undefined {
    const now = this.clock.monoMs();
    if (now >= this.endsMono || (this.counts.size >= callersMax && !this.counts.has(key))) {
      this.counts.clear();
      this.endsMono = now + this.windowMs;
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count > this.countMax ? Math.ceil((this.endsMono - now) / 1_000) : undefined;
  }
}
