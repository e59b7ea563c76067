import { StrikewireError } from '@strikewire/runtime';

/** Changes that may wait for those before them; one more is refused. */
const waitingMax = 100;

/** Runs a work once all that were given before it are over. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * One change after another. What is kept in memory is checked first and changed after the database
 * has taken it: two changes at the same moment would each be checked against what neither has done.
 * Rejects with kind `throttled` when too many wait.
 */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    if (waiting >= waitingMax) {
      const message = `${waitingMax} changes already wait for their turn; try again in a moment`;
      throw new StrikewireError({ kind: 'throttled', code: 'changes_busy', message });
    }
    waiting++;
    const mine = last.then(work).finally(() => waiting--);
    last = mine.catch(() => undefined);
    return mine;
  };
}
