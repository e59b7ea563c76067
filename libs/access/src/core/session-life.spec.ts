import { describe, expect, it } from 'vitest';
import { isOver, sessionEnds, usualSessionLimits } from './session-life';

const limits = { idleMs: 1_000, absoluteMs: 5_000, stepUpMs: 100 };
const over = (signedInMs: number, lastSeenMs: number, nowMs: number): boolean =>
  isOver({ signedInMs, lastSeenMs }, limits, nowMs);

describe('a session', () => {
  it('ends at the very moment when it was idle for long enough, not before', () => {
    expect(over(0, 300, 1_299)).toBe(false);
    expect(over(0, 300, 1_300)).toBe(true);
  });

  it('ends in any case, however much it is used', () => {
    expect(over(0, 4_999, 4_999)).toBe(false);
    expect(over(0, 4_999, 5_000)).toBe(true);
    expect(sessionEnds({ signedInMs: 0, lastSeenMs: 4_999 }, limits)).toEqual({
      idleEndsMs: 5_000, endsMs: 5_000,
    });
  });

  it('is not ended by a clock that was set back', () => {
    expect(over(10_000, 10_000, 2_000)).toBe(false);
  });

  it('lasts a day of work, and a day at most', () => {
    const day = 24 * 3_600_000;
    expect(usualSessionLimits).toEqual({ idleMs: day / 3, absoluteMs: day, stepUpMs: 600_000 });
  });
});
