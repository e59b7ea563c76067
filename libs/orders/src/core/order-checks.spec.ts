import type { OrderRequest } from '@strikewire/broker';
import { createCalendar } from '@strikewire/trading-hours';
import { tradingHoursPresets } from '@strikewire/trading-hours/presets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkOrder,
  orderProblemCodes,
  type OrderCheckContext,
  type OrderContract,
} from './order-checks';

const calendar = createCalendar(tradingHoursPresets[0]!);

const contract: OrderContract = {
  key: 'NSE:NIFTY:2026-11-24:24500:CE',
  lotSize: 65,
  tickPaise: 5,
  freezeQuantity: 1_756,
  expiry: '2026-11-24',
  products: ['intraday', 'carry'],
  lowerCircuitPaise: 100,
  upperCircuitPaise: 50_000,
};
const order: OrderRequest = {
  clientOrderId: 'c1',
  token: { segment: 'NSE_FNO', id: '42528' },
  side: 'BUY',
  type: 'LIMIT',
  product: 'carry',
  validity: 'DAY',
  quantity: 130,
  limitPaise: 12_000,
  triggerPaise: null,
};
const context: OrderCheckContext = {
  contract,
  calendar,
  nowMs: Date.parse('2026-11-20T10:00:00+05:30'),
  neededPaise: 1_560_000,
  availablePaise: 1_560_000,
};
const problemsOf = (
  changes: Partial<OrderRequest> = {},
  around: Partial<OrderCheckContext> = {},
): string[] => checkOrder({ ...order, ...changes }, { ...context, ...around })
  .map(({ code }) => code);

describe('checks of an order', () => {
  it('find nothing wrong with a good one of each type', () => {
    expect(problemsOf()).toEqual([]);
    expect(problemsOf({ type: 'MARKET', limitPaise: null })).toEqual([]);
    expect(problemsOf({ type: 'SL', triggerPaise: 11_900 })).toEqual([]);
    expect(problemsOf({ type: 'SL-M', limitPaise: null, triggerPaise: 11_900 })).toEqual([]);
    expect(problemsOf({ quantity: 1_755 })).toEqual([]);
  });

  it.each<[string, Partial<OrderRequest>, Partial<OrderCheckContext>, RegExp]>([
    ['quantity_malformed', { quantity: NaN }, {}, /NaN, needs a whole number above zero/],
    ['quantity_malformed', { quantity: -65 }, {}, /-65/],
    ['quantity_malformed', { quantity: 65.5 }, {}, /65\.5/],
    ['quantity_malformed', { quantity: 0 }, {}, /was 0/],
    ['quantity_malformed', { quantity: Infinity }, {}, /Infinity/],
    ['quantity_absurd', { quantity: 65_000_000 }, {}, /1000000 or less/],
    ['price_malformed', { limitPaise: NaN }, {}, /NaN paise/],
    ['price_malformed', { limitPaise: -5 }, {}, /-5 paise/],
    ['trigger_malformed', { type: 'SL', triggerPaise: 0 }, {}, /was 0 paise/],
    ['price_absurd', { limitPaise: 1e12 }, {}, /₹10000000000\.00/],
    ['contract_unknown', {}, { contract: null }, /NSE_FNO:42528/],
    [
      'contract_expired', {}, { contract: { ...contract, expiry: '2026-11-19' } },
      /expired on 2026-11-19, today is 2026-11-20/,
    ],
    [
      'product_not_allowed', {}, { contract: { ...contract, products: ['intraday'] } },
      /was carry, .* takes intraday/,
    ],
    [
      'market_closed', {}, { nowMs: Date.parse('2026-11-20T15:40:00+05:30') },
      /is in closed, it opens next: 2026-11-23T03:45:00\.000Z/,
    ],
    ['session_unknown', {}, { nowMs: 0 }, /does not know this date/],
    ['session_unknown', {}, { nowMs: NaN }, /does not know this date/],
    ['price_missing', { limitPaise: null }, {}, /a LIMIT order needs a price/],
    ['price_unwanted', { type: 'MARKET' }, {}, /a MARKET order has no price, it was ₹120\.00/],
    ['trigger_missing', { type: 'SL' }, {}, /a SL order needs a trigger/],
    ['trigger_unwanted', { triggerPaise: 11_000 }, {}, /LIMIT order has no trigger/],
    ['lot_multiple', { quantity: 100 }, {}, /was 100, needs a multiple of 65/],
    ['freeze_quantity', { quantity: 1_820 }, {}, /was 1820, one order may have 1755 \(27 lots\)/],
    ['price_tick', { limitPaise: 12_003 }, {}, /steps of ₹0\.05: ₹120\.00 or ₹120\.05/],
    ['trigger_tick', { type: 'SL', triggerPaise: 11_901 }, {}, /₹119\.00 or ₹119\.05/],
    ['price_circuit', { limitPaise: 50_005 }, {}, /₹500\.05, today's range is ₹1\.00 to ₹500\.00/],
    ['trigger_circuit', { type: 'SL', triggerPaise: 95 }, {}, /₹0\.95/],
    ['trigger_beyond_limit', { type: 'SL', triggerPaise: 12_005 }, {}, /at or below its price/],
    [
      'trigger_beyond_limit', { type: 'SL', side: 'SELL', triggerPaise: 11_995 }, {},
      /at or above its price/,
    ],
    [
      'funds_short', {}, { availablePaise: 1_550_000 },
      /₹15600\.00 are needed, ₹15500\.00 are free: ₹100\.00 short/,
    ],
    ['funds_unknown', {}, { availablePaise: NaN }, /free NaN paise/],
  ])('tell %s apart', (code, changes, around, message) => {
    const problems = checkOrder({ ...order, ...changes }, { ...context, ...around });
    expect(problems[0]?.code).toBe(code);
    expect(problems[0]?.message).toMatch(message);
  });

  it('tell all that is wrong, the first to mend first', () => {
    const bad = { quantity: -1, limitPaise: 12_003, type: 'SL' as const };
    const around = { nowMs: Date.parse('2026-11-21T10:00:00+05:30'), availablePaise: 0 };
    expect(problemsOf(bad, around)).toEqual([
      'quantity_malformed', 'market_closed', 'trigger_missing', 'price_tick', 'funds_short',
    ]);
  });

  it('hold nothing against an order that nobody knows', () => {
    const unknown = { freezeQuantity: null, expiry: null };
    const loose = { ...contract, ...unknown, lowerCircuitPaise: null, upperCircuitPaise: null };
    const around = { contract: loose, neededPaise: null };
    expect(problemsOf({ quantity: 65_000, limitPaise: 5 }, around)).toEqual([]);
  });

  it('never throw and never pass nonsense, whatever the numbers', () => {
    const wild = fc.oneof(
      fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -0, 0, 2 ** 53, 1e308),
    );
    fc.assert(
      fc.property(wild, fc.option(wild), fc.option(wild), wild, (quantity, limit, trigger, at) => {
        const prices = { limitPaise: limit, triggerPaise: trigger };
        const found = problemsOf({ quantity, ...prices, type: 'SL' }, { nowMs: at });
        const isGood = Number.isSafeInteger(quantity) && quantity > 0 && quantity % 65 === 0;
        expect(found.every((code) => orderProblemCodes.some((one) => one === code))).toBe(true);
        if (!isGood) expect(found.length).toBeGreaterThan(0);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
