import { createSeededRandom } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { backoffMaxMs, backoffMs } from './backoff';
import { ConnectionBudget } from './connection-budget';

describe('backoffMs', () => {
  it('tries again at once, then within a ceiling that doubles up to a minute', () => {
    const highest = { next: () => 0.999_999 };
    expect(backoffMs(0, highest)).toBe(0);
    const ceilings = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
    ceilings.forEach((ceiling, index) => {
      const wait = backoffMs(index + 1, highest);
      expect(wait).toBeLessThan(ceiling);
      expect(wait).toBeGreaterThan(ceiling * 0.99);
      expect(backoffMs(index + 1, { next: () => 0 })).toBe(0);
    });
    expect(backoffMs(5_000, highest)).toBeLessThan(backoffMaxMs);
  });

  it('spreads clients of one outage over the whole span', () => {
    const random = createSeededRandom(3);
    const waits = Array.from({ length: 1_000 }, () => backoffMs(10, random) / backoffMaxMs);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = waits.filter((wait) => Math.floor(wait * 10) === tenth).length;
      expect(share).toBeGreaterThan(50);
    }
  });
});

describe('ConnectionBudget', () => {
  it('opens up to its limit and the rest as places come free, in order', async () => {
    const clock = createVirtualClock(0);
    const budget = new ConnectionBudget(clock, { socketsMax: 2, lingerMs: 40_000 });
    const opened: string[] = [];
    const withdraws = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      budget.acquire(() => void opened.push(name)),
    );
    expect(opened).toEqual(['a', 'b']);
    withdraws[2]?.();
    budget.release('known');
    expect(opened).toEqual(['a', 'b', 'd']);
    budget.release('unanswered');
    await clock.advance(39_999);
    expect([opened.at(-1), budget.used]).toEqual(['d', 2]);
    await clock.advance(1);
    expect([opened.at(-1), budget.used]).toEqual(['e', 2]);
  });

  it('counts a broken connection on while another one stands, and none once all are', async () => {
    const clock = createVirtualClock(0);
    const budget = new ConnectionBudget(clock, { socketsMax: 3, lingerMs: 40_000 });
    const opened: string[] = [];
    const want = (name: string): void => void budget.acquire(() => void opened.push(name));
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) want(name);
    budget.release('broken');
    budget.release('unanswered');
    await clock.advance(1_000);
    expect(opened).toEqual(['a', 'b', 'c']);
    budget.release('broken');
    // What this side closed without an answer may be alive there.
    expect([opened.slice(3), budget.used]).toEqual([['d', 'e'], 3]);
    await clock.advance(39_000);
    expect([opened.slice(3), budget.used]).toEqual([['d', 'e', 'f'], 3]);
    budget.release('broken');
    await clock.advance(40_000);
    expect(budget.used).toBe(2);
  });
});
