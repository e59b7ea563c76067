import { impliedVol, optionPrice, PricingTerms } from '@strikewire/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleMs, future, lot, nifty, option } from './testing/margin-fixture';
import { marginRulesAt } from './margin-rules';
import { scenarioFigures, type ScenarioMarket } from './scenario-arrays';

const rules = marginRulesAt({ exchange: 'NSE', class: 'index', date: '2026-05-29' });
const market: ScenarioMarket = { ...nifty(), asOfMs: exampleMs, rules };
const call = option('CE', 23_700, -lot, [437.65]);

describe('scenarioFigures', () => {
  it('moves a future by thirds of the floor of 9.3 %, and twice that at 35 %', () => {
    const { array, delta } = scenarioFigures(future(lot, 24_000), market);
    expect([...array].map(Math.round)).toEqual([
      0, 0, -74_400, -74_400, 74_400, 74_400, -148_800, -148_800, 148_800, 148_800,
      -223_200, -223_200, 223_200, 223_200, -156_240, 156_240,
    ]);
    expect(delta).toBe(1);
  });

  it('is near the published array of an index option, at its worst within 2 %', () => {
    const { array } = scenarioFigures(call, market);
    expect(Math.abs(array[10]! / -174_194 - 1)).toBeLessThan(0.02);
    expect(Math.min(...array)).toBe(array[10]);
  });

  it('loses the whole price of what is worthless after a move, and never more', () => {
    const { array } = scenarioFigures(option('PE', 22_500, lot, [118.8]), market);
    expect(array[11]).toBeGreaterThan(11_500);
    expect(Math.max(...array)).toBeLessThanOrEqual(11_880);
  });

  it('scans by volatility when that is more than the floor: 6 σ √2, and 25 % of the year', () => {
    const wild = { ...market, dailyVolatility: 0.02 };
    const { array } = scenarioFigures(future(lot, 24_000), wild);
    expect(array[12]).toBeCloseTo(2_400_000 * 6 * 0.02 * Math.SQRT2, 3);
    const calm = scenarioFigures(call, market).array;
    const shaken = scenarioFigures(call, wild).array;
    // 25 % of 0.02 √252 is 7.9 points instead of 4: the first scenario is of volatility alone.
    expect(shaken[0]! / calm[0]!).toBeCloseTo(0.25 * 0.02 * Math.sqrt(252) / 0.04, 1);
  });

  it('scales by √3 where the underlying is illiquid', () => {
    const { array } = scenarioFigures(future(lot, 24_000), { ...market, isIlliquid: true });
    expect(array[12]).toBeCloseTo(223_200 * Math.sqrt(3), 3);
  });

  it('takes the far floor for options of more than nine months', () => {
    const far = option('CE', 23_700, -lot, [2_000, '2027-06-29']);
    const near = { ...rules, priceScanFloorFar: rules.priceScanFloor };
    const wide = scenarioFigures(far, market).array[12]!;
    expect(wide).toBeGreaterThan(1.4 * scenarioFigures(far, { ...market, rules: near }).array[12]!);
    const future12 = scenarioFigures(future(lot, 24_000, '2027-06-29'), market);
    expect(future12.array[12]).toBeCloseTo(223_200, 3);
  });

  it('is worth what it would be exercised for once no time is left', () => {
    const asOfMs = call.expiryMs;
    const { array, delta } = scenarioFigures({ ...call, pricePaise: 0 }, { ...market, asOfMs });
    expect(array[10]).toBeCloseTo(-(2_354_775 * 1.093 - 2_370_000), 3);
    expect([array[0], delta]).toEqual([0, 0]);
  });

  it('takes the given volatility, then the underlying’s, when the price has none', () => {
    const deep = { ...option('CE', 20_000, -lot, [3_000]), iv: 0.2 };
    const daily = { ...market, dailyVolatility: 0.01 };
    expect(scenarioFigures(call, market).volatilityFrom).toBe('price');
    expect(scenarioFigures(deep, market).volatilityFrom).toBe('given');
    expect(scenarioFigures({ ...deep, iv: null }, daily).volatilityFrom).toBe('underlying');
    const none = scenarioFigures({ ...deep, iv: null }, market);
    expect([none.volatilityFrom, none.delta]).toEqual(['none', 1]);
    const cheap = option('CE', 26_500, -lot, [0]);
    expect(scenarioFigures(cheap, market).delta).toBe(0);
  });

  it('has Greeks as differences of its own prices have them', () => {
    const years = (call.expiryMs - exampleMs) / (365 * 86_400_000);
    const at = (spot: number, shift = 0): PricingTerms =>
      new PricingTerms('spot').update(spot, years - shift, rules.scenarioRate);
    const spot = market.spotPaise / 100;
    const vol = impliedVol(at(spot), true, 23_700, 437.65);
    const price = (terms: PricingTerms, more = 0): number =>
      optionPrice(terms, true, 23_700, vol + more);
    const found = scenarioFigures(call, market);
    expect(found.delta).toBeCloseTo((price(at(spot + 1)) - price(at(spot - 1))) / 2, 5);
    const bend = price(at(spot + 5)) + price(at(spot - 5)) - 2 * price(at(spot));
    expect(found.gamma).toBeCloseTo(bend / 25, 6);
    const vega = (price(at(spot), 0.005) - price(at(spot), -0.005)) * 100;
    expect(found.vegaPaise / vega).toBeCloseTo(1, 3);
    const theta = (price(at(spot, 0.5 / 365)) - price(at(spot, -0.5 / 365))) * 100;
    expect(found.thetaPaisePerDay / theta).toBeCloseTo(1, 2);
  });

  it('has numbers for every contract and market that is accepted', () => {
    const inputs = fc.record({
      strike: fc.integer({ min: 1, max: 100_000 }),
      price: fc.double({ min: 0, max: 50_000, noNaN: true }),
      isCall: fc.boolean(),
      spotPaise: fc.integer({ min: 5, max: 10_000_000 }),
      dailyVolatility: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      isIlliquid: fc.boolean(),
      daysLeft: fc.integer({ min: -1, max: 2_000 }),
    });
    fc.assert(
      fc.property(inputs, ({ strike, price, isCall, daysLeft, ...change }) => {
        const position = option(isCall ? 'CE' : 'PE', strike, -1, [price]);
        const asOfMs = position.expiryMs - daysLeft * 86_400_000;
        const found = scenarioFigures(position, { ...market, ...change, asOfMs });
        const { array, volatilityFrom, ...greeks } = found;
        expect([...array, ...Object.values(greeks)].every(Number.isFinite)).toBe(true);
        expect(Math.max(...array)).toBeLessThanOrEqual(position.pricePaise + 1e-6);
        expect(volatilityFrom).not.toBe('future');
      }),
      { seed: 20_261_122, numRuns: 1_000 },
    );
  });
});
