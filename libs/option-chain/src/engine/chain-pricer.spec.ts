import { bookInts } from '@strikewire/market-data';
import { conventions, optionPrice, PricingTerms, yearsToExpiry } from '@strikewire/pricing';
import { createSeededRandom } from '@strikewire/runtime';
import { segmentCloseMs } from '@strikewire/trading-hours';
import { describe, expect, it } from 'vitest';
import { chainJson } from './chain-json';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';

const skeleton = benchSkeleton('2026-12-29', 11);
const forward = 152.4;

/** A chain of strikes 100 to 200 whose quotes are the prices of a smile around the forward. */
function setUp(): { bench: ChainBench; quote(vol: (strike: number) => number): void } {
  const bench = new ChainBench([skeleton]);
  const terms = new PricingTerms('black76');
  bench.tickSpot(15_000);
  return {
    bench,
    quote(vol) {
      const closeMs = segmentCloseMs('NSE', skeleton.expiry);
      const years = yearsToExpiry(conventions.calendar365, bench.clock.wallMs(), closeMs);
      terms.update(forward, years, 0);
      skeleton.strikes.forEach(({ strikePaise }, index) => {
        const strike = strikePaise / 100;
        const price = (isCall: boolean): number =>
          Math.round(optionPrice(terms, isCall, strike, vol(strike)) * 100);
        bench.tick(1 + 2 * index, Math.max(10, price(true)));
        bench.tick(2 + 2 * index, Math.max(10, price(false)));
      });
    },
  };
}

function jsonOf(bench: ChainBench) {
  const chain = bench.chain(skeleton.expiry);
  chain.refresh(false, bench.clock.wallMs());
  return chainJson(chain, benchSource);
}

