import type { Clock } from '@strikewire/runtime';
import { createRateWindows, type RateRule } from '../faces/rate-windows';
import type { Violations } from '../faces/violations';
import type { ViolationKind } from './violations';

/** Dhan's limit classes, each counted per client. */
export type LimitClass = 'quote' | 'chain' | 'expiryList' | 'data' | 'nonTrading' | 'order';

/** `perKey`: one request per underlying and expiry in 3 s. `flat`: one in 3 s altogether. */
export type ChainRule = 'perKey' | 'flat';

interface Rule extends RateRule {
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
  order: [
    { count: 10, windowMs: 1_000, breach: 'order_second' },
    { count: 250, windowMs: 60_000, breach: 'order_minute' },
    { count: 1_000, windowMs: 3_600_000, breach: 'order_hour' },
    { count: 7_000, windowMs: dayMs, breach: 'order_day' },
  ],
};

export interface RateLimits {
  /**
   * Counts a request; false when it breaches its class, which is noted as a violation. Refused
   * requests do not use up the budget. `key` separates requests of a class from each other.
   */
  take(clientId: string, limitClass: LimitClass, key?: string): boolean;
}

export function createRateLimits(
  clock: Clock,
  violations: Violations<ViolationKind>,
  chainRule: ChainRule,
): RateLimits {
  const windows = createRateWindows(clock);
  return {
    take(clientId, limitClass, key = '') {
      const isFlat = chainRule === 'flat';
      const bucketKey = `${clientId} ${limitClass} ${isFlat ? '' : key}`;
      const breached = windows.take(bucketKey, rules[limitClass]);
      if (breached) violations.add(breached.breach, `${clientId} ${key || limitClass}`);
      return breached === undefined;
    },
  };
}
