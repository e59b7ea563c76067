import type { Clock } from '@strikewire/runtime';
import { createRateWindows, type RateRule } from '../faces/rate-windows';
import type { Violations } from '../faces/violations';
import type { UpstoxViolationKind } from './violations';

/** Of each user and API by itself; all three hold at once. */
const rules: readonly RateRule[] = [
  { count: 50, windowMs: 1_000 },
  { count: 500, windowMs: 60_000 },
  { count: 2_000, windowMs: 30 * 60_000 },
];

/** Of placing, modifying and cancelling, without an algorithm that is registered. */
const orderRules: readonly RateRule[] = [
  { count: 10, windowMs: 1_000 },
  { count: 500, windowMs: 60_000 },
  { count: 2_000, windowMs: 30 * 60_000 },
];
const orderApis: readonly string[] = ['order/place', 'order/modify', 'order/cancel'];

export interface UpstoxLimits {
  /** Counts a request; false when it is one too many, which is noted as a violation. */
  take(who: string, api: string): boolean;
}

export function createUpstoxLimits(
  clock: Clock,
  violations: Violations<UpstoxViolationKind>,
): UpstoxLimits {
  const windows = createRateWindows(clock);
  return {
    take(who, api) {
      const isOrder = orderApis.includes(api);
      const breached = windows.take(`${who} ${api}`, isOrder ? orderRules : rules);
      if (!breached) return true;
      const { count, windowMs } = breached;
      const kind = isOrder ? 'upstox_order_rate' : 'upstox_rate';
      violations.add(kind, `${who} ${api}: over ${count} in ${windowMs / 1000} s`);
      return false;
    },
  };
}
