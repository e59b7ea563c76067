import type { LiveChain } from '@strikewire/contracts';
import { optionPrice, PricingTerms } from '@strikewire/pricing';
import { expect, it } from 'vitest';
import type { BasketLeg } from './basket';
import { basketDrawings, type BasketMarket } from './basket-drawing';
import { termsOf } from './testing';

const wallMs = Date.parse('2026-11-17T10:00:00+05:30');
const [near, far] = ['2026-11-24', '2026-12-01'];

function chainOf(yearsToExpiry: number, iv: number | null = 12): LiveChain {
  const leg = { ask: 101, bid: 99, ltp: 100, iv };
  return {
    spot: { ltp: 26_000 },
    forward: { value: 26_000, source: 'parity' },
    pricing: { model: 'black76', rate: 0, yearsToExpiry },
    strikes: [{ strike: 26_000, iv, CE: leg, PE: leg }],
  } as unknown as LiveChain;
}

function legOf(contract: string, side: 'BUY' | 'SELL', price?: number): BasketLeg {
  const type = price === undefined ? 'MARKET' : 'LIMIT';
  return {
    ticket: {
      contract, side, type, product: 'carry', quantity: 75, ...(price !== undefined && { price }),
    },
    lotSize: 75,
  };
}

const marketOf = (iv: number | null = 12): BasketMarket => ({
  chains: new Map([
    [`NIFTY ${near}`, chainOf(7 / 365, iv)], [`NIFTY ${far}`, chainOf(14 / 365, iv)],
  ]),
  futures: new Map(),
  trouble: '',
});
const calendar = [
  legOf(`NSE:NIFTY:${near}:26000:CE`, 'SELL', 172), legOf(`NSE:NIFTY:${far}:26000:CE`, 'BUY', 244),
];

it('values later legs by their volatility on the day when the first expire', () => {
  const [drawing] = basketDrawings(calendar, marketOf(), wallMs);
  const { curve, today, day } = drawing!.drawn!;
  expect([curve.isExact, day]).toEqual([false, '24 Nov']);
  // Seven days are left of the later one: 26,000 × 12 % × √(7/365) × 0.39894 is 172.37.
  expect(curve.gainAt(26_000) / 75).toBeCloseTo(172.37 - (244 - 172), 1);
  // Far away from the strike both are worth the same: what it cost is lost.
  expect(curve.gainAt(20_000) / 75).toBeCloseTo(-72, 1);
  expect(curve.gainAt(33_000) / 75).toBeCloseTo(-72, 1);
  expect(curve.shape.maxLoss! / 75).toBeCloseTo(-72, 1);
  expect(curve.shape.maxProfit! / 75).toBeCloseTo(172.37 - 72, 1);
  expect(curve.shape.breakEvens).toHaveLength(2);
  // Now: 26,000 × 12 % × 0.39894 × (√(14/365) − √(7/365)).
  expect(today!(26_000) / 75).toBeCloseTo(243.76 - 172.37 - 72, 1);
});

it('goes on without limit where units are left over', () => {
  const ratio = [...calendar, legOf(`NSE:NIFTY:${far}:26000:CE`, 'SELL', 244)];
  const { shape } = basketDrawings(ratio, marketOf(), wallMs)[0]!.drawn!.curve;
  expect([shape.maxLoss, shape.maxProfit === null]).toEqual([null, false]);
});

it('says why later legs cannot be drawn', () => {
  const [drawing] = basketDrawings(calendar, marketOf(null), wallMs);
  expect(drawing?.drawn).toBeNull();
  expect(drawing?.why).toContain('a volatility of each option');
  const unread = { chains: new Map(), futures: new Map(), trouble: 'the platform is away' };
  const market = [legOf(`NSE:NIFTY:${near}:26000:CE`, 'BUY')];
  expect(basketDrawings(market, unread, wallMs)[0]?.why).toContain('the platform is away');
});

it('takes a later future along by what is left of what it is above the spot', () => {
  const key = 'NSE:NIFTY:2026-12-29:FUT';
  const futures = new Map([[key, termsOf({ key, ltp: 26_260, spot: 26_000 })]]);
  const legs = [legOf(`NSE:NIFTY:${near}:26000:PE`, 'BUY', 150), legOf(key, 'BUY', 26_260)];
  const [drawing] = basketDrawings(legs, { ...marketOf(), futures }, wallMs);
  const { curve, today } = drawing!.drawn!;
  // Seven of its 42 days have gone by then, and with them a sixth of the 260.
  expect(curve.gainAt(26_000) / 75).toBeCloseTo(-150 - 260 / 6, 6);
  expect(curve.gainAt(25_740) / 75).toBeCloseTo(-150 - 260 / 6, 6);
  expect(curve.gainAt(27_000) / 75).toBeCloseTo(1_000 - 150 - 260 / 6, 6);
  expect(curve.shape.maxProfit).toBeNull();
  // Now it is above by all of it: the put alone has cost more or less than it is worth.
  expect(today!(26_000) / 75).toBeCloseTo(172.37 - 150, 1);
});

/** A chain at 26,000 with 6.5 % of carry a year, its call and put at 12 %. */
function carriedChain(days: number): { chain: LiveChain; call: number } {
  const value = 26_000 * Math.exp((0.065 * days) / 365);
  const terms = new PricingTerms('black76').update(value, days / 365, 0.065);
  const call = optionPrice(terms, true, 26_000, 0.12);
  const chain = {
    ...chainOf(days / 365),
    forward: { value, source: 'parity' },
    pricing: { model: 'black76', rate: 6.5, yearsToExpiry: days / 365 },
  } as unknown as LiveChain;
  return { chain, call };
}

