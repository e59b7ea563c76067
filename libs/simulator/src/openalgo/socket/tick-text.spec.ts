import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../market/contract';
import { defaultUnderlyings } from '../../market/data/universe';
import { createMarket } from '../../market/market';
import { tickData, tickMessage, rupeesText } from './tick-text';

const market = createMarket({
  clock: createVirtualClock(Date.parse('2026-11-24T04:30:00Z')),
  seed: 5,
  sessions: { kind: 'always' },
  holidays: [],
  underlyings: defaultUnderlyings.slice(0, 1),
});
const [underlying] = market.underlyings;
if (!underlying) throw new Error('there is nothing');
const index = market.lookSpot(underlying);
const chain = market.chain(underlying, market.expiries(underlying)[0] ?? '');
if (!chain) throw new Error('there is no chain');
const option = market.lookLeg(chain, chain.legs.length >> 1);

const place = { symbol: 'A&B-1', exchange: 'NFO', nowMs: 1_000.5, skewMs: -20 };

const price = ({ ltpPaise, tradeMs }: Contract, mode: number): object => ({
  symbol: 'A&B-1', exchange: 'NFO', timestamp: 980, mode, ltp: ltpPaise / 100,
  ltt: tradeMs === 0 ? 0 : tradeMs - 20,
});
const day = (one: Contract): object => ({
  volume: one.volume, open: one.openPaise / 100, high: one.highPaise / 100,
  low: one.lowPaise / 100, close: one.closePaise / 100, last_quantity: one.lastQuantity,
  average_price: Math.round(one.averagePaise) / 100, total_buy_quantity: one.buyQuantity,
  total_sell_quantity: one.sellQuantity,
});
const side = ({ depth }: Contract, at: number): object[] => [0, 6, 12, 18, 24].map((level) => ({
  price: (depth[level + at + 4] ?? NaN) / 100, quantity: depth[level + at],
  orders: depth[level + at + 2],
}));
const book = (one: Contract): object => ({
  oi: one.oi, oi_high: one.oiHigh, oi_low: one.oiLow,
  depth: { buy: side(one, 0), sell: side(one, 1) }, depth_level: 5,
});

describe('the text of a tick', () => {
  it('tells more in a higher mode', () => {
    const texts = ([1, 2, 3] as const).map((mode) => tickData(option, mode, place));
    expect(texts.map((text) => JSON.parse(text) as object)).toEqual([
      price(option, 1),
      { ...price(option, 2), ...day(option) },
      { ...price(option, 3), ...day(option), ...book(option) },
    ]);
  });

  it('has no book of an index', () => {
    const told = JSON.parse(tickData(index, 3, place)) as object;
    expect(told).toEqual({ ...price(index, 3), ...day(index) });
  });

  it('names the mode that its reader has asked for', () => {
    const told = JSON.parse(tickMessage(1, place, tickData(option, 2, place))) as object;
    expect(told).toEqual({
      type: 'market_data', symbol: 'A&B-1', exchange: 'NFO', mode: 1, broker: 'simulated',
      data: { ...price(option, 2), ...day(option) },
    });
  });
});

describe('rupees', () => {
  it('are written as JSON writes them, of any whole paise', () => {
    const some = Array.from({ length: 300 }, (_, index) => [index, index * 7_919 + 24_390_000]);
    for (const paise of [...some.flat(), 2_147_483_647]) {
      expect(rupeesText(paise)).toBe(String(paise / 100));
    }
  });
});
