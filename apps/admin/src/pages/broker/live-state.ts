import { computed, type ComputedRef } from 'vue';
import { useTrading } from '../orders/trading-key';

/** Whether orders go to an account with real money. */
export interface LiveState {
  isOn: boolean;
  /** Why none is taken though it is on; null when they are. */
  reason: string | null;
}

/** Null: orders cannot go to it, or it is not known yet. */
export function useLiveState(accountId: () => string): ComputedRef<LiveState | null> {
  const { data } = useTrading();
  return computed(() => {
    const accounts = data.value?.accounts ?? [];
    const found = accounts.find(({ id, mode }) => id === accountId() && mode === 'live');
    if (!found) return null;
    return { isOn: found.live ?? found.open, reason: found.open ? null : found.reason };
  });
}
