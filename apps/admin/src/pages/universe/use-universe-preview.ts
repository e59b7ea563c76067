import type { UniversePreview, UniverseRule } from '@strikewire/contracts';
import type { StrikewireError, Timer } from '@strikewire/runtime';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { asShown } from '../../api/call';
import type { Services } from '../../services';

/** How long nothing is typed before the platform is asked. */
const quietMs = 300;

export interface CostPreview {
  /** The newest answer; of before while the rules have needs. */
  data: ShallowRef<UniversePreview | null>;
  error: ShallowRef<StrikewireError | null>;
  /** The answer is not of what is in the fields now. */
  isOld: ShallowRef<boolean>;
}

/** What rules would cost; null asks nothing. Ends with the component. */
export function useUniversePreview(
  { api, clock }: Pick<Services, 'api' | 'clock'>,
  rules: () => readonly UniverseRule[] | null,
): CostPreview {
  const data = shallowRef<UniversePreview | null>(null);
  const error = shallowRef<StrikewireError | null>(null);
  const isOld = shallowRef(true);
  let timer: Timer | null = null;
  let run = 0;
  const ask = async (wanted: readonly UniverseRule[]): Promise<void> => {
    const own = ++run;
    try {
      const answer = await api.universe.preview([...wanted]);
      if (own !== run) return;
      data.value = answer;
      error.value = null;
      isOld.value = false;
    } catch (thrown) {
      if (own === run) error.value = asShown(thrown);
    }
  };
  watch(
    rules,
    (wanted) => {
      timer?.cancel();
      run++;
      isOld.value = true;
      if (wanted) timer = clock.after(data.value ? quietMs : 0, () => void ask(wanted));
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    run++;
    timer?.cancel();
  });
  return { data, error, isOld };
}