it('values a monthly calendar by the carry that is left when its first month ends', () => {
  const [first, second] = [carriedChain(28), carriedChain(56)];
  const market = {
    ...marketOf(),
    chains: new Map([['NIFTY 2026-12-22', first.chain], ['NIFTY 2027-01-19', second.chain]]),
  };
  const [drawing] = basketDrawings([
    legOf('NSE:NIFTY:2026-12-22:26000:CE', 'SELL', first.call),
    legOf('NSE:NIFTY:2027-01-19:26000:CE', 'BUY', second.call),
  ], market, wallMs);
  const { curve } = drawing!.drawn!;
  expect(second.call - first.call).toBeCloseTo(212.6, 1);
  expect(curve.gainAt(26_000) / 75).toBeCloseTo(200, 0);
  // 26,000 and 4 % more: -42 by a carry that grows with the spot, five rupees less by a fixed one.
  expect(Math.abs(curve.gainAt(27_000) / 75 + 42)).toBeLessThan(6);
  const [low, high] = curve.shape.breakEvens;
  expect(Math.abs(low! - 25_573)).toBeLessThan(15);
  expect(Math.abs(high! - 26_681)).toBeLessThan(15);
});

it('balances months of futures that are sold and bought', () => {
  const [a, b] = ['NSE:NIFTY:2026-11-24:FUT', 'NSE:NIFTY:2026-12-29:FUT'];
  const futures = new Map([
    [a, termsOf({ key: a, ltp: 26_050, spot: 26_000 })],
    [b, termsOf({ key: b, ltp: 26_210, spot: 26_000 })],
  ]);
  const legs = [legOf(a, 'SELL', 26_050), legOf(b, 'BUY', 26_210)];
  const { shape } = basketDrawings(legs, { ...marketOf(), futures }, wallMs)[0]!.drawn!.curve;
  expect(shape.maxProfit! / 75).toBeGreaterThan(0);
  expect(shape.maxProfit! / 75).toBeLessThan(50);
  expect(shape.maxProfit).toBeCloseTo(shape.maxLoss!, 3);
  expect(shape.breakEvens).toEqual([]);
});

it('has no break-even far above, of a sold later call and a future', () => {
  const key = `NSE:NIFTY:${near}:FUT`;
  const futures = new Map([[key, termsOf({ key, ltp: 26_050, spot: 26_000 })]]);
  const chain = { ...chainOf(42 / 365), forward: { value: 26_150, source: 'parity' } } as LiveChain;
  const chains = new Map([['NIFTY 2026-12-29', chain]]);
  const legs = [legOf('NSE:NIFTY:2026-12-29:26000:CE', 'SELL', 500), legOf(key, 'BUY', 26_050)];
  const { shape } = basketDrawings(legs, { chains, futures, trouble: '' }, wallMs)[0]!.drawn!.curve;
  expect(shape.breakEvens).toHaveLength(1);
  expect(shape.maxProfit).not.toBeNull();
});

it('draws a covered call of crude on its own future, though they were not read at once', () => {
  const key = 'MCX:CRUDEOIL:2026-12-18:FUT';
  const quote = { ask: 90, bid: 90, ltp: 90, iv: 30 };
  const chain = {
    spot: { ltp: 5_850 },
    forward: { value: 5_850, source: 'parity' },
    pricing: { model: 'black76', rate: 0, yearsToExpiry: 29 / 365 },
    strikes: [{ strike: 6_000, iv: 30, CE: quote, PE: quote }],
  } as unknown as LiveChain;
  const legs = [
    legOf(key, 'BUY', 5_850), legOf('MCX:CRUDEOIL:2026-12-16:6000:CE', 'SELL', 90),
  ];
  const at = (ltp: number): ReturnType<typeof basketDrawings>[number]['drawn'] => basketDrawings(
    legs,
    {
      chains: new Map([['CRUDEOIL 2026-12-16', chain]]),
      futures: new Map([[key, termsOf({ key, ltp, spot: 5_850 })]]),
      trouble: '',
    },
    wallMs,
  )[0]!.drawn;
  const { curve, note } = at(5_850)!;
  expect(curve.shape.breakEvens).toHaveLength(1);
  expect(curve.shape.breakEvens[0]).toBeCloseTo(5_760, 6);
  expect(curve.shape.maxProfit! / 75).toBeCloseTo(240, 6);
  expect(note).toBe('');
  expect(at(5_852)!.curve.shape.maxProfit).not.toBeNull();
});

it('keeps the ratio of a commodity\'s later month, and says so', () => {
  const [a, b] = ['MCX:NATURALGAS:2026-11-24:FUT', 'MCX:NATURALGAS:2026-12-28:FUT'];
  const futures = new Map([
    [a, termsOf({ key: a, ltp: 250, spot: 250 })], [b, termsOf({ key: b, ltp: 310, spot: 250 })],
  ]);
  const legs = [legOf(a, 'SELL', 250), legOf(b, 'BUY', 310)];
  const { curve, note } = basketDrawings(legs, { ...marketOf(), futures }, wallMs)[0]!.drawn!;
  expect(curve.gainAt(250)).toBeCloseTo(0, 6);
  expect(curve.gainAt(300) / 75).toBeCloseTo(12, 6);
  expect(curve.shape).toMatchObject({ maxProfit: null });
  expect(note).toContain('a contract of its own');
  expect(basketDrawings(calendar, marketOf(), wallMs)[0]!.drawn!.note).toBe('');
});
