import fc from 'fast-check';
import { isSymbol, strikeText } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { readContractSymbol } from './contract-symbol';
import { expiryTextOf, readExpiryText } from './expiry-text';

const dayMs = 86_400_000;
const anyDate = fc.integer({ min: 0, max: 36_500 }).map((day) =>
  new Date(Date.parse('2000-01-01') + day * dayMs).toISOString().slice(0, 10));
const anyBase = fc.oneof(
  fc.constantFrom('NIFTY', 'NIFTYNXT50', 'SENSEX50', 'M&M', '360ONE', 'BAJAJ-AUTO', 'MCDOWELL-N',
    '20MICRONS', '3MINDIA', 'DECCAN', 'MAR', 'JANUS', 'NOV', 'OCT'),
  fc.stringMatching(/^[A-Z0-9][A-Z0-9&-]{0,14}$/),
// A base that ends in what looks like a date cannot be told from one.
).filter((base) => isSymbol(base) && !/\d{2}[A-Z]{3}\d{2}/.test(base));
const anyStrike = fc.oneof(
  fc.integer({ min: 1, max: 200_000 }).map((rupees) => rupees * 100),
  fc.integer({ min: 1, max: 20_000_000 }),
);

describe('symbols of contracts', () => {
  it.each([
    ['NIFTY24NOV2624500CE', 'NIFTY 2026-11-24 2450000 CE'],
    ['NIFTYNXT5024NOV2665000PE', 'NIFTYNXT50 2026-11-24 6500000 PE'],
    ['SENSEX5026NOV2625000CE', 'SENSEX50 2026-11-26 2500000 CE'],
    ['M&M24NOV263012.5CE', 'M&M 2026-11-24 301250 CE'],
    ['360ONE24NOV261100PE', '360ONE 2026-11-24 110000 PE'],
    ['BAJAJ-AUTO24NOV269000CE', 'BAJAJ-AUTO 2026-11-24 900000 CE'],
    ['VEDL25APR24292.5CE', 'VEDL 2024-04-25 29250 CE'],
  ])('%s is %s', (symbol, told) => {
    const { underlying, expiry, option } = readContractSymbol(symbol) ?? {};
    expect(`${underlying} ${expiry} ${option?.strikePaise} ${option?.type}`).toBe(told);
  });

  it('of futures have no option', () => {
    expect(readContractSymbol('BANKNIFTY24APR24FUT'))
      .toEqual({ underlying: 'BANKNIFTY', expiry: '2024-04-24', option: null });
  });

  it('are read back, whatever the underlying is called', () => {
    fc.assert(
      fc.property(anyBase, anyDate, anyStrike, (underlying, expiry, strikePaise) => {
        const start = `${underlying}${expiryTextOf(expiry)}`;
        expect(readContractSymbol(`${start}FUT`)).toEqual({ underlying, expiry, option: null });
        expect(readContractSymbol(`${start}${strikeText(strikePaise)}PE`))
          .toEqual({ underlying, expiry, option: { strikePaise, type: 'PE' } });
      }),
      { seed: 51, numRuns: 2_000 },
    );
  });

  it.each([
    '', 'RELIANCE', 'NIFTY', 'INDIAVIX', '24NOV2624500CE', 'NIFTY24NOV26', 'NIFTY24NOV26CE',
    'NIFTY31NOV2624500CE', 'NIFTY24XXX2624500CE', 'NIFTY24NOV260CE', 'NIFTY24NOV2624500.125CE',
    'NIFTY24NOV2624500XX', 'nifty24NOV2624500CE', 'NIFTY 24NOV26FUT', `${'A'.repeat(40)}24NOV26FUT`,
  ])('"%s" is none', (symbol) => {
    expect(readContractSymbol(symbol)).toBeUndefined();
  });
});

describe('texts of expiries', () => {
  it('are dates and back, with dashes or without', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const text = expiryTextOf(date);
        expect(readExpiryText(text)).toBe(date);
        const dashed = `${text.slice(0, 2)}-${text.slice(2, 5)}-${text.slice(5)}`;
        expect(readExpiryText(dashed)).toBe(date);
      }),
      { seed: 52, numRuns: 500 },
    );
    expect(expiryTextOf('2025-10-28')).toBe('28OCT25');
    expect(readExpiryText('10-jul-25')).toBe('2025-07-10');
  });

  it.each(['', '10-JUL25', '1-JUL-25', '10-JUX-25', '31-FEB-26', '2025-07-10', '10-JUL-2025'])(
    '"%s" is none',
    (text) => {
      expect(readExpiryText(text)).toBeUndefined();
    },
  );
});
