import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instrumentKeyOf, tokenOfKey } from './instrument-key';
import { segmentNames } from './segments';
import { WireKey, wireIdOf } from './wire-key-decoder';

const anySegment = fc.constantFrom(...segmentNames);
const exchangeToken = fc.integer({ min: 1, max: 999_999_999 }).map(String);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 &.-]{0,30}$/);
const anyToken = fc.record({ segment: anySegment, id: fc.oneof(exchangeToken, name) });

const numbersOf = (segment: string, id: string): string => {
  const { segment: code, id: number } = wireIdOf({ segment, id });
  return `${code}:${number}`;
};

describe('numbers of instrument keys', () => {
  it('are segment and exchange token of a derivative', () => {
    expect(wireIdOf({ segment: 'NSE_FO', id: '43919' })).toEqual({ segment: 0, id: 43_919 });
    expect(wireIdOf({ segment: 'BSE_FO', id: '43919' })).toEqual({ segment: 1, id: 43_919 });
    expect(wireIdOf({ segment: 'MCX_FO', id: '999999999' }).id).toBe(999_999_999);
  });

  it('fit into what a slot index keeps: 15 bits and 32', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        const { segment, id } = wireIdOf(token);
        expect(segment).toBeGreaterThanOrEqual(0);
        expect(segment).toBeLessThan(32_768);
        expect(Number.isInteger(id) && id >= 0 && id < 2 ** 32).toBe(true);
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it('are the same wherever in a frame the key lies', () => {
    fc.assert(
      fc.property(anyToken, fc.nat(40), (token, before) => {
        const key = new TextEncoder().encode(instrumentKeyOf(token));
        const bytes = new Uint8Array(before + key.length + 3).fill(0x37);
        bytes.set(key, before);
        const wire = new WireKey();
        wire.read(bytes, before, before + key.length);
        expect({ segment: wire.segment, id: wire.id }).toEqual(wireIdOf(token));
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('tell names, ISINs and the numbers of every segment apart', () => {
    const isins = Array.from({ length: 5_000 }, (_, index) =>
      `INE${String(index).padStart(3, '0')}A010${index % 10}${index % 97}`);
    const names = ['Nifty 50', 'Nifty Bank', 'Nifty Fin Service', 'NIFTY MID SELECT', 'India VIX'];
    const tokens = Array.from({ length: 5_000 }, (_, index) => String(35_000 + index));
    const all = segmentNames.flatMap((segment) =>
      [...isins, ...names, ...tokens].map((id) => numbersOf(segment, id)));
    expect(new Set(all).size).toBe(segmentNames.length * 10_005);
  });

  it('do not take one writing of a number for another', () => {
    const written = ['43919', '043919', '4391900000', '43919 ', '43919x', 'x43919', '+43919'];
    expect(new Set(written.map((id) => numbersOf('NSE_FO', id))).size).toBe(written.length);
  });

  it.each(['', 'NSE_FO', 'NSE_FO|', '|43919', 'MARS|43919', 'nse_fo|43919'])(
    'there are none for "%s"',
    (text) => {
      const bytes = new TextEncoder().encode(text);
      const wire = new WireKey();
      wire.read(bytes, 0, bytes.length);
      expect(wire.segment).toBe(-1);
    },
  );
});

describe('instrument keys', () => {
  it('become tokens and back', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        expect(tokenOfKey(instrumentKeyOf(token))).toEqual(token);
      }),
      { seed: 3, numRuns: 300 },
    );
    expect(tokenOfKey('NSE_INDEX|Nifty 50')).toEqual({ segment: 'NSE_INDEX', id: 'Nifty 50' });
  });

  it.each([undefined, null, 7, '', 'NSE_FO', '|7', 'NSE_FO|', {}])('%o is none', (value) => {
    expect(tokenOfKey(value)).toBeUndefined();
  });
});
