import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeTable } from './charge-rates';
import { flatTwentyPlan, noBrokerage } from './charge-rule';
import { addCharges, chargesOf, chargesSince, noCharges, type ChargedOrder } from './charges';

const sold: ChargedOrder = {
  exchange: 'NSE',
  symbol: 'NIFTY',
  event: 'option',
  side: 'SELL',
  // 650 units at ₹150: ₹97,500.
  valuePaise: 9_750_000,
  tradedMs: Date.parse('2026-11-20T10:00:00+05:30'),
};

describe('charges', () => {
  it('of an option that is sold: STT 0.15 %, NSE 0.03503 %, IPFT, SEBI, GST on services', () => {
    const charges = chargesOf(sold, flatTwentyPlan);
    expect(charges).toEqual({
      brokeragePaise: 2_000,
      sttPaise: 14_625,
      exchangePaise: 3_415,
      ipftPaise: 49,
      sebiPaise: 10,
      stampPaise: 0,
      // 18 % of 20.00 + 34.15 + 0.49 + 0.10.
      gstPaise: 985,
      totalPaise: 21_084,
    });
  });

  it('of an option that is bought: stamp duty, no STT', () => {
    const charges = chargesOf({ ...sold, side: 'BUY' }, noBrokerage);
    expect(charges).toMatchObject({ sttPaise: 0, stampPaise: 293, brokeragePaise: 0 });
    expect(charges.gstPaise).toBe(Math.round(0.18 * (3_415 + 49 + 10)));
  });

  it('of a future: 0.05 % when sold, brokerage 0.03 % when that is less', () => {
    const future: ChargedOrder = { ...sold, event: 'future', valuePaise: 159_250_000 };
    expect(chargesOf(future, flatTwentyPlan)).toMatchObject({
      brokeragePaise: 2_000, sttPaise: 79_625, exchangePaise: 2_755, ipftPaise: 159,
      sebiPaise: 159, stampPaise: 0,
    });
    const small = { ...future, valuePaise: 1_000_000, side: 'BUY' as const };
    expect(chargesOf(small, flatTwentyPlan)).toMatchObject({ brokeragePaise: 300, stampPaise: 20 });
  });

  it('of an exercise: transaction tax on the intrinsic value and nothing else', () => {
    const exercise: ChargedOrder = { ...sold, event: 'exercise', side: 'BUY' };
    expect(chargesOf(exercise, flatTwentyPlan)).toEqual({
      ...noCharges, sttPaise: 14_625, totalPaise: 14_625,
    });
  });

  it('are those of their day', () => {
    const tradedMs = Date.parse('2026-03-31T15:00:00+05:30');
    expect(chargesOf({ ...sold, tradedMs }, noBrokerage).sttPaise).toBe(9_750);
    const future = { ...sold, event: 'future' as const, tradedMs };
    expect(chargesOf(future, noBrokerage).sttPaise).toBe(1_950);
    const exercise = { ...sold, event: 'exercise' as const, side: 'BUY' as const, tradedMs };
    expect(chargesOf(exercise, noBrokerage).sttPaise).toBe(12_188);
    // Midnight is India's.
    const midnight = Date.parse('2026-04-01T00:00:00+05:30');
    expect(chargesOf({ ...sold, tradedMs: midnight }, noBrokerage).sttPaise).toBe(14_625);
    expect(chargesOf({ ...sold, tradedMs: midnight - 1 }, noBrokerage).sttPaise).toBe(9_750);
  });

  it('are those of the exchange and, at BSE, of the index', () => {
    const bse = { ...sold, exchange: 'BSE' as const, symbol: 'SENSEX' };
    expect(chargesOf(bse, noBrokerage)).toMatchObject({ exchangePaise: 3_169, ipftPaise: 0 });
    expect(chargesOf({ ...bse, symbol: 'RELIANCE' }, noBrokerage).exchangePaise).toBe(488);
    expect(chargesOf({ ...bse, event: 'future' }, noBrokerage).exchangePaise).toBe(0);
    const crude = { ...sold, exchange: 'MCX' as const, symbol: 'CRUDEOIL' };
    expect(chargesOf(crude, noBrokerage)).toMatchObject({ sttPaise: 4_875, exchangePaise: 4_076 });
  });

  it('are refused for a day that no rates are known of, and for a value that is none', () => {
    const tradedMs = Date.parse('2024-09-30T12:00:00+05:30');
    expect(() => chargesOf({ ...sold, tradedMs }, noBrokerage)).toThrow(/from 2024-10-01 on/);
    expect(() => chargesOf({ ...sold, valuePaise: 1.5 }, noBrokerage)).toThrow(/1\.5 paise/);
    expect(() => chargesOf({ ...sold, valuePaise: -1 }, noBrokerage)).toThrow(/whole number/);
    expect(chargesOf({ ...sold, valuePaise: 0 }, flatTwentyPlan)).toEqual(noCharges);
  });

  it('of an order that fills in pieces add up to those of the whole, to the paisa', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50_000_000 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('BUY' as const, 'SELL' as const),
        fc.constantFrom('option' as const, 'future' as const),
        (pieces, side, event) => {
          let valuePaise = 0;
          let charged = noCharges;
          for (const piece of pieces) {
            valuePaise += piece;
            const now = chargesOf({ ...sold, side, event, valuePaise }, flatTwentyPlan);
            const owed = chargesSince(now, charged);
            expect(owed.totalPaise).toBeGreaterThanOrEqual(0);
            charged = addCharges(charged, owed);
          }
          expect(charged).toEqual(chargesOf({ ...sold, side, event, valuePaise }, flatTwentyPlan));
          const { totalPaise, ...parts } = charged;
          expect(Object.values(parts).reduce((sum, one) => sum + one, 0)).toBe(totalPaise);
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });

  it('stay exact where a product passes what a double holds', () => {
    // ₹9 lakh crore: the tax is exact, though value × rate is far above 2^53.
    const value = 9_007_199_254_740_991;
    const tax = chargesOf({ ...sold, valuePaise: value }, noBrokerage).sttPaise;
    expect(BigInt(tax)).toBe((BigInt(value) * 15_000n * 2n + 10_000_000n) / 20_000_000n);
  });

  it('each name a source, and are dated', () => {
    for (const { source, from, perCrore } of chargeTable.rules) {
      expect(source.length).toBeGreaterThan(10);
      expect(from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(Number.isSafeInteger(perCrore)).toBe(true);
    }
  });
});
