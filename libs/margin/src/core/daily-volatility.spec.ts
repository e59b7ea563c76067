import { describe, expect, it } from 'vitest';
import { dailyVolatilityOf, returnsMin, type Close } from './daily-volatility';

/** A day of each number: 2026-10-01 and on. */
function series(paise: readonly number[], previous: (number | null)[] = []): Close[] {
  return paise.map((closePaise, index) => ({
    tradingDay: `2026-10-${String(index + 1).padStart(2, '0')}`,
    closePaise,
    previousClosePaise: previous[index] ?? null,
  }));
}

/** Up and down by one per cent (of logarithms), so many returns. */
const zigzag = (returns: number): Close[] => series(
  Array.from({ length: returns + 1 }, (_, day) => 2_500_000 * Math.exp(0.01 * (day % 2))),
);

describe('daily volatility', () => {
  it('of equal moves is that move, whatever they weigh', () => {
    const found = dailyVolatilityOf(zigzag(returnsMin), 0.3);
    expect(found.volatilityFrom).toBe('closes');
    expect(found.dailyVolatility).toBeCloseTo(0.01, 12);
  });

  it('weighs each day 0.995 of the next one', () => {
    // 20 days without a move and one of 2 %: σ² = 0.02² / Σ 0.995^k, k = 0…20.
    const calm = Array.from({ length: 21 }, () => 1_000_000);
    const weights = (1 - 0.995 ** 21) / (1 - 0.995);
    expect(weights).toBeCloseTo(19.98251, 5);
    const late = dailyVolatilityOf(series([...calm, 1_000_000 * Math.exp(0.02)]), null);
    expect(late.dailyVolatility).toBeCloseTo(0.02 / Math.sqrt(weights), 10);
    // The same move as the first of them: 20 days ago it counts 0.995^20.
    const early = dailyVolatilityOf(series([1_000_000 * Math.exp(-0.02), ...calm]), null);
    expect(early.dailyVolatility).toBeCloseTo(0.02 * Math.sqrt(0.995 ** 20 / weights), 10);
    expect(early.dailyVolatility).toBeCloseTo(0.004255, 5);
  });

  it('takes the exchange\'s close of before rather than the row before', () => {
    const flat = Array.from({ length: returnsMin + 1 }, () => 1_000_000);
    const told = flat.map(() => 1_000_000 * Math.exp(-0.03));
    expect(dailyVolatilityOf(series(flat, told), null).dailyVolatility).toBeCloseTo(0.03, 10);
  });

  it('has no return over a gap, nor of a split', () => {
    const known = zigzag(returnsMin);
    const [first, ...rest] = known;
    const gap = [{ ...(first as Close), tradingDay: '2026-09-20' }, ...rest];
    expect(dailyVolatilityOf(gap, null).volatilityFrom).toBeNull();
    const split = { ...(first as Close), tradingDay: '2026-10-30', closePaise: 500_000 };
    expect(dailyVolatilityOf([...known, split], null).dailyVolatility).toBeCloseTo(0.01, 12);
  });

  it('spreads a return over the sessions between two rows', () => {
    // Mondays and Thursdays: three sessions to the one, two to the other.
    const days = Array.from({ length: returnsMin + 1 }, (_, index) => {
      const day = 7 * Math.floor(index / 2) + 3 * (index % 2);
      return new Date(Date.UTC(2026, 5, 1) + day * 86_400_000).toISOString().slice(0, 10);
    });
    let paise = 1_000_000;
    const rows = days.map((tradingDay, index): Close => {
      if (index > 0) paise *= Math.exp(0.01 * Math.sqrt(index % 2 === 1 ? 3 : 2));
      return { tradingDay, closePaise: paise, previousClosePaise: null };
    });
    expect(dailyVolatilityOf(rows, null).dailyVolatility).toBeCloseTo(0.01, 10);
  });

  it('has no return of a bonus of one for three, but of a crash that the exchange tells', () => {
    const known = zigzag(returnsMin);
    const last = known.at(-1)!.closePaise;
    const bonus = { tradingDay: '2026-10-22', closePaise: 0.75 * last, previousClosePaise: null };
    expect(dailyVolatilityOf([...known, bonus], null).dailyVolatility).toBeCloseTo(0.01, 12);
    const crash = { ...bonus, closePaise: 0.55 * last, previousClosePaise: last };
    expect(dailyVolatilityOf([...known, crash], null).dailyVolatility).toBeGreaterThan(0.1);
  });

  it('is what options at the money imply while the series is short', () => {
    const short = dailyVolatilityOf(zigzag(returnsMin - 1), 0.16);
    expect(short).toEqual({ dailyVolatility: 0.16 / Math.sqrt(252), volatilityFrom: 'options' });
    expect(short.dailyVolatility).toBeCloseTo(0.010079, 6);
    expect(dailyVolatilityOf([], 50).dailyVolatility).toBe(1);
    expect(dailyVolatilityOf([], null)).toEqual({ dailyVolatility: null, volatilityFrom: null });
  });
});
