import { sumChain, type ChainSums } from '@strikewire/client';
import type { UseChain } from '@strikewire/client/vue';
import type { Clock } from '@strikewire/runtime';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { ageLevelOf, type AgeLevel } from '../../format/age-level';
import { useStatus } from '../../shell/status-key';
import { useNow } from '../../use-now';

export interface Figures {
  /** Totals of the chain, renewed once a second; null before the first figures. */
  sums: ShallowRef<ChainSums | null>;
  /** Of the newest figure. */
  age: ComputedRef<AgeLevel>;
  /** Nothing new has come for long, or nothing can come. */
  isStale: ComputedRef<boolean>;
  isOpen: ComputedRef<boolean>;
  /** Takes the totals now, when the first figures are here. */
  begin(): void;
}

/** What is drawn from the whole chain: once a second is enough, and leaves the frames alone. */
export function useFigures(
  { view, head, error, connection }: UseChain,
  clock: Clock,
  renewed: (serverNowMs: number) => void,
): Figures {
  const now = useNow(clock);
  const { data: status } = useStatus();
  const sums = shallowRef<ChainSums | null>(null);
  const isOpen = computed(() => status.value?.market.open ?? true);

  /** By the server's clock: this machine's may be wrong, so it only counts on from a frame. */
  const serverNowMs = (): number => {
    const { head: latest, headAtMonoMs = 0 } = view.value ?? {};
    return (latest?.asOfMs ?? 0) + clock.monoMs() - headAtMonoMs;
  };
  const renew = (): void => {
    sums.value = view.value?.head ? sumChain(view.value.store) : null;
    renewed(serverNowMs());
  };
  watch(now, renew);
  watch(view, () => (sums.value = null));

  const age = computed((): AgeLevel => {
    const newestMs = Math.max(sums.value?.newestMs ?? 0, head.value?.spotMs ?? 0);
    // Counted anew every second, whether or not a frame came.
    const ageMs = newestMs > 0 && now.value > 0 ? serverNowMs() - newestMs : null;
    const level = ageLevelOf(ageMs, isOpen.value);
    const isCalledStale = head.value?.isStale === true && level.level === 'live';
    return isCalledStale ? { level: 'late', text: 'stale' } : level;
  });
  const isStale = computed(() => {
    const isCutOff = !['live', 'polling'].includes(connection.value.state);
    const isOld = age.value.level === 'stale' || (head.value?.isStale ?? false);
    return isOpen.value && (isOld || isCutOff || error.value !== null);
  });
  const begin = (): void => {
    if (sums.value === null) renew();
  };
  return { sums, age, isStale, isOpen, begin };
}
