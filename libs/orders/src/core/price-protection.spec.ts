import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionProtection, protectPrice, type ProtectionTerms } from './price-protection';

const terms: ProtectionTerms = {
  side: 'BUY',
  touch: { bidPaise: 11_950, askPaise: 12_000 },
  touchMs: 10_000,
  nowMs: 10_500,
  tickPaise: 5,
  lowerCircuitPaise: null,
  upperCircuitPaise: null,
};
const limitOf = (changes: Partial<ProtectionTerms>): unknown => {
  const price = protectPrice({ ...terms, ...changes }, optionProtection);
  return price.kind === 'limit' ? price.limitPaise : price.code;
};

describe('protection of market orders', () => {
  it('goes 2 % beyond the touch between ₹100 and ₹500', () => {
    expect(limitOf({})).toBe(12_240);
    expect(limitOf({ side: 'SELL' })).toBe(11_715);
  });

  it('takes ticks where a percent is less than them', () => {
    const touch = { bidPaise: 10, askPaise: 20 };
    expect(limitOf({ touch })).toBe(30);
    expect(limitOf({ touch, side: 'SELL' })).toBe(5);
  });

  it('stays within the circuit limits', () => {
    expect(limitOf({ upperCircuitPaise: 12_100 })).toBe(12_100);
    expect(limitOf({ side: 'SELL', lowerCircuitPaise: 11_900 })).toBe(11_900);
  });

  it('is refused without a fresh touch', () => {
    expect(limitOf({ touch: { bidPaise: 11_950, askPaise: null } })).toBe('no_touch');
    expect(limitOf({ touch: { bidPaise: 0, askPaise: 5 }, side: 'SELL' })).toBe('no_touch');
    expect(limitOf({ nowMs: 12_001 })).toBe('stale_touch');
    expect(limitOf({ touchMs: NaN })).toBe('stale_touch');
    expect(limitOf({ nowMs: 12_000 })).toBe(12_240);
  });

  it('is on the tick, at the touch or beyond, never beyond its protection', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40_000 }),
        fc.constantFrom('BUY' as const, 'SELL' as const),
        (ticks, side) => {
          const at = ticks * 5;
          const price = protectPrice(
            { ...terms, side, touch: { bidPaise: at, askPaise: at } },
            optionProtection,
          );
          if (price.kind !== 'limit') throw new Error(price.reason);
          const beyond = side === 'BUY' ? price.limitPaise - at : at - price.limitPaise;
          expect(price.limitPaise % 5).toBe(0);
          expect(price.limitPaise).toBeGreaterThan(0);
          expect(beyond).toBeGreaterThanOrEqual(0);
          expect(beyond).toBeLessThanOrEqual(Math.max(at * 0.05, 10));
        },
      ),
      { seed: 8, numRuns: 500 },
    );
  });
});
