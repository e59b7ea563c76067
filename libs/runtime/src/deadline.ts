import type { Clock } from './clock';
import { StrikewireError } from './error';

/** For how long something is waited for. */
export interface Deadline {
  clock: Pick<Clock, 'after'>;
  /** What is waited for, as people call it. */
  what: string;
  /** Half a minute when not given. */
  withinMs?: number;
}

const usualMs = 30_000;

/**
 * What `work` comes to. Rejects (`retryable`) when it does not settle in time, and also when it
 * throws instead of rejecting. `late`: what is done with an answer that comes after that.
 */
export function inTime<T>(
  { clock, what, withinMs = usualMs }: Deadline,
  work: () => Promise<T>,
  late: (answer: T) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = clock.after(withinMs, () => {
      isOver = true;
      const message = `${what} was not answered within ${withinMs / 1_000} s: try again later`;
      reject(new StrikewireError({ kind: 'retryable', code: 'not_answered', message }));
    });
    const end = (done: () => void): void => {
      timer.cancel();
      done();
    };
    new Promise<T>((answered) => answered(work())).then(
      (answer) => end(() => (isOver ? late(answer) : resolve(answer))),
      (error: unknown) => end(() => reject(error as Error)),
    );
  });
}
