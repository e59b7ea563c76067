import { describe, expect, it } from 'vitest';
import { sparkLines, type SparkSample } from './spark-points';

const frame = { width: 102, height: 24, spanMs: 100_000 };

/** A sample every ten seconds, the newest last. */
const every10s = (values: (number | null)[]): SparkSample[] =>
  values.map((value, index) => ({ atMs: 10_000 * index, value }));

describe('a spark line', () => {
  it('goes from zero at the bottom to the greatest at the top, the newest at the right', () => {
    expect(sparkLines(every10s([0, 50, 100]), frame)).toEqual(['80.0,22.0 90.0,12.0 100.0,2.0']);
  });

  it('lies at the bottom while nothing ticks', () => {
    expect(sparkLines(every10s([0, 0]), frame)).toEqual(['90.0,22.0 100.0,22.0']);
  });

  it('is interrupted where there was nothing to be had, and where nobody looked', () => {
    expect(sparkLines(every10s([1, null, 1, 1]), frame)).toHaveLength(2);
    const away = [{ atMs: 0, value: 1 }, { atMs: 60_000, value: 1 }, { atMs: 62_000, value: 1 }];
    expect(sparkLines(away, frame)).toHaveLength(2);
  });

  it('is a point of a single sample, and nothing of none', () => {
    expect(sparkLines(every10s([3]), frame)).toEqual(['100.0,2.0 100.0,2.0']);
    expect(sparkLines([], frame)).toEqual([]);
    expect(sparkLines(every10s([null]), frame)).toEqual([]);
  });

  it('leaves out what is older than it goes back', () => {
    expect(sparkLines([{ atMs: 0, value: 1 }, { atMs: 100_001, value: 1 }], frame)).toHaveLength(1);
  });
});
