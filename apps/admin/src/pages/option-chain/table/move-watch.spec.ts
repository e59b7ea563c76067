import { describe, expect, it } from 'vitest';
import { createMoveWatch, isMoveRule, usualMoveRule } from './move-watch';

const rule = { percent: 10, seconds: 60 };

describe('a watch over moves', () => {
  it('marks a leg that moves far enough in time, either way', () => {
    const watch = createMoveWatch(3, rule);
    for (const leg of [0, 1, 2]) watch.note(leg, 10_000, 0);
    watch.note(0, 10_999, 30_000);
    watch.note(1, 11_000, 30_000);
    watch.note(2, 8_500, 30_000);
    expect([0, 1, 2].map((leg) => watch.markOf(leg))).toEqual([NaN, 10, -15]);
  });

  it('marks no move that took longer', () => {
    const watch = createMoveWatch(1, rule);
    for (let second = 0; second <= 600; second += 3) {
      watch.note(0, 10_000 + second * 12, second * 1_000);
    }
    expect(watch.markOf(0)).toBeNaN();
  });

  it('marks no move of a few ticks, which is many percent of little', () => {
    const watch = createMoveWatch(1, rule);
    watch.note(0, 10, 0);
    watch.note(0, 30, 10_000);
    expect(watch.markOf(0)).toBeNaN();
    watch.note(0, 35, 20_000);
    expect(watch.markOf(0)).toBe(250);
  });

  it('drops a mark when its window has passed without another move', () => {
    const watch = createMoveWatch(2, rule);
    watch.note(1, 10_000, 0);
    watch.note(1, 12_000, 5_000);
    expect(watch.expire(64_999)).toEqual([]);
    watch.note(1, 12_100, 66_000);
    expect(watch.expire(66_000)).toEqual([1]);
    expect(watch.markOf(1)).toBeNaN();
    expect(watch.expire(70_000)).toEqual([]);
  });

  it('has rules within limits', () => {
    expect(isMoveRule(usualMoveRule)).toBe(true);
    const bad = [{ percent: 0, seconds: 60 }, { percent: 5.5, seconds: 60 },
      { percent: 501, seconds: 60 }, { percent: 5, seconds: 4 }, { percent: NaN, seconds: 60 }];
    expect(bad.filter(isMoveRule)).toEqual([]);
  });
});
