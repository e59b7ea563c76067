import { errorKindOf } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { createTurns } from './in-turn';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('come one after another, in the order of asking, also after one that failed', async () => {
    const inTurn = createTurns();
    const steps: string[] = [];
    const work = (name: string, fails = false) => async (): Promise<string> => {
      steps.push(`${name} begins`);
      await turn();
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
    const ends = await Promise.allSettled([
      inTurn(work('a')), inTurn(work('b', true)), inTurn(work('c')),
    ]);
    expect(steps).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('are a hundred at most, and there is room again afterwards', async () => {
    const inTurn = createTurns();
    const all = Array.from({ length: 101 }, () => inTurn(turn));
    await expect(all.at(-1)).rejects.toSatisfy((error) => errorKindOf(error) === 'throttled');
    await Promise.all(all.slice(0, 100));
    await expect(inTurn(() => Promise.resolve('in'))).resolves.toBe('in');
  });
});
