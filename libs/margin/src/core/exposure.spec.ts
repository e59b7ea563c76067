import { describe, expect, it } from 'vitest';
import { exposureOf, type ExposureTerms } from './exposure';
import { future, july, lot, option } from './testing/margin-fixture';
import { marginRulesAt } from './margin-rules';

const terms: ExposureTerms = {
  rules: marginRulesAt({ exchange: 'NSE', class: 'index', date: '2026-05-29' }),
  spotPaise: 2_400_000,
  dailyVolatility: 0.03,
  previousClosePaise: null,
  isApart: () => false,
  rateOf: () => null,
};
const paise = (positions: Parameters<typeof exposureOf>[0], change = {}): number =>
  Math.round(exposureOf(positions, { ...terms, ...change }));

const perLot = 0.02 * 65 * 2_400_000;

describe('exposureOf', () => {
  it('asks 2 % of the spot for sold options and of its price for a future, bought or sold', () => {
    expect(paise([option('CE', 24_000, -lot, [300])])).toBe(perLot);
    expect(paise([option('CE', 24_000, lot, [300])])).toBe(0);
    expect(paise([future(lot, 25_000)])).toBe(0.02 * 65 * 2_500_000);
    expect(paise([future(-lot, 25_000)])).toBe(0.02 * 65 * 2_500_000);
  });

  it('asks 3 % more beyond 10 % out of the money, counted from the close before', () => {
    expect(paise([option('CE', 26_400, -lot, [5])])).toBe(perLot);
    expect(paise([option('CE', 26_450, -lot, [5])])).toBe(2.5 * perLot);
    expect(paise([option('PE', 21_600, -lot, [5])])).toBe(perLot);
    expect(paise([option('PE', 21_550, -lot, [5])])).toBe(2.5 * perLot);
    expect(paise([option('PE', 30_000, -lot, [6_000])])).toBe(perLot);
    const close = { previousClosePaise: 2_500_000 };
    expect(paise([option('CE', 26_450, -lot, [5])], close)).toBe(perLot);
  });

  it('asks a third of the far month for what two months have against each other', () => {
    const months = [future(3 * lot, 24_000), future(-lot, 24_300, july)];
    const expected = 2 * perLot + (0.02 * 65 * 2_430_000) / 3;
    expect(paise(months)).toBe(Math.round(expected));
    expect(paise([...months].reverse())).toBe(Math.round(expected));
    const isApart = (expiry: string): boolean => expiry === '2026-06-30';
    expect(paise(months, { isApart })).toBe(3 * perLot + 0.02 * 65 * 2_430_000);
  });

  it('asks 3.5 % of a stock, or one and a half standard deviations when they are more', () => {
    const rules = marginRulesAt({ exchange: 'NSE', class: 'stock', date: '2026-05-29' });
    const lines = [option('CE', 24_000, -lot, [300]), future(lot, 24_000)];
    expect(paise(lines, { rules })).toBe(2 * 2.25 * perLot);
    for (const dailyVolatility of [0.01, null]) {
      expect(paise(lines, { rules, dailyVolatility })).toBe(Math.round(2 * 1.75 * perLot));
    }
  });

  it('takes the daily rate of a contract before its own', () => {
    const rateOf = (): number => 0.03;
    expect(paise([option('CE', 30_000, -lot, [5])], { rateOf })).toBe(1.5 * perLot);
    expect(paise([future(lot, 24_000)], { rateOf })).toBe(1.5 * perLot);
  });
});