describe('a priced chain', () => {
  it('finds the forward and the smile that its quotes were made from', () => {
    const { bench, quote } = setUp();
    quote((strike) => 0.3 + 0.002 * Math.abs(strike - 150));
    const json = jsonOf(bench);
    expect(json.forward?.source).toBe('parity');
    expect(json.forward?.value).toBeCloseTo(forward, 1);
    // Quotes are whole paise, so volatilities are near, not exact.
    for (const { strike, iv, CE, PE } of json.strikes) {
      if (strike < 140 || strike > 170) continue;
      expect(iv).toBeCloseTo(30 + 0.2 * Math.abs(strike - 150), 1);
      expect(CE.ivReason).toBeNull();
      expect(CE.ivBid).toBeLessThan(CE.iv ?? 0);
      expect(PE.ivAsk).toBeGreaterThan(PE.iv ?? Infinity);
      expect((CE.greeks?.delta ?? 0) - (PE.greeks?.delta ?? 0)).toBeCloseTo(1, 2);
    }
    expect(json.metrics.atmIv).toBeCloseTo(30.48, 1);
    expect(json.pricing).toMatchObject({ convention: 'calendar365', model: 'black76', rate: 0 });
    expect(json.metrics.reasons).not.toHaveProperty('atmIv');
  });

  it('prices only what changed, and everything when the forward moves', () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    const chain = bench.chain(skeleton.expiry);
    chain.refresh(false, bench.clock.wallMs());
    const { store } = bench.generation;
    const first = chain.pricer.changedVersion;
    chain.refresh(true, bench.clock.wallMs());
    expect(chain.pricer.changedVersion).toBe(first);
    // A far strike has no say in the forward: it alone is priced anew.
    bench.tick(1, 5_300);
    chain.refresh(true, bench.clock.wallMs());
    const slots = Array.from({ length: 22 }, (_, row) => row + 1);
    expect(slots.filter((slot) => store.derivedAt[slot]! > first)).toEqual([1]);
    const second = chain.pricer.changedVersion;
    quote(() => 0.31);
    bench.tick(11, 900);
    bench.tick(13, 500);
    bench.tick(9, 1_600);
    chain.refresh(true, bench.clock.wallMs());
    expect(slots.every((slot) => store.derivedAt[slot]! > second)).toBe(true);
  });

  it('falls back on the spot without two-sided quotes, and then on the LTP', () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    const { store } = bench.generation;
    for (let slot = 1; slot <= 22; slot++) store.book.fill(0, slot * bookInts, slot * bookInts + 1);
    const json = jsonOf(bench);
    expect(json.forward).toEqual({ value: 150, source: 'spot' });
    const atm = json.strikes.find(({ strike }) => strike === 150);
    expect(atm?.CE.ivMarks).toContain('one_sided');
    expect(atm?.CE.iv).toBeGreaterThan(0);
    expect(atm?.CE.ivBid).toBeNull();
  });

  it('finds a forward that is far from the spot, and one without any spot', () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    bench.tickSpot(10_100);
    const far = jsonOf(bench);
    expect([far.anchorStrike, far.forward?.source]).toEqual([100, 'parity']);
    expect(far.forward?.value).toBeCloseTo(forward, 1);
    const { store } = bench.generation;
    store.ltpPaise[0] = 0;
    store.touch(0);
    const blind = jsonOf(bench);
    expect([blind.spot.ltp, blind.forward?.source]).toEqual([0, 'parity']);
    expect(blind.metrics.atmIv).toBeCloseTo(30, 0);
    expect(blind.metrics.reasons['straddle']).toMatch(/spot is unknown/);
  });

  it('does not take a quote for fresh that is minutes older than the newest', async () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    await bench.clock.advance(301_000);
    bench.tickSpot(15_000);
    bench.tick(1, 5_300);
    expect(jsonOf(bench).forward?.source).toBe('spot');
  });

  it('gives no figure without prices, and says why', () => {
    const json = jsonOf(new ChainBench([skeleton]));
    expect(json.forward).toBeNull();
    expect(json.strikes[0]?.CE).toMatchObject({ iv: null, ivReason: 'no_forward', greeks: null });
    const { atmIv, skew, straddle, expectedMove, gammaExposure, maxPain } = json.metrics;
    const figures = { atmIv, skew, straddle, expectedMove, gammaExposure, maxPain };
    for (const [name, value] of Object.entries(figures)) {
      expect(value).toBeNull();
      expect(json.metrics.reasons[name]).toMatch(/\w+ \w+/);
    }
  });

  it('says that an option is expired, and why a price has no volatility', async () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    bench.tick(1, 4_000);
    bench.tick(21, 0);
    bench.generation.store.book.fill(0, 21 * bookInts, 21 * bookInts + 4);
    const json = jsonOf(bench);
    expect(json.strikes[0]?.CE.ivReason).toBe('below_intrinsic');
    expect(json.strikes[10]?.CE.ivReason).toBe('no_price');
    const closeMs = segmentCloseMs('NSE', skeleton.expiry);
    await bench.clock.advance(closeMs - bench.clock.wallMs());
    expect(jsonOf(bench).strikes[5]?.CE).toMatchObject({ iv: null, ivReason: 'expired' });
  });

  it('is expired at the close, whatever moment a convention counts to', async () => {
    const convention = { ...conventions.calendar365, expiryShiftMs: 19_800_000 };
    const bench = new ChainBench([skeleton], convention);
    bench.tickSpot(15_000);
    const closeMs = segmentCloseMs('NSE', skeleton.expiry);
    await bench.clock.advance(closeMs - 1_000 - bench.clock.wallMs());
    for (let slot = 1; slot <= 22; slot++) bench.tick(slot, 6_000);
    expect(jsonOf(bench).pricing.yearsToExpiry).toBeGreaterThan(0);
    await bench.clock.advance(1_000);
    bench.tick(1, 6_005);
    const json = jsonOf(bench);
    expect(json.pricing.yearsToExpiry).toBe(0);
    expect(new Set(json.strikes.map(({ CE }) => CE.ivReason))).toEqual(new Set(['expired']));
  });

  it('has no sum and no exposure of what nobody has told', () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    const { metrics } = jsonOf(bench);
    expect(metrics).toMatchObject({ totalCeOi: null, totalPeOi: null, gammaExposure: null });
    expect(metrics).toMatchObject({ totalCeVolume: 0, pcrVolume: null, pcrOi: null });
    expect(Object.keys(metrics.reasons)).toEqual(
      expect.arrayContaining(['totalCeOi', 'totalPeOi', 'gammaExposure', 'pcrOi', 'maxPain']),
    );
  });

  it('is the same whatever ticks came before (seeded)', () => {
    const [a, b] = [setUp(), setUp()];
    const random = createSeededRandom(17);
    for (let step = 0; step < 200; step++) {
      a.bench.tick(1 + Math.floor(random.next() * 22), 100 + Math.floor(random.next() * 4_000));
      if (random.next() < 0.3) jsonOf(a.bench);
    }
    for (const { quote } of [a, b]) quote((strike) => 0.25 + 0.001 * Math.abs(strike - 150));
    const [after, fresh] = [jsonOf(a.bench), jsonOf(b.bench)];
    expect(after.forward).toEqual(fresh.forward);
    after.strikes.forEach(({ CE, PE }, index) => {
      expect(CE.iv).toEqual(fresh.strikes[index]?.CE.iv);
      expect(PE.greeks).toEqual(fresh.strikes[index]?.PE.greeks);
    });
  });
});

describe('marks and build-up', () => {
  it('tells price and open interest against the day before', () => {
    const { bench, quote } = setUp();
    quote(() => 0.3);
    const { store } = bench.generation;
    const told = (slot: number, closePaise: number, oi: number): void => {
      store.setClose(slot, closePaise);
      store.setPreviousOi(slot, 100);
      store.oi[slot] = oi;
      store.known[slot] = store.known[slot]! | 128;
    };
    const ltp = (slot: number): number => store.ltpPaise[slot]!;
    told(1, ltp(1) - 100, 150);
    told(3, ltp(3) + 100, 150);
    told(5, ltp(5) - 100, 50);
    told(7, ltp(7) + 100, 50);
    told(9, ltp(9), 50);
    const calls = jsonOf(bench).strikes.map(({ CE }) => CE.buildUp);
    expect(calls.slice(0, 6)).toEqual([
      'long_build_up',
      'short_build_up',
      'short_covering',
      'long_unwinding',
      null,
      null,
    ]);
  });
});
