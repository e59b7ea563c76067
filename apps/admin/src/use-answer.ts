import type { Clock, StrikewireError, Timer } from '@strikewire/runtime';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { asShown } from './api/call';

/** What the platform says of what is being edited. */
export interface LiveAnswer<Answer> {
  /** The newest answer; of before while what is edited has needs. */
  data: ShallowRef<Answer | null>;
  error: ShallowRef<StrikewireError | null>;
  /** The answer is not of what is in the fields now. */
  isOld: ShallowRef<boolean>;
}

/**
 * Asks about what is being edited once nothing has been typed for `quietMs`, the first time at
 * once; null asks nothing. Ends with the component.
 */
export function useAnswer<Wanted, Answer>(
  clock: Pick<Clock, 'after'>,
  wanted: () => Wanted | null,
  ask: (wanted: Wanted) => Promise<Answer>,
  quietMs: number,
): LiveAnswer<Answer> {
  const data = shallowRef<Answer | null>(null);
  const error = shallowRef<StrikewireError | null>(null);
  const isOld = shallowRef(true);
  let timer: Timer | null = null;
  let run = 0;
  const askNow = async (about: Wanted): Promise<void> => {
    const own = ++run;
    try {
      const answer = await ask(about);
      if (own !== run) return;
      data.value = answer;
      error.value = null;
      isOld.value = false;
    } catch (thrown) {
      if (own === run) error.value = asShown(thrown);
    }
  };
  watch(
    wanted,
    (about) => {
      timer?.cancel();
      run++;
      isOld.value = true;
      if (about) timer = clock.after(data.value ? quietMs : 0, () => void askNow(about));
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    run++;
    timer?.cancel();
  });
  return { data, error, isOld };
}
