import { describe, expect, it } from 'vitest';
import { loadLimits, noLoad, stepEffects, stepLoad, type Load, type LoadState } from './load-steps';

const idle: Load = { memoryBytes: 1e8, cpu: 0.1, loopDelayMs: 5 };
const busy: Load = { ...idle, cpu: 0.9 };
const steps = (state: LoadState, loads: readonly Load[]): string[] => {
  const seen: string[] = [];
  for (const load of loads) {
    state = stepLoad(state, load);
    if (state.step !== seen.at(-1)) seen.push(state.step);
  }
  return seen;
};
const times = (count: number, load: Load): Load[] => new Array<Load>(count).fill(load);

describe('shedding load', () => {
  it('takes a step after three looks above a limit, up to the last, and one at a time back', () => {
    expect(steps(noLoad, [...times(12, busy), ...times(40, idle)])).toEqual([
      'normal', 'longer_flush', 'slower_refresh', 'least',
      'slower_refresh', 'longer_flush', 'normal',
    ]);
  });

  it('is not moved by a peak, nor by going to and fro around a limit', () => {
    const peaks = Array.from({ length: 20 }, () => [busy, busy, idle]).flat();
    expect(steps(noLoad, peaks)).toEqual(['normal']);
    const { step } = [...times(3, busy)].reduce((state, load) => stepLoad(state, load), noLoad);
    expect(step).toBe('longer_flush');
    const near = { ...idle, cpu: loadLimits.cpu * 0.95 };
    const held = { ...noLoad, step: 'longer_flush' } as LoadState;
    expect(steps(held, times(50, near))).toEqual(['longer_flush']);
  });

  it.each([
    [{ ...idle, memoryBytes: 600 * 1_048_576 }, 'memory is 600 MB, the limit 500 MB'],
    [busy, 'CPU is 90 %, the limit 70 %'],
    [{ ...idle, loopDelayMs: 400 }, 'the event loop is 400 ms late, the limit 250'],
  ])('says what is above its limit (%#)', (load, reason) => {
    expect(stepLoad(noLoad, load).reasons).toEqual([reason]);
  });

  it('gives up more with every step', () => {
    const { normal, longer_flush: first, slower_refresh: second, least } = stepEffects;
    expect([normal, first, second, least].map(({ flush }) => flush)).toEqual([1, 2, 2, 4]);
    expect([normal, first, second, least].map(({ refresh }) => refresh)).toEqual([1, 1, 2, 4]);
  });
});
