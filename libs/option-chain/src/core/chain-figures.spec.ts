import { field, QuoteStore } from '@strikewire/market-data';
import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { chainFigures, chainTotals, maxPain, strikeVol } from './chain-figures-batch';
import type { ChainSlots } from './generation-layout';

/** A chain over slots 1 and up; `strikes` in rupees. */
function chainOf(strikes: readonly number[]): { store: QuoteStore; slots: ChainSlots } {
  const legCount = strikes.length * 2;
  const store = new QuoteStore({
    capacity: legCount + 1,
    groupCount: 1,
    tickDepth: 0,
    baseWallMs: 0,
  });
  const slots = {
    firstSlot: 1,
    legCount,
    group: 0,
    spotSlot: 0,
    strikesPaise: Int32Array.from(strikes, (strike) => strike * 100),
    legKeys: [],
    skeleton: {} as ChainSlots['skeleton'],
  };
  return { store, slots };
}

const nothing = {
  forward: NaN,
  forwardSource: 'none',
  underlying: NaN,
  yearsToExpiry: 0.1,
  anchorIndex: -1,
  price: new Float64Array(64),
} as const;

/** What holders of all options are paid at a settlement, by the definition. */
function paidAt(store: QuoteStore, slots: ChainSlots, settlement: number): number {
  let sum = 0;
  slots.strikesPaise.forEach((strike, index) => {
    const call = slots.firstSlot + 2 * index;
    sum += store.oi[call]! * Math.max(0, settlement - strike);
    sum += store.oi[call + 1]! * Math.max(0, strike - settlement);
  });
  return sum;
}

describe('max pain', () => {
  it('is the strike that pays least by the definition, over random chains (seeded)', () => {
    const random = createSeededRandom(41);
    for (let run = 0; run < 200; run++) {
      const gaps = Array.from({ length: 1 + Math.floor(random.next() * 12) }, () =>
        random.next() < 0.7 ? 50 : 100,
      );
      let strike = 1_000;
      const { store, slots } = chainOf(gaps.map((gap) => (strike += gap)));
      for (let slot = 1; slot <= slots.legCount; slot++) {
        store.oi[slot] = random.next() < 0.2 ? 0 : Math.floor(random.next() * 5_000) * 65;
      }
      const paid = [...slots.strikesPaise].map((settlement) => paidAt(store, slots, settlement));
      const total = [...store.oi].reduce((sum, oi) => sum + oi, 0);
      const least = slots.strikesPaise[paid.indexOf(Math.min(...paid))];
      expect(maxPain(store, slots)).toBe(total > 0 ? least : 0);
    }
  });

  it('is unknown without open interest', () => {
    const { store, slots } = chainOf([100, 110]);
    expect(maxPain(store, slots)).toBe(0);
  });
});

describe('totals', () => {
  it('add up what is known of each side, and are unknown when nothing is', () => {
    const { store, slots } = chainOf([100, 110]);
    const unknown = { ceOi: NaN, peOi: NaN, ceVolume: NaN, peVolume: NaN };
    expect(chainTotals(store, slots)).toEqual(unknown);
    store.known.fill(field.oi | field.volume);
    store.oi.set([1, 2, 3, 4], 1);
    store.volume.set([10, 20, 30, 40], 1);
    const totals = chainTotals(store, slots);
    expect(totals).toEqual({ ceOi: 4, peOi: 6, ceVolume: 40, peVolume: 60 });
  });
});

describe('figures of a chain', () => {
  /** Strikes 80 … 120 with a smile: puts and calls at the given volatilities and deltas. */
  function smile() {
    const { store, slots } = chainOf([80, 90, 100, 110, 120]);
    const calls = { iv: [30, 25, 20, 22, 24], delta: [0.95, 0.8, 0.5, 0.3, 0.1] };
    const puts = { iv: [31, 26, 21, 23, 25], delta: [-0.05, -0.2, -0.5, -0.7, -0.9] };
    for (let index = 0; index < 5; index++) {
      const slot = 1 + 2 * index;
      store.iv.set([calls.iv[index]!, puts.iv[index]!], slot);
      store.delta.set([calls.delta[index]!, puts.delta[index]!], slot);
      store.gamma.set([0.01, 0.02], slot);
      store.oi.set([100, 50], slot);
    }
    store.known.fill(field.oi);
    return { store, slots };
  }
  const at100 = { ...nothing, forward: 103, underlying: 103, forwardSource: 'parity' } as const;

  it('takes a strike\'s volatility from the leg out of the money, else from the other', () => {
    const { store, slots } = smile();
    expect([0, 2, 3].map((index) => strikeVol(store, slots, index, 103))).toEqual([31, 21, 22]);
    store.iv[1 + 2 * 3] = NaN;
    expect(strikeVol(store, slots, 3, 103)).toBe(23);
  });

  it('interpolates the volatility at the forward and the skew at delta 0.25', () => {
    const { store, slots } = smile();
    const figures = chainFigures(store, slots, at100);
    // 3/10 of the way from the put at 100 (21) to the call at 110 (22).
    expect(figures.atmIv).toBeCloseTo(21.3, 12);
    // Puts: between delta -0.5 (21) and -0.2 (26); calls: between 0.3 (22) and 0.1 (24).
    expect(figures.skew).toBeCloseTo(21 + (5 * 0.25) / 0.3 - (22 + (2 * 0.05) / 0.2), 12);
    expect(figures.expectedMove).toBeCloseTo(103 * 0.213 * Math.sqrt(0.1), 12);
    // Five calls of 100 at 0.01 against five puts of 50 at 0.02.
    expect(figures.gammaExposure).toBeCloseTo(0, 12);
  });

  it('has no volatility at a forward outside the window, nor a skew that it does not reach', () => {
    const { store, slots } = smile();
    expect(chainFigures(store, slots, { ...at100, forward: 121 }).atmIv).toBeNaN();
    expect(chainFigures(store, slots, { ...at100, forward: 79 }).atmIv).toBeNaN();
    store.delta[1 + 2 * 4] = 0.28;
    expect(chainFigures(store, slots, at100).skew).toBeNaN();
  });

  it('knows nothing but max pain and straddle without a forward', () => {
    const { store, slots } = smile();
    const price = new Float64Array(11).fill(4);
    const figures = chainFigures(store, slots, { ...nothing, anchorIndex: 2, price });
    expect(figures).toMatchObject({ forwardSource: 'none', straddle: 8, maxPainPaise: 9_000 });
    expect([figures.atmIv, figures.skew, figures.gammaExposure]).toEqual([NaN, NaN, NaN]);
  });

  it('has no gamma exposure of open interest that nobody has told', () => {
    const { store, slots } = smile();
    store.known.fill(0);
    expect(chainFigures(store, slots, at100).gammaExposure).toBeNaN();
  });

  it('has no straddle when an option at the money has no price', () => {
    const { store, slots } = smile();
    const price = new Float64Array(11).fill(4);
    price[1 + 2 * 2] = 0;
    expect(chainFigures(store, slots, { ...at100, anchorIndex: 2, price }).straddle).toBeNaN();
  });
});
