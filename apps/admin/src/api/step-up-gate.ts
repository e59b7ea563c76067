import { errorCodeOf, StrikewireError } from '@strikewire/runtime';
import { shallowRef, type ShallowRef } from 'vue';

/** The code of an act that was given up at the question for the password. */
export const givenUpCode = 'step_up_given_up';

/** Lets acts through that need the password once more. */
export interface StepUpGate {
  /** Whether the password is being asked for. */
  readonly isAsking: Readonly<ShallowRef<boolean>>;
  /**
   * Does the act; when the platform wants the password first, asks for it and does it again.
   * Rejects with `step_up_given_up` when the person does not give it.
   */
  pass<T>(act: () => Promise<T>): Promise<T>;
  /** What the dialog answers: whether the platform took the password. */
  answer(isConfirmed: boolean): void;
}

export function createStepUpGate(): StepUpGate {
  const isAsking = shallowRef(false);
  let waiting: ((isConfirmed: boolean) => void)[] = [];

  const ask = (): Promise<boolean> => {
    isAsking.value = true;
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    isAsking,
    async pass(act) {
      try {
        return await act();
      } catch (error) {
        if (errorCodeOf(error) !== 'step_up_needed') throw error;
      }
      if (await ask()) return act();
      throw new StrikewireError({
        kind: 'forbidden',
        code: givenUpCode,
        message: 'nothing was done: the password was not given',
      });
    },
    answer(isConfirmed) {
      isAsking.value = false;
      const answered = waiting;
      waiting = [];
      for (const resolve of answered) resolve(isConfirmed);
    },
  };
}
