import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatTwentyPlan } from './charge-rule';
import { chargesOf } from './charges';
import { settleExpiry, settlementValue } from './expiry-settlement';
import {
  applyFill,
  averagesOf,
  cashFlowOf,
  fillPosition,
  flatPosition,
  positionKey,
  profitOf,
  type Position,
  type PositionBook,
  type PositionFill,
} from './positions';

const key = 'NSE:NIFTY:2026-11-24:24500:CE';
const tradedMs = Date.parse('2026-11-20T10:00:00+05:30');
const fill = (side: 'BUY' | 'SELL', quantity: number, pricePaise: number): PositionFill =>
  ({ key, product: 'carry', side, quantity, pricePaise, chargesPaise: 0 });
const after = (...fills: PositionFill[]): Position =>
  fills.reduce(fillPosition, flatPosition(key, 'carry'));

describe('positions', () => {
  it('average the open side by weight', () => {
    const held = after(fill('BUY', 65, 10_000), fill('BUY', 130, 10_300));
    expect(held.netQuantity).toBe(195);
    expect(averagesOf(held)).toEqual({ openPaise: 10_200, buyPaise: 10_200, sellPaise: null });
    expect(profitOf(held, 10_300).unrealisedPaise).toBe(195 * 100);
  });

  it('keep the average while they close, and realise the difference', () => {
    const held = after(fill('SELL', 130, 20_000), fill('BUY', 65, 15_000));
    expect(averagesOf(held).openPaise).toBe(20_000);
    expect(held).toMatchObject({ netQuantity: -65, realisedPaise: 65 * 5_000 });
    expect(profitOf(held, 21_000)).toMatchObject({
      unrealisedPaise: -65 * 1_000, netPaise: 65 * 4_000,
    });
  });

  it('begin anew at the price that crosses zero', () => {
    const held = after(fill('BUY', 65, 10_000), fill('SELL', 195, 11_000));
    expect(held).toMatchObject({
      netQuantity: -130, openValuePaise: 130 * 11_000, realisedPaise: 65 * 1_000,
      buyQuantity: 65, sellQuantity: 195, sellValuePaise: 195 * 11_000,
    });
  });

  it('lose no paisa to averages that do not come out even', () => {
    const held = after(fill('BUY', 1, 100), fill('BUY', 2, 101), fill('SELL', 1, 100));
    expect(held.openValuePaise + 101).toBe(302);
    const flat = fillPosition(held, fill('SELL', 2, 100));
    expect(flat).toMatchObject({ netQuantity: 0, openValuePaise: 0, realisedPaise: -2 });
  });

  it('know no profit of what is open without a mark, and none to know when flat', () => {
    expect(profitOf(after(fill('BUY', 65, 10_000)), null)).toMatchObject({
      unrealisedPaise: null, netPaise: null,
    });
    expect(profitOf(after(fill('BUY', 65, 10_000)), NaN).unrealisedPaise).toBeNull();
    expect(profitOf(flatPosition(key, 'carry'), null).netPaise).toBe(0);
  });

  it('are kept apart by contract and product', () => {
    const one = fill('BUY', 65, 100);
    let book: PositionBook = new Map();
    book = applyFill(book, one);
    book = applyFill(book, { ...one, product: 'intraday', side: 'SELL' });
    book = applyFill(book, one);
    expect(book.get(positionKey(key, 'carry'))?.netQuantity).toBe(130);
    expect(book.get(positionKey(key, 'intraday'))?.netQuantity).toBe(-65);
  });

  it.each([
    [{ quantity: 0 }],
    [{ quantity: -65 }],
    [{ quantity: 1.5 }],
    [{ pricePaise: NaN }],
    [{ pricePaise: -5 }],
    [{ chargesPaise: 0.5 }],
    [{ quantity: 2 ** 40, pricePaise: 2 ** 40 }],
  ])('refuse a fill with %j', (changes) => {
    expect(() => after({ ...fill('BUY', 65, 100), ...changes })).toThrow(
      expect.objectContaining({ code: 'fill_malformed' }),
    );
  });

  it('reconcile with cash, to the paisa, over any sequence of trades', () => {
    const trade = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 5_000 }),
      pricePaise: fc.integer({ min: 0, max: 500_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(trade, { maxLength: 60 }),
        fc.integer({ min: 0, max: 500_000 }),
        (trades, markPaise) => {
          let cashPaise = 0;
          let position = flatPosition(key, 'carry');
          for (const { side, quantity, pricePaise } of trades) {
            const valuePaise = quantity * pricePaise;
            const one = { exchange: 'NSE', symbol: 'NIFTY', event: 'option' } as const;
            const charged = { ...one, side, valuePaise, tradedMs };
            const chargesPaise = chargesOf(charged, flatTwentyPlan).totalPaise;
            cashPaise += (side === 'BUY' ? -valuePaise : valuePaise) - chargesPaise;
            const next = { ...fill(side, quantity, pricePaise), chargesPaise };
            const before = position;
            position = fillPosition(position, next);
            expect(Math.sign(position.openValuePaise)).toBeGreaterThanOrEqual(0);
            const isSameWay = Math.sign(before.netQuantity) === (side === 'BUY' ? 1 : -1);
            if (isSameWay) expect(position.realisedPaise).toBe(before.realisedPaise);
          }
          const { netPaise } = profitOf(position, markPaise);
          expect(cashFlowOf(position)).toBe(cashPaise);
          expect(netPaise).toBe(cashPaise + position.netQuantity * markPaise);
          if (position.netQuantity === 0) expect(position.openValuePaise).toBe(0);
        },
      ),
      { seed: 8, numRuns: 400 },
    );
  });
});

