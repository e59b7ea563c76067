import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceTrail } from './price-trail-store';

const windowMs = 20_000;

describe('a trail of prices', () => {
  it('knows nothing before the first price, and passes over what is none', () => {
    const trail = new PriceTrail({ legs: 2, windowMs });
    trail.note(0, 0, 0);
    trail.note(0, NaN, 0);
    expect([trail.before(0, 0), trail.latest(0)]).toEqual([NaN, NaN]);
  });

  it('tells the price of a window ago, each leg by itself', () => {
    const trail = new PriceTrail({ legs: 2, windowMs });
    trail.note(0, 100, 0);
    trail.note(1, 900, 500);
    trail.note(0, 200, 5_000);
    trail.note(0, 300, 24_000);
    expect([trail.before(0, 24_000), trail.latest(0)]).toEqual([100, 300]);
    expect(trail.before(0, 25_000)).toBe(200);
    expect(trail.before(0, 43_999)).toBe(200);
    expect(trail.before(0, 44_000)).toBe(300);
    expect(trail.before(1, 60_000)).toBe(900);
  });

  it('takes the oldest price of a leg that is known for less than the window', () => {
    const trail = new PriceTrail({ legs: 1, windowMs });
    trail.note(0, 100, 50_000);
    trail.note(0, 150, 52_000);
    expect(trail.before(0, 53_000)).toBe(100);
  });

  it('answers as a list of all prices would, to a twentieth of the window', () => {
    const steps = fc.array(
      fc.record({ waitMs: fc.nat(30_000), paise: fc.integer({ min: 5, max: 1_000_000 }) }),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, fc.nat(60_000), (given, restMs) => {
        const trail = new PriceTrail({ legs: 1, windowMs });
        const last = new Map<number, number>();
        let nowMs = 0;
        for (const { waitMs, paise } of given) {
          nowMs += waitMs;
          trail.note(0, paise, nowMs);
          last.set(Math.floor(nowMs / 1_000), paise);
        }
        nowMs += restMs;
        const wanted = Math.floor(nowMs / 1_000) - 20;
        const all = [...last];
        const held = all.filter(([slot]) => slot <= wanted).at(-1) ?? all[0];
        expect(trail.before(0, nowMs)).toBe(held?.[1]);
        expect(trail.latest(0)).toBe(all.at(-1)?.[1]);
      }),
    );
  });
});
