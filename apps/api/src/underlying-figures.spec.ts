import type { DailyClose, LiveChain } from '@strikewire/option-chain/engine';
import { describe, expect, it } from 'vitest';
import { underlyingFigures, type UnderlyingFiguresDeps } from './underlying-figures';

const nowMs = Date.parse('2026-11-24T10:00:00+05:30');
const close = (tradingDay: string, closePaise: number): DailyClose =>
  ({ tradingDay, closePaise, previousClosePaise: null });

/** A chain of NIFTY, whose spot lies in slot 3. */
function chain(
  expiry: string,
  atmIv: number,
  pricedMs = nowMs,
): LiveChain & { refreshed: number } {
  const of = { spotSlot: 3, skeleton: { expiry } };
  const one = {
    slots: of, pricer: { pricedMs, figures: { atmIv } },
    refreshed: 0, refresh: () => one.refreshed++,
  };
  return one as never;
}

function deps(has: {
  fedPaise?: number;
  receivedMs?: number;
  closes?: DailyClose[];
  chains?: LiveChain[];
}): UnderlyingFiguresDeps {
  const { fedPaise = 0, receivedMs = nowMs, closes = [], chains = [] } = has;
  const store = { knows: () => fedPaise > 0, closePaise: [0, 0, 0, fedPaise],
    receivedMs: [0, 0, 0, receivedMs] };
  const layout = { slotByKey: new Map([['NSE:NIFTY', 3]]) };
  return {
    clock: { wallMs: () => nowMs },
    board: { generation: { layout, store }, all: () => chains, isStale: () => false } as never,
    closes: { of: () => closes },
  };
}

describe('figures of an underlying', () => {
  it('have the feed\'s close of before, else the last that was stored on a day before', () => {
    const closes = [close('2026-11-20', 2_590_000), close('2026-11-23', 2_600_000),
      close('2026-11-24', 2_610_000)];
    const of = (fedPaise: number) => underlyingFigures(deps({ fedPaise, closes }), 'NSE:NIFTY');
    expect(of(2_601_000).previousClosePaise).toBe(2_601_000);
    expect(of(0).previousClosePaise).toBe(2_600_000);
    // Heard yesterday, it was the close of the day before.
    const old = { fedPaise: 2_590_000, receivedMs: nowMs - 86_400_000 };
    expect(underlyingFigures(deps({ ...old, closes }), 'NSE:NIFTY').previousClosePaise)
      .toBe(2_600_000);
    expect(underlyingFigures(deps(old), 'NSE:NIFTY').previousClosePaise).toBe(2_590_000);
    expect(underlyingFigures(deps({}), 'NSE:NIFTY')).toEqual({
      previousClosePaise: null, dailyVolatility: null, volatilityFrom: null, isIlliquid: false,
    });
  });

  it('have what options of the nearest expiry after today imply while closes are few', () => {
    const old = chain('2026-12-01', 15.874, nowMs - 60_000);
    const chains = [chain('2026-12-29', 30), chain('2026-11-24', 90), old];
    const found = underlyingFigures(deps({ chains }), 'NSE:NIFTY');
    expect(found.volatilityFrom).toBe('options');
    expect(found.dailyVolatility).toBeCloseTo(0.01, 5);
    expect([old.refreshed, underlyingFigures(deps({ chains }), 'BSE:SENSEX').dailyVolatility])
      .toEqual([1, null]);
    const unpriced = deps({ chains: [chain('2026-12-01', NaN)] });
    expect(underlyingFigures(unpriced, 'NSE:NIFTY').dailyVolatility).toBeNull();
  });

  it('have the series\' own volatility once it is long enough', () => {
    const closes = Array.from({ length: 25 }, (_, day) =>
      close(`2026-10-${String(day + 1).padStart(2, '0')}`, day % 2 ? 2_500_000 : 2_550_000));
    const chains = [chain('2026-12-01', 50)];
    const found = underlyingFigures(deps({ closes, chains }), 'NSE:NIFTY');
    expect(found.volatilityFrom).toBe('closes');
    expect(found.dailyVolatility).toBeCloseTo(Math.log(1.02), 10);
  });
});
