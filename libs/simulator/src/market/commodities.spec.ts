import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { commodities } from './data/commodities';
import { indices } from './data/indices';
import { createMarket, type Market, type MarketOptions } from './market';
import type { SessionPlan } from './trading-time';

const nseHours = { openMinute: 555, closeMinute: 940 };
const sessions: SessionPlan = {
  kind: 'hours',
  eras: [{ from: '2000-01-01', cash: nseHours, derivatives: nseHours }],
  commodities: {
    eras: [{ from: '2000-01-01', hours: { openMinute: 540, closeMinute: 1_435 } }],
    days: {
      '2026-11-24': { openMinute: 1_020, closeMinute: 1_435 },
      '2026-11-26': null,
    },
  },
};
const holidays = ['2026-11-24'];

function open(at: string, options: Partial<MarketOptions> = {}) {
  const clock = createVirtualClock(Date.parse(`${at}+05:30`));
  const market = createMarket({
    clock, seed: 7, sessions, holidays, underlyings: [...indices, ...commodities],
    rates: { ticksPerSecond: 100 }, ...options,
  });
  const [crude, nifty] = [market.underlying('CRUDEOIL'), market.underlying('NIFTY')];
  if (!crude || !nifty) throw new Error('both are listed');
  return { clock, market, crude, nifty };
}

/** Ticks by exchange in the minutes from now on. */
async function ticksIn(
  minutes: number,
  { clock, market }: { clock: VirtualClock; market: Market },
): Promise<Record<string, number>> {
  const ticks: Record<string, number> = {};
  market.listen(({ place }) => (ticks[place] = (ticks[place] ?? 0) + 1), () => {});
  await clock.advance(minutes * 60_000);
  return ticks;
}

function watchBoth({ market, crude, nifty }: ReturnType<typeof open>): void {
  market.watch(market.lookSpot(crude));
  market.watch(market.lookSpot(nifty));
}

describe('commodities', () => {
  it('have their nearest future for a spot, and roll to the next after its last day', async () => {
    const { market, crude, clock } = open('2026-12-18T12:00:00');
    const near = market.lookSpot(crude);
    expect([near.place, near.kind, near.expiry]).toEqual(['MCX_FO', 'future', '2026-12-18']);
    expect(market.look('MCX_FO', near.id)).toBe(near);
    // Its own options have ended two business days before.
    expect(market.expiries(crude)[0]).toBe('2027-01-15');
    await clock.advance(86_400_000);
    const next = market.lookSpot(crude);
    expect(next.expiry).toBe('2027-01-19');
    expect(next.id).not.toBe(near.id);
  });

  it('price options on the future that they are on, not on another', () => {
    const { market, crude } = open('2026-11-23T20:00:00');
    const [, expiry = ''] = market.expiries(crude);
    expect(expiry).toBe('2027-01-15');
    const chain = market.chain(crude, expiry);
    const future = market.futures().find((one) =>
      one.underlying === crude && one.expiry === '2027-01-19');
    if (!chain || !future) throw new Error('both are listed');
    const futurePaise = market.look('MCX_FO', future.id)?.ltpPaise ?? 0;
    const years = (chain.expiryMs - market.standsAtMs('commodities')) / (365 * 86_400_000);
    const near = chain.strikesPaise
      .map((strike, index) => ({ strike, index }))
      .filter(({ strike }) => Math.abs(strike / futurePaise - 1) < 0.03);
    expect(near.length).toBeGreaterThan(4);
    for (const { strike, index } of near) {
      const mid = (position: number): number => {
        const { depth } = market.lookLeg(chain, position);
        return ((depth[4] ?? 0) + (depth[5] ?? 0)) / 2;
      };
      const forward = strike + (mid(2 * index) - mid(2 * index + 1)) * Math.exp(0.065 * years);
      // Books are seconds old and as wide as they are; the next future is 0.5 % away.
      expect(Math.abs(forward / futurePaise - 1)).toBeLessThan(0.0025);
    }
  });

  it('trade in their own hours: till late, with the other board shut', async () => {
    const opened = open('2026-11-23T15:38:00');
    watchBoth(opened);
    const both = await ticksIn(2, opened);
    expect([(both['INDEX'] ?? 0) > 100, (both['MCX_FO'] ?? 0) > 100]).toEqual([true, true]);
    expect(Object.keys(await ticksIn(2, opened))).toEqual(['MCX_FO']);
    const late = open('2026-11-23T23:54:00');
    watchBoth(late);
    expect(Object.keys(await ticksIn(1, late))).toEqual(['MCX_FO']);
    expect(await ticksIn(60, late)).toEqual({});
    expect(late.market.isOpen('commodities')).toBe(false);
  });

  it('open before the others, and in the evening of a day on which those rest', async () => {
    const early = open('2026-11-23T09:00:00');
    watchBoth(early);
    expect(Object.keys(await ticksIn(10, early))).toEqual(['MCX_FO']);
    const holiday = open('2026-11-24T16:59:00');
    watchBoth(holiday);
    expect(await ticksIn(1, holiday)).toEqual({});
    expect(Object.keys(await ticksIn(5, holiday))).toEqual(['MCX_FO']);
    const closed = open('2026-11-26T18:00:00');
    expect(closed.market.isOpen('commodities')).toBe(false);
  });

  it('keep the hours of derivatives where none of their own are told', () => {
    const eras = [{ from: '2000-01-01', cash: nseHours, derivatives: nseHours }];
    const { market } = open('2026-11-23T20:00:00', { sessions: { kind: 'hours', eras } });
    expect([market.isOpen('derivatives'), market.isOpen('commodities')]).toEqual([false, false]);
    const { market: always } = open('2026-11-21T03:00:00', { sessions: { kind: 'always' } });
    expect(always.isOpen('commodities')).toBe(true);
  });

  it('keep prices on their own ticks', () => {
    const { market } = open('2026-11-23T20:00:00');
    for (const { symbol, ticks } of commodities) {
      const underlying = market.underlying(symbol);
      const [expiry = ''] = underlying ? market.expiries(underlying) : [];
      const chain = underlying && market.chain(underlying, expiry);
      if (!chain || !ticks) throw new Error(`${symbol} is listed`);
      expect(market.lookSpot(chain.underlying).ltpPaise % ticks.futurePaise).toBe(0);
      const prices = chain.strikesPaise.flatMap((_, index) =>
        [market.lookLeg(chain, 2 * index), market.lookLeg(chain, 2 * index + 1)]
          .map(({ ltpPaise }) => ltpPaise));
      expect(prices.every((paise) => paise % ticks.optionPaise === 0), symbol).toBe(true);
      expect(prices.filter((paise) => paise > 0).length, symbol).toBeGreaterThan(20);
    }
  });
});
