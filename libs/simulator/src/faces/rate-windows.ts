import type { Clock } from '@strikewire/runtime';

/** So many requests in so many milliseconds. */
export interface RateRule {
  count: number;
  windowMs: number;
}

/** Sliding windows, of each key by itself. */
export interface RateWindows {
  /**
   * Counts a request; the first rule that it breaches, undefined when it breaches none. Refused
   * requests do not use up the budget. A key always comes with the same rules.
   */
  take<R extends RateRule>(key: string, rules: readonly R[]): R | undefined;
}

/** More buckets than this are thinned by dropping what has run out. */
const bucketsMax = 20_000;

export function createRateWindows(clock: Clock): RateWindows {
  const buckets = new Map<string, Bucket>();
  return {
    take(key, rules) {
      const now = clock.monoMs();
      let bucket = buckets.get(key);
      if (!bucket) buckets.set(key, (bucket = new Bucket(rules)));
      const breached = bucket.take(now, rules);
      if (buckets.size > bucketsMax) {
        for (const [name, one] of buckets) if (one.isIdle(now)) buckets.delete(name);
      }
      return breached;
    },
  };
}

/** Times of accepted requests. */
class Bucket {
  private readonly kept: number;
  private readonly longestMs: number;
  private times: number[] = [];

  constructor(rules: readonly RateRule[]) {
    this.kept = Math.max(...rules.map(({ count }) => count));
    this.longestMs = Math.max(...rules.map(({ windowMs }) => windowMs));
  }

  take<R extends RateRule>(now: number, rules: readonly R[]): R | undefined {
    const breached = rules.find(({ count, windowMs }) => {
      const earlier = this.times[this.times.length - count];
      return earlier !== undefined && now - earlier < windowMs;
    });
    if (breached) return breached;
    this.times.push(now);
    if (this.times.length > 2 * this.kept) this.times = this.times.slice(-this.kept);
    return undefined;
  }

  isIdle(now: number): boolean {
    return now - (this.times.at(-1) ?? -Infinity) >= this.longestMs;
  }
}