describe('expiry', () => {
  const call = { kind: 'option', type: 'CE', strikePaise: 2_450_000 } as const;
  const terms = {
    contract: call, settlementPaise: 2_460_000, exchange: 'NSE', symbol: 'NIFTY',
    expiredMs: Date.parse('2026-11-24T15:40:00+05:30'),
  } as const;

  it('is worth what it is in the money by', () => {
    expect(settlementValue(call, 2_460_000)).toBe(10_000);
    expect(settlementValue(call, 2_440_000)).toBe(0);
    expect(settlementValue({ ...call, type: 'PE' }, 2_440_000)).toBe(10_000);
    expect(settlementValue({ kind: 'future' }, 2_440_000)).toBe(2_440_000);
  });

  it('exercises a long in the money, with tax on its intrinsic value', () => {
    const held = after(fill('BUY', 65, 8_000));
    const { position, fill: closing, charges } = settleExpiry(held, terms, flatTwentyPlan);
    expect(closing).toMatchObject({ side: 'SELL', quantity: 65, pricePaise: 10_000 });
    expect(charges).toMatchObject({ sttPaise: 975, totalPaise: 975, brokeragePaise: 0 });
    expect(position).toMatchObject({ netQuantity: 0, realisedPaise: 65 * 2_000 });
    expect(profitOf(position, null).netPaise).toBe(130_000 - 975);
  });

  it('costs a short its intrinsic value and no tax; what is worthless ends at zero', () => {
    const short = settleExpiry(after(fill('SELL', 65, 8_000)), terms, flatTwentyPlan);
    expect(short.position.realisedPaise).toBe(-65 * 2_000);
    expect(short.charges.totalPaise).toBe(0);
    const out = { ...terms, settlementPaise: 2_400_000 };
    const lost = settleExpiry(after(fill('BUY', 65, 8_000)), out, flatTwentyPlan);
    expect(lost).toMatchObject({ fill: { pricePaise: 0 }, charges: { totalPaise: 0 } });
    expect(lost.position.realisedPaise).toBe(-65 * 8_000);
  });

  it('does nothing to what is flat', () => {
    const flat = flatPosition(key, 'carry');
    expect(settleExpiry(flat, terms, flatTwentyPlan)).toMatchObject({ position: flat, fill: null });
  });
});
