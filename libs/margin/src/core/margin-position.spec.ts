import { describe, expect, it } from 'vitest';
import { future, lot, option } from './testing/margin-fixture';
import { netPositions, positionLimits } from './margin-position';

const call = option('CE', 23_700, -lot, [437.65]);

describe('netPositions', () => {
  it('adds lines of one contract and drops what comes to nothing', () => {
    const put = option('PE', 23_700, lot, [505.35]);
    const closed = { ...put, quantity: -lot };
    const net = netPositions([put, call, { ...call, quantity: 2 * lot }, closed]);
    expect(net).toEqual([{ ...call, quantity: lot }]);
  });

  it.each([
    ['margin_quantity_invalid', { quantity: 1.5 }],
    ['margin_quantity_invalid', { quantity: NaN }],
    ['margin_quantity_invalid', { quantity: -1e10 }],
    ['margin_price_invalid', { pricePaise: NaN }],
    ['margin_price_invalid', { pricePaise: -5 }],
    ['margin_price_invalid', { pricePaise: Infinity }],
    ['margin_price_invalid', { pricePaise: 3.4e38 }],
    ['margin_volatility_invalid', { iv: 0 }],
    ['margin_volatility_invalid', { iv: NaN }],
    ['margin_volatility_invalid', { iv: 11 }],
    ['margin_strike_invalid', { strikePaise: 0 }],
    ['margin_strike_invalid', { strikePaise: 0.5 }],
    ['margin_expiry_invalid', { expiry: '2026-06-31' }],
    ['margin_expiry_invalid', { expiryMs: NaN }],
    ['margin_contract_key_conflict', { strikePaise: 2_380_000 }],
    ['margin_contract_key_conflict', { exchange: 'BSE' as const }],
  ])('refuses with %s what is absurd: %o', (code, change) => {
    expect(() => netPositions([{ ...call, ...change }])).toThrow(
      expect.objectContaining({ kind: 'invalid', code }),
    );
  });

  it('refuses a future that costs nothing or has a strike', () => {
    const held = future(lot);
    expect(() => netPositions([{ ...held, pricePaise: 0 }])).toThrow(/needs 1 to/);
    expect(() => netPositions([{ ...held, strikePaise: 100 }])).toThrow(/needs 0 for a future/);
  });

  it('refuses two prices for one contract', () => {
    const dearer = { ...call, pricePaise: call.pricePaise + 5 };
    expect(() => netPositions([call, dearer])).toThrow(
      expect.objectContaining({ code: 'margin_price_conflict' }),
    );
  });

  it('refuses more lines than fit', () => {
    const many = Array.from({ length: positionLimits.linesMax + 1 }, () => call);
    expect(() => netPositions(many)).toThrow(/501 lines were given, at most 500/);
  });
});
