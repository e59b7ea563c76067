import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a128, strategyHash, type HashedPosition } from './strategy-hash';

const fixed = { seed: 20_261_122, numRuns: 300 };

const position = fc.record({
  key: fc.constantFrom(
    'NSE:NIFTY:2026-06-30:23700:CE',
    'NSE:NIFTY:2026-06-30:23700:PE',
    'NSE:NIFTY:2026-06-30:FUT',
    'NSE:M&M:2026-06-30:1012.5:CE',
  ),
  quantity: fc.integer({ min: -300, max: 300 }),
});
const set = fc.array(position, { maxLength: 8 });

const netOf = (positions: readonly HashedPosition[]): string => {
  const net = new Map<string, number>();
  for (const { key, quantity } of positions) net.set(key, (net.get(key) ?? 0) + quantity);
  return JSON.stringify([...net].filter(([, quantity]) => quantity !== 0).sort());
};

describe('strategyHash', () => {
  it('is FNV-1a of 128 bits, by its published values', () => {
    expect(fnv1a128('')).toBe('6c62272e07bb014262b821756295c58d');
    expect(fnv1a128('a')).toBe('d228cb696f1a8caf78912b704e4a8964');
    expect(fnv1a128('abc')).toBe('a68d622cec8b5822836dbc7977af7f3b');
  });

  it('is the same in every process', () => {
    const lines = [{ key: 'NSE:NIFTY:2026-06-30:23700:CE', quantity: -65 }];
    expect(strategyHash(lines)).toBe('b280a03f84f6b38ae839352f97307c8b');
    expect(strategyHash([])).toBe('088094af1dab1be95aa07330555adc6d');
  });

  it('does not depend on order, on split lines or on lines of nothing', () => {
    fc.assert(
      fc.property(set, fc.integer(), fc.integer({ min: -99, max: 99 }), (lines, seed, part) => {
        const [first, ...others] = lines;
        const split = first
          ? [...others, { ...first, quantity: first.quantity - part }, { ...first, quantity: part }]
          : [];
        const turned = split.map((_, index) => split.at((index + seed) % split.length)!);
        const nothing = { key: 'NSE:NIFTY:2026-07-28:FUT', quantity: 0 };
        expect(strategyHash([nothing, ...turned])).toBe(strategyHash(lines));
      }),
      fixed,
    );
  });

  it('differs when what is held differs', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(strategyHash(a) === strategyHash(b)).toBe(netOf(a) === netOf(b));
      }),
      fixed,
    );
  });

  it('tells contexts apart', () => {
    const lines = [{ key: 'NSE:NIFTY:2026-06-30:FUT', quantity: 65 }];
    expect(new Set(['', 'account 1', 'account 2'].map((one) => strategyHash(lines, one))).size)
      .toBe(3);
  });
});
