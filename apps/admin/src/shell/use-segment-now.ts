import type { PlatformStatus } from '@strikewire/contracts';
import { computed, type ComputedRef, type ShallowRef } from 'vue';
import { useRoute } from 'vue-router';
import { optionSegmentOf } from '../format/market-phase';
import { useServices } from '../services';
import { usePolled } from '../use-polled';
import type { SegmentNow } from './strip-items';

/** Name of the calendar that follows the exchanges. */
const following = 'exchange';
const everyMs = 10_000;

/**
 * The hours of the segment of the chain that is looked at, or was last; NSE's derivatives by
 * default. Null while the platform follows none. `now`: monotonic ms, renewed once a second.
 */
export function useSegmentNow(
  status: ShallowRef<PlatformStatus | null>,
  now: ShallowRef<number>,
): ComputedRef<SegmentNow | null> {
  const { api, clock, memory } = useServices();
  const route = useRoute();
  const { data, atMonoMs } = usePolled({
    clock,
    everyMs,
    key: () => (status.value?.market.calendar === following ? true : null),
    read: () => api.hours.status(),
  });
  const exchange = (): string => {
    const named = route.params['underlying'] ?? route.query['underlying'];
    const wanted = typeof named === 'string' && named ? named : memory.get('underlying');
    const known = status.value?.underlyings.find(({ symbol }) => symbol === wanted?.toUpperCase());
    return known?.exchange ?? 'NSE';
  };
  return computed(() => {
    if (!data.value || atMonoMs.value === null) return null;
    const nowMs = Date.parse(data.value.now) + Math.max(0, now.value - atMonoMs.value);
    const segment = optionSegmentOf(data.value.segments, exchange());
    return segment && { segment, nowMs };
  });
}
