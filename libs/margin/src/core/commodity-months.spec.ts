import { describe, expect, it } from 'vitest';
import { estimateMargin } from './estimate-margin';
import type { MarginPosition } from './margin-position';
import { future, inputs } from './testing/margin-fixture';

/** July gas at 310, while the nearest future is at 250: a lot of 1,250. */
const base = (expiry: string): MarginPosition =>
  ({ ...future(1_250, 310, expiry), exchange: 'MCX', underlying: 'NATURALGAS' });
const option = (kind: 'CE' | 'PE', lots: number, forwardPaise?: number | null): MarginPosition => ({
  ...base('2026-07-24'),
  key: `MCX:NATURALGAS:2026-07-24:310:${kind}`, kind, strikePaise: 31_000,
  quantity: lots * 1_250, pricePaise: 2_500, iv: 0.5,
  ...(forwardPaise !== undefined && { forwardPaise }),
});
const july = (lots: number): MarginPosition => ({
  ...base('2026-07-28'), key: 'MCX:NATURALGAS:2026-07-28:FUT', quantity: lots * 1_250,
});

function of(lines: readonly MarginPosition[], spotPaise = 25_000, dailyVolatility = 0.03) {
  const { byUnderlying, warnings } = estimateMargin(lines, inputs({
    underlyings: new Map([['MCX:NATURALGAS', {
      class: 'commodity', spotPaise, previousClosePaise: null, dailyVolatility,
      isIlliquid: false,
    }]]),
  }));
  return { ...byUnderlying[0]!, warnings };
}

describe('options of a far month of a commodity', () => {
  it.each<[string, (forwardPaise: number | null) => MarginPosition[], number, number]>([
    ['a sold call', (at) => [option('CE', -1, at)], 68_127, 90_041],
    ['a sold put', (at) => [option('PE', -1, at)], 136_306, 84_697],
  ])('are estimated on the future of their own month: %s', (_what, lines, onSpot, onOwn) => {
    expect(Math.round(of(lines(null)).marginPaise / 100)).toBe(onSpot);
    const own = of(lines(31_000));
    expect(Math.round(own.marginPaise / 100)).toBe(onOwn);
    // As if the spot were that future.
    expect(own).toEqual(of(lines(31_000), 31_000));
  });

  it('make no spread of months with the future that they end in', () => {
    const own = of([july(1), option('PE', 1, 31_000)]);
    expect(own.calendarPaise).toBe(0);
    const next = { ...july(1), key: 'MCX:NATURALGAS:2026-08-26:FUT', expiry: '2026-08-26' };
    expect(of([next, option('PE', 1, 31_000)]).calendarPaise).toBeGreaterThan(0);
  });

  it('are told of where their month has no known price', () => {
    expect(of([option('CE', -1)]).warnings).toEqual([
      expect.stringContaining('the future of 2026-07-24 has no known price'),
    ]);
    expect(of([option('CE', -1, 31_000)]).warnings).toEqual([]);
    expect(of([july(1)]).warnings).toEqual([]);
  });

  it('ask at least a tenth of their own month, each for its own units', () => {
    const far = { ...option('PE', -1, 31_000), strikePaise: 10_000, pricePaise: 10 };
    const sold = { ...far, key: 'MCX:NATURALGAS:2026-07-24:100:PE' };
    const near = {
      ...sold, key: 'MCX:NATURALGAS:2026-06-24:100:PE', expiry: '2026-06-24', forwardPaise: 25_000,
      expiryMs: sold.expiryMs - 30 * 86_400_000,
    };
    // The minimum, and what the options were sold for.
    expect(of([sold]).spanPaise).toBe(1_250 * (3_100 + 10));
    expect(of([sold, near]).spanPaise).toBe(1_250 * (3_100 + 2_500 + 2 * 10));
  });

  it('refuse a month that stands at nothing', () => {
    expect(() => of([option('CE', -1, 0)]))
      .toThrow(expect.objectContaining({ code: 'margin_forward_invalid' }));
  });
});

describe('months of a commodity against each other', () => {
  const june: MarginPosition = {
    ...base('2026-06-25'), key: 'MCX:NATURALGAS:2026-06-25:FUT', pricePaise: 25_000,
  };
  const sold: MarginPosition = { ...july(-1), pricePaise: 25_000 };

  it.each([[0.01, 15_625], [0.03, 28_416]])(
    'keep a quarter of what both legs need alone, at %f a day',
    (daily, stays) => {
      const pair = of([june, sold], 25_000, daily);
      expect(Math.round(pair.calendarPaise / 100)).toBe(stays);
      const alone = of([june], 25_000, daily).scanPaise + of([sold], 25_000, daily).scanPaise;
      expect(pair.spanPaise / alone).toBeCloseTo(0.25, 6);
    },
  );
});
