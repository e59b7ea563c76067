import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientMessageSchema,
  exchanges,
  expirySchema,
  indiaDateOf,
  indiaInstant,
  indiaIsoOf,
  isIsoDate,
  isSymbol,
  optionKey,
  paiseOf,
  parseOptionKey,
  rupeesOf,
  strikeText,
  symbolSchema,
} from './index';

const anyDate = fc
  .integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));
const anySymbol = fc.stringMatching(/^[A-Z0-9][A-Z0-9&_-]{0,31}$/);
const fixed = { seed: 61, numRuns: 500 };

describe('option keys', () => {
  it.each([
    [2_450_000, 'NSE:NIFTY:2026-11-24:24500:CE'],
    [101_250, 'NSE:NIFTY:2026-11-24:1012.5:CE'],
    [101_255, 'NSE:NIFTY:2026-11-24:1012.55:CE'],
    [5, 'NSE:NIFTY:2026-11-24:0.05:CE'],
  ])('print %d paise as rupees without trailing zeros', (strikePaise, key) => {
    const ref = { exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24', type: 'CE' } as const;
    expect(optionKey({ ...ref, strikePaise })).toBe(key);
  });

  it('come back as what they were made of', () => {
    const anyRef = fc.record({
      exchange: fc.constantFrom(...exchanges),
      symbol: anySymbol,
      expiry: anyDate,
      strikePaise: fc.integer({ min: 1, max: 2_147_483_647 }),
      type: fc.constantFrom('CE' as const, 'PE' as const),
    });
    fc.assert(
      fc.property(anyRef, (ref) => {
        expect(parseOptionKey(optionKey(ref))).toEqual(ref);
      }),
      fixed,
    );
  });

  it.each([
    '', 'NIFTY', 'NSE:NIFTY', 'NYSE:NIFTY:2026-11-24:24500:CE', 'NSE:nifty:2026-11-24:24500:CE',
    'NSE:NIFTY:2026-02-30:24500:CE', 'NSE:NIFTY:24-11-2026:24500:CE', 'NSE:NIFTY:2026-11-24:-5:CE',
    'NSE:NIFTY:2026-11-24:1e3:CE', 'NSE:NIFTY:2026-11-24:24500:FUT',
    'NSE:NIFTY:2026-11-24:1.005:CE',
    'NSE:NIFTY:2026-11-24:24500:CE:X', ' NSE:NIFTY:2026-11-24:24500:CE', 'x'.repeat(10_000),
  ])('refuse %s', (key) => {
    expect(() => parseOptionKey(key)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('never throw anything else on any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          const ref = parseOptionKey(text);
          expect(parseOptionKey(optionKey(ref))).toEqual(ref);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'invalid' });
        }
      }),
      fixed,
    );
  });
});

describe('symbols and dates', () => {
  it.each([
    ['NIFTY', true], ['M&M', true], ['BAJAJ-AUTO', true], ['NIFTYNXT50', true], ['360ONE', true],
    ['nifty', false], ['', false], ['&M', false], ['A B', false], ['A:B', false],
    ['A'.repeat(33), false], ['NIFTY\n', false],
  ])('isSymbol(%j) is %s', (text, expected) => {
    expect(isSymbol(text)).toBe(expected);
  });

  it('takes symbols in lower case from clients, and no more', () => {
    expect(symbolSchema.parse('nifty')).toBe('NIFTY');
    expect(symbolSchema.safeParse('ñifty').success).toBe(false);
    expect(symbolSchema.safeParse('nif ty').success).toBe(false);
  });

  it.each([
    ['2026-11-24', true], ['2028-02-29', true], ['2026-02-29', false], ['2026-13-01', false],
    ['2026-00-10', false], ['2026-11-31', false], ['2026-1-1', false], ['26-11-24', false],
    ['2026-11-24T00:00', false], ['2026-11-24\n', false], ['', false], ['٢٠٢٦-١١-٢٤', false],
  ])('isIsoDate(%j) is %s', (text, expected) => {
    expect(isIsoDate(text)).toBe(expected);
    expect(expirySchema.safeParse(text).success).toBe(expected);
  });
});

describe('units', () => {
  it('round rupees to the nearest paisa and back', () => {
    expect([paiseOf(134.05), paiseOf(22_952.94921875)]).toEqual([13_405, 2_295_295]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_147_483_647 }), (paise) => {
        expect(paiseOf(rupeesOf(paise))).toBe(paise);
        expect(paiseOf(Number(strikeText(paise)))).toBe(paise);
      }),
      fixed,
    );
  });

  it('have India\'s date and time, whatever the machine\'s', () => {
    const lateEvening = Date.parse('2026-11-24T18:29:59.999Z');
    expect(indiaDateOf(lateEvening)).toBe('2026-11-24');
    expect(indiaDateOf(lateEvening + 1)).toBe('2026-11-25');
    expect(indiaIsoOf(lateEvening)).toBe('2026-11-24T23:59:59.999+05:30');
    expect(indiaInstant('2026-11-24', 9 * 60)).toBe(Date.parse('2026-11-24T09:00:00+05:30'));
    expect(indiaInstant('2026-11-24', 36 * 60)).toBe(Date.parse('2026-11-25T12:00:00+05:30'));
  });

  it('agree with each other at any minute', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 1_439 }), (date, minutes) => {
        const at = indiaInstant(date, minutes);
        expect(indiaDateOf(at)).toBe(date);
        expect(Date.parse(indiaIsoOf(at))).toBe(at);
      }),
      fixed,
    );
  });
});

describe('client messages', () => {
  it('take JSON when no encoding is said', () => {
    const message = { type: 'subscribe', channel: 'chain', underlying: 'nifty' };
    expect(clientMessageSchema.parse(message)).toEqual({
      ...message,
      underlying: 'NIFTY',
      encoding: 'json',
    });
  });

  it('never throw on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(typeof clientMessageSchema.safeParse(json).success).toBe('boolean');
      }),
      fixed,
    );
  });
});
