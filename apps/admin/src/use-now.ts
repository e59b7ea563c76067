import type { Clock, Timer } from '@strikewire/runtime';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Monotonic milliseconds, renewed once a second: what ages on display are counted from. */
export function useNow(clock: Clock): ShallowRef<number> {
  const now = shallowRef(clock.monoMs());
  let timer: Timer;
  const tick = (): void => {
    now.value = clock.monoMs();
    timer = clock.after(1_000, tick);
  };
  timer = clock.after(1_000, tick);
  onScopeDispose(() => timer.cancel());
  return now;
}
