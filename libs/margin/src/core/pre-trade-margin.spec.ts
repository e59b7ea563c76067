import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preTradeMargin } from './pre-trade-margin';

const opening = { isRiskReducing: false };
const exit = { isRiskReducing: true };
const bufferShare = 0.05;

describe('preTradeMargin', () => {
  it('takes the larger figure plus the buffer', () => {
    const both = { estimate: 17_228_543, broker: 17_315_900, bufferShare };
    expect(preTradeMargin(both, opening)).toEqual({
      isAllowed: true,
      requiredPaise: 18_181_695,
      basis: 'broker',
      reason: "margin by the broker's figure plus 5 %",
    });
    const higher = preTradeMargin({ ...both, estimate: 20_000_000 }, opening);
    expect(higher).toMatchObject({ requiredPaise: 21_000_000, basis: 'estimate' });
  });

  it('makes do with one figure, and says which is missing', () => {
    const one = { estimate: 1_000, broker: null, bufferShare };
    expect(preTradeMargin(one, opening)).toMatchObject({
      isAllowed: true,
      requiredPaise: 1_050,
      basis: 'estimate',
      reason: 'margin by the local estimate plus 5 %, no broker figure',
    });
    const other = preTradeMargin({ ...one, estimate: null, broker: 2_000 }, opening);
    expect(other.reason).toBe("margin by the broker's figure plus 5 %, no estimate");
  });

  it('without either sends only what reduces risk', () => {
    const none = { estimate: null, broker: null, bufferShare };
    expect(preTradeMargin(none, opening)).toEqual({
      isAllowed: false,
      requiredPaise: null,
      basis: 'none',
      reason:
        "no margin is known, neither the broker's nor an estimate: " +
        'only orders that reduce risk are sent',
    });
    expect(preTradeMargin(none, exit)).toEqual({
      isAllowed: true,
      requiredPaise: null,
      basis: 'none',
      reason: 'no margin is known: allowed, because it reduces risk',
    });
  });

  it.each([-3.4e38, 3.4e38, NaN, -1, Infinity])('takes %d for no figure', (sentinel) => {
    const known = { estimate: null, broker: sentinel, bufferShare };
    expect(preTradeMargin(known, opening)).toMatchObject({ isAllowed: false, basis: 'none' });
    expect(preTradeMargin(known, opening).reason).toMatch(/absurd/);
    expect(preTradeMargin({ ...known, estimate: 100 }, opening).requiredPaise).toBe(105);
  });

  it('never asks less than either figure', () => {
    const paise = fc.option(fc.integer({ min: 0, max: 1e12 }));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(paise, paise, share, (estimate, broker, buffer) => {
        if (estimate === null && broker === null) return;
        const found = preTradeMargin({ estimate, broker, bufferShare: buffer }, opening);
        const larger = Math.max(estimate ?? 0, broker ?? 0);
        expect(found.requiredPaise).toBeGreaterThanOrEqual(larger);
        expect(Number.isSafeInteger(found.requiredPaise)).toBe(true);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });

  it('refuses a buffer that is no share', () => {
    for (const wrong of [-0.1, 1.5, NaN]) {
      const known = { estimate: 1, broker: 1, bufferShare: wrong };
      expect(() => preTradeMargin(known, opening)).toThrow(/needs a fraction of 0 to 1/);
    }
  });
});
