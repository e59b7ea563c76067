import { errorCodeOf, type StrikewireError } from '@strikewire/runtime';
import { shallowRef, type ShallowRef } from 'vue';
import { asShown } from '../api/call';
import { givenUpCode } from '../api/step-up-gate';

/** One thing that a person can do at a time, and how it went. */
export interface Act {
  readonly isBusy: Readonly<ShallowRef<boolean>>;
  /** Why it failed last; null when it did not. */
  readonly problem: ShallowRef<StrikewireError | null>;
  /** True when it was done. While one is under way, another is not begun. */
  run(act: () => Promise<unknown>): Promise<boolean>;
}

/** Acts with their trouble caught; giving up at the question for the password is none. */
export function useAct(): Act {
  const isBusy = shallowRef(false);
  const problem = shallowRef<StrikewireError | null>(null);
  return {
    isBusy,
    problem,
    async run(act) {
      if (isBusy.value) return false;
      isBusy.value = true;
      problem.value = null;
      try {
        await act();
        return true;
      } catch (error) {
        if (errorCodeOf(error) !== givenUpCode) problem.value = asShown(error);
        return false;
      } finally {
        isBusy.value = false;
      }
    },
  };
}
