import { describe, expect, it } from 'vitest';
import { inTime } from './deadline';
import { createVirtualClock } from './virtual';

describe('inTime', () => {
  it('answers as the work does, and leaves no timer behind', async () => {
    const clock = createVirtualClock(0);
    await expect(inTime({ clock, what: 'it' }, async () => 3)).resolves.toBe(3);
    const thrown = (): never => {
      throw new Error('at once');
    };
    await expect(inTime({ clock, what: 'it' }, thrown)).rejects.toThrow('at once');
    expect(clock.pendingCount).toBe(0);
  });

  it('gives up after its time, and hands on what comes after that', async () => {
    const clock = createVirtualClock(0);
    let answer = (_: number): void => undefined;
    const late: number[] = [];
    const work = (): Promise<number> => new Promise((resolve) => (answer = resolve));
    const within = { clock, what: 'the list', withinMs: 5_000 };
    const asked = inTime(within, work, (one) => void late.push(one));
    const refused = expect(asked).rejects.toMatchObject({
      kind: 'retryable',
      message: 'the list was not answered within 5 s: try again later',
    });
    await clock.advance(5_000);
    await refused;
    answer(7);
    await clock.advance(1);
    expect(late).toEqual([7]);
  });
});
