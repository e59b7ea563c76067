import { describe, expect, it } from 'vitest';
import { Keeper } from './keeper';
import { silentLog, type Log } from './log';
import { createVirtualClock } from './virtual';

const hourMs = 3_600_000;

function createBench() {
  const clock = createVirtualClock(Date.parse('2026-11-24T04:30:00Z'));
  const errors: Record<string, unknown>[] = [];
  const log: Log = { ...silentLog, error: (_message, facts = {}) => void errors.push(facts) };
  const keeper = new Keeper({ clock, log });
  const stored: string[] = [];
  let failures = 0;
  let tries = 0;
  const storing = (value: string) => async (): Promise<void> => {
    tries++;
    if (failures-- > 0) throw new Error('no connection');
    stored.push(value);
  };
  return {
    clock, keeper, stored, errors, storing,
    fail: (count: number) => void (failures = count),
    tries: () => tries,
  };
}

describe('Keeper', () => {
  it('stores at once, and nothing twice', async () => {
    const { clock, keeper, stored, storing } = createBench();
    await keeper.keep('a', storing('1'));
    expect([stored, keeper.pendingCount]).toEqual([['1'], 0]);
    await clock.advance(hourMs);
    expect(stored).toEqual(['1']);
  });

  it('stores later what could not be stored, with growing pauses', async () => {
    const { clock, keeper, stored, storing, fail, tries } = createBench();
    fail(3);
    await keeper.keep('a', storing('1'));
    expect([stored, keeper.pendingCount]).toEqual([[], 1]);
    await clock.advance(5_000);
    expect(tries()).toBe(2);
    await clock.advance(9_999);
    expect(tries()).toBe(2);
    await clock.advance(20_001);
    expect([stored, tries(), keeper.pendingCount]).toEqual([['1'], 4, 0]);
  });

  it('gives up after a bounded number of tries, and says so', async () => {
    const { clock, keeper, storing, fail, tries, errors } = createBench();
    fail(1_000);
    await keeper.keep('a', storing('1'));
    await clock.advance(24 * hourMs);
    expect([tries(), keeper.pendingCount]).toEqual([150, 0]);
    expect(errors).toEqual([{ name: 'a', reason: 'no connection' }]);
  });

  it('stores the newest of a name only, after the one that is under way', async () => {
    const { clock, keeper, stored, storing, fail } = createBench();
    fail(1);
    await keeper.keep('a', storing('old'));
    await keeper.keep('a', storing('new'));
    await clock.advance(hourMs);
    expect(stored).toEqual(['new']);
    let finish = (): void => {};
    const slow = new Promise<void>((resolve) => (finish = resolve)).then(storing('slow'));
    const first = keeper.keep('b', () => slow);
    const rest = ['skipped', 'last'].map((value) => keeper.keep('b', storing(value)));
    finish();
    await Promise.all([first, ...rest]);
    expect(stored).toEqual(['new', 'slow', 'last']);
  });

  it('does nothing after it was stopped', async () => {
    const { clock, keeper, stored, storing, fail } = createBench();
    fail(1);
    await keeper.keep('a', storing('1'));
    keeper.stop();
    await clock.advance(hourMs);
    expect(stored).toEqual([]);
  });

  it('gives the oldest up when too much waits', async () => {
    const { keeper, errors, stored, storing, fail, clock } = createBench();
    fail(5_001);
    for (let index = 0; index <= 5_000; index++) await keeper.keep(`${index}`, storing(`${index}`));
    expect(keeper.pendingCount).toBe(5_000);
    expect(errors).toEqual([{ name: '0', namesMax: 5_000 }]);
    await clock.advance(5_000);
    expect(stored).toHaveLength(5_000);
    expect(stored).not.toContain('0');
  });
});
