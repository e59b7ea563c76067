import type { MarginFigures } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateMargin } from './estimate-margin';
import { inputs, lot, option } from './testing/margin-fixture';
import { bandOf, reconcile, reconcileLimits, type RatioHistory } from './reconcile';

const estimate = estimateMargin([option('CE', 23_700, -lot, [437.65])], inputs());
const [naked] = estimate.byUnderlying;
const broker = (change: Partial<MarginFigures> = {}): MarginFigures => ({
  requiredPaise: 17_315_900,
  spanPaise: 14_196_200,
  exposurePaise: 3_119_700,
  premiumPaise: null,
  benefitPaise: null,
  ...change,
});

describe('reconcile', () => {
  it('compares each component that the broker tells', () => {
    const found = reconcile(estimate, broker(), {});
    expect(found.byComponent).toEqual([
      {
        component: 'span',
        estimatePaise: naked!.spanPaise,
        brokerPaise: 14_196_200,
        differencePaise: naked!.spanPaise - 14_196_200,
      },
      {
        component: 'exposure',
        estimatePaise: naked!.exposurePaise,
        brokerPaise: 3_119_700,
        differencePaise: naked!.exposurePaise - 3_119_700,
      },
      {
        component: 'required',
        estimatePaise: estimate.totalPaise,
        brokerPaise: 17_315_900,
        differencePaise: estimate.totalPaise - 17_315_900,
      },
    ]);
    expect(found.ratio).toBe(estimate.totalPaise / 17_315_900);
    expect(found).toMatchObject({ shape: 'naked', isOutside: false });
    expect(found.band).toEqual({ low: 0.85, high: 1.15, learnedFrom: 0 });
    expect(found.history).toEqual({ naked: [found.ratio] });
  });

  it('raises an alarm beyond the band, either way', () => {
    const { totalPaise } = estimate;
    const outside = [0.8, 1.2].map((ratio) => {
      const requiredPaise = Math.round(totalPaise / ratio);
      return reconcile(estimate, broker({ requiredPaise }), {}).isOutside;
    });
    expect(outside).toEqual([true, true]);
  });

  it('learns the band of a shape from its own ratios alone', () => {
    let history: RatioHistory = { condor: [1.3, 1.3, 1.3, 1.3, 1.3, 1.3] };
    const usual = broker({ requiredPaise: Math.round(estimate.totalPaise / 0.9) });
    for (let time = 0; time < reconcileLimits.learnFrom; time++) {
      history = reconcile(estimate, usual, history).history;
    }
    const found = reconcile(estimate, broker(), history);
    expect(found.band.learnedFrom).toBe(5);
    expect(found.band.low).toBeCloseTo(0.87, 5);
    expect(found.band.high).toBeCloseTo(0.93, 5);
    // What was inside the assumed band is unusual for this one.
    expect(found.isOutside).toBe(true);
    expect(found.history.condor).toEqual(history.condor);
  });

  it('keeps a bounded number of ratios, the newest', () => {
    const full = { naked: new Array<number>(reconcileLimits.ratiosMax + 9).fill(1) };
    const { history, ratio } = reconcile(estimate, broker(), full);
    expect(history.naked).toHaveLength(reconcileLimits.ratiosMax);
    expect(history.naked!.at(-1)).toBe(ratio);
  });

  it('has no ratio to nothing or to a sentinel, which is an alarm unless both are nothing', () => {
    for (const requiredPaise of [0, -1, NaN]) {
      const found = reconcile(estimate, broker({ requiredPaise, spanPaise: NaN }), {});
      expect(found).toMatchObject({ ratio: null, isOutside: true, history: { naked: [] } });
      expect(found.byComponent.some((one) => one.component === 'span')).toBe(false);
    }
    const none = estimateMargin([], inputs());
    expect(reconcile(none, broker({ requiredPaise: 0 }), {})).toMatchObject({
      ratio: null,
      isOutside: false,
    });
  });
});

describe('bandOf', () => {
  it('is the median with three deviations to each side, not moved by one outlier', () => {
    const band = bandOf([0.98, 1, 1.02, 1, 1.04, 9]);
    // The median is 1.01, the deviations 0.03, 0.01, 0.01, 0.01, 0.03, 7.99: median 0.02.
    expect(band.low).toBeCloseTo(1.01 - 3 * 1.4826 * 0.02, 6);
    expect(band.high).toBeCloseTo(1.01 + 3 * 1.4826 * 0.02, 6);
  });

  it('stays inside its widest, whatever it is taught', () => {
    const ratios = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 70 });
    fc.assert(
      fc.property(ratios, (all) => {
        const { low, high } = bandOf(all);
        expect(low).toBeGreaterThanOrEqual(reconcileLimits.widest.low);
        expect(high).toBeLessThanOrEqual(reconcileLimits.widest.high);
        expect(low).toBeLessThanOrEqual(high);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });

  it('does not come to accept an estimate that is far off', () => {
    const { high } = bandOf(new Array<number>(20).fill(2));
    expect(high).toBe(reconcileLimits.widest.high);
  });
});
