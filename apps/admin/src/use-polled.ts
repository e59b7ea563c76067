import { errorKindOf, StrikewireError, type Clock, type Timer } from '@strikewire/runtime';
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

export interface Polled<T> {
  /** The newest answer; kept while later reads fail, null before the first. */
  data: ShallowRef<T | null>;
  /** Why the last read failed; null when it did not. */
  error: ShallowRef<StrikewireError | null>;
  /** Monotonic milliseconds of the newest answer; null before the first. */
  atMonoMs: ShallowRef<number | null>;
  /** Reads now; the next read follows after the usual pause. */
  refresh(): void;
}

/**
 * Reads again and again, `everyMs` after each answer, until the component is gone. A new `key`
 * drops what is held and reads at once; a key of null reads nothing.
 */
export function usePolled<K, T>(options: {
  clock: Clock;
  everyMs: number;
  key: () => K | null;
  read: (key: K) => Promise<T>;
}): Polled<T> {
  const { clock, everyMs, key, read } = options;
  const data = shallowRef<T | null>(null);
  const error = shallowRef<StrikewireError | null>(null);
  const atMonoMs = shallowRef<number | null>(null);
  let timer: Timer | null = null;
  let run = 0;

  const poll = async (): Promise<void> => {
    const own = ++run;
    timer?.cancel();
    const wanted = key();
    if (wanted === null) return;
    try {
      const answer = await read(wanted);
      if (own !== run) return;
      data.value = answer;
      error.value = null;
      atMonoMs.value = clock.monoMs();
    } catch (thrown) {
      if (own !== run) return;
      error.value = asError(thrown);
    }
    timer = clock.after(everyMs, () => void poll());
  };
  const begin = (): void => {
    data.value = null;
    error.value = null;
    atMonoMs.value = null;
    void poll();
  };
  watch(key, begin, { immediate: true });
  onScopeDispose(() => {
    run++;
    timer?.cancel();
  });
  return { data, error, atMonoMs, refresh: () => void poll() };
}

function asError(thrown: unknown): StrikewireError {
  if (errorKindOf(thrown) !== 'assertion') return thrown as StrikewireError;
  return new StrikewireError({
    kind: 'retryable',
    code: 'read_failed',
    message: 'the answer could not be read',
    cause: thrown,
  });
}
