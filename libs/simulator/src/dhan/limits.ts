import type { Clock } from '@strikewire/runtime';
import type { ViolationKind, Violations } from './violations';

/** Dhan's limit classes, each counted per client. */
export type LimitClass = 'quote' | 'chain' | 'expiryList' | 'data' | 'nonTrading';

/** `perKey`: one request per underlying and expiry in 3 s. `flat`: one in 3 s altogether. */
export type ChainRule = 'perKey' | 'flat';

interface Rule {
  count: number;
  windowMs: number;
  breach: ViolationKind;
}

const dayMs = 86_400_000;

const rules: Readonly<Record<LimitClass, readonly Rule[]>> = {
  quote: [{ count: 1, windowMs: 1_000, breach: 'quote_rate' }],
  chain: [{ count: 1, windowMs: 3_000, breach: 'chain_rate' }],
  expiryList: [{ count: 1, windowMs: 3_000, breach: 'expiry_list_rate' }],
  data: [
    { count: 5, windowMs: 1_000, breach: 'data_rate' },
    { count: 100_000, windowMs: dayMs, breach: 'data_day' },
  ],
  nonTrading: [{ count: 20, windowMs: 1_000, breach: 'non_trading_rate' }],
};

export interface RateLimits {
  /**
   * Counts a request; false when it breaches its class, which is noted as a violation. Refused
   * requests do not use up the budget. `key` separates requests of a class from each other.
   */
  take(clientId: string, limitClass: LimitClass, key?: string): boolean;
}

/** More buckets than this are thinned by dropping what has run out. */
const bucketsMax = 20_000;

export function createRateLimits(
  clock: Clock,
  violations: Violations,
  chainRule: ChainRule,
): RateLimits {
  const buckets = new Map<string, Bucket>();
  return {
    take(clientId, limitClass, key = '') {
      const isFlat = chainRule === 'flat';
      const bucketKey = `${clientId} ${limitClass} ${isFlat ? '' : key}`;
      const now = clock.monoMs();
      let bucket = buckets.get(bucketKey);
      if (!bucket) buckets.set(bucketKey, (bucket = new Bucket(rules[limitClass])));
      const breached = bucket.take(now);
      if (breached) violations.add(breached.breach, `${clientId} ${key || limitClass}`);
      if (buckets.size > bucketsMax) {
        for (const [name, one] of buckets) if (one.isIdle(now)) buckets.delete(name);
      }
      return breached === undefined;
    },
  };
}

/** Sliding windows over the times of accepted requests. */
class Bucket {
  private readonly rules: readonly Rule[];
  private times: number[] = [];

  constructor(bucketRules: readonly Rule[]) {
    this.rules = bucketRules;
  }

  take(now: number): Rule | undefined {
    const breached = this.rules.find(({ count, windowMs }) => {
      const earlier = this.times[this.times.length - count];
      return earlier !== undefined && now - earlier < windowMs;
    });
    if (breached) return breached;
    this.times.push(now);
    const kept = Math.max(...this.rules.map(({ count }) => count));
    if (this.times.length > 2 * kept) this.times = this.times.slice(-kept);
    return undefined;
  }

  isIdle(now: number): boolean {
    const last = this.times.at(-1) ?? -Infinity;
    return this.rules.every(({ windowMs }) => now - last >= windowMs);
  }
}
