import { settlementPriceSchema, type SettlementPrice } from '@strikewire/contracts';
import { openDatabase, type ActivityRecorder } from '@strikewire/platform';
import { errorCodeOf, silentLog } from '@strikewire/runtime';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { admin } from '../engine/testing/order-bench';
import { CreateSettlementPrices1795306000040 } from './create-settlement-prices.migration';
import { PaperSettlements, type WaitingExpiry } from './paper-settlements';
import { createSettlementPrices, type SettlementPrices } from './settlement-prices';

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let prices: SettlementPrices;
let acts: unknown[];
let waiting: WaitingExpiry[];

const activity = {
  record: async (_manager: unknown, _by: unknown, entry: unknown) => void acts.push(entry),
} as unknown as ActivityRecorder;
const reopen = async (): Promise<void> => {
  prices = await createSettlementPrices(database, activity);
};
const state = (more: Partial<SettlementPrice> = {}): Promise<string> => {
  const body = {
    exchange: 'NSE', underlying: 'NIFTY', expiry: '2026-11-24', price: 24_512.35,
    reason: 'circular', ...more,
  } as const;
  const desk = new PaperSettlements({ wallMs: () => 1_000 }, prices, () => waiting);
  return desk.state(admin, body).then(() => 'done', errorCodeOf);
};
const nifty = { exchange: 'NSE', underlying: 'NIFTY', expiry: '2026-11-24' } as const;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({
    url: test.url, entities: [], migrations: [CreateSettlementPrices1795306000040],
    log: silentLog,
  });
});
afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});
beforeEach(async () => {
  await database.query('delete from paper_settlement_price');
  acts = [];
  waiting = [{ ...nifty, positions: 2, strikesPaise: [2_400_000, 2_500_000] }];
  await reopen();
});

describe('a settlement price that is stated', () => {
  it('is kept over a start, with its entry in the log', async () => {
    expect(prices.of(nifty)).toBeNull();
    expect(await state()).toBe('done');
    expect(prices.of(nifty)).toBe(2_451_235);
    await reopen();
    expect(prices.of(nifty)).toBe(2_451_235);
    expect(prices.of({ ...nifty, expiry: '2026-12-01' })).toBeNull();
    expect(acts).toMatchObject([{
      action: 'settlement.stated', subject: { id: 'NSE:NIFTY:2026-11-24' },
      after: { price: 24_512.35, reason: 'circular', positions: 2 },
    }]);
  });

  it('stays: the second of two at once is refused', async () => {
    const both = await Promise.all([state(), state({ price: 24_600 })]);
    expect(both.sort()).toEqual(['done', 'settlement_stated']);
    expect(acts).toHaveLength(1);
    expect(await state({ price: 24_700 })).toBe('settlement_stated');
  });

  it.each<[string, Partial<SettlementPrice>]>([
    ['nothing_waits', { underlying: 'BANKNIFTY' }],
    ['nothing_waits', { expiry: '2026-12-01' }],
    ['nothing_waits', { exchange: 'BSE' }],
    ['settlement_absurd', { price: 2_451.23 }],
    ['settlement_absurd', { price: 245_123 }],
    ['settlement_absurd', { price: 0.001 }],
  ])('is refused as %s: %o', async (code, more) => {
    expect(await state(more)).toBe(code);
    expect(acts).toEqual([]);
    expect(await database.query('select * from paper_settlement_price')).toEqual([]);
  });

  it.each([
    { price: 0 }, { price: -1 }, { price: NaN }, { price: 1e9 }, { price: '100' },
    { expiry: '2026-13-01' }, { expiry: 'soon' }, { underlying: 'a b' }, { exchange: 'NYSE' },
    { reason: '' }, { more: 1 },
  ])('is none as %o', (more) => {
    const good = { ...nifty, price: 24_500, reason: 'x' };
    expect(settlementPriceSchema.safeParse(good).success).toBe(true);
    expect(settlementPriceSchema.safeParse({ ...good, ...more }).success).toBe(false);
  });

  it.each([[2_451, 'settlement_absurd'], [36_751, 'settlement_absurd'], [24_512.35, 'done']])(
    'of futures alone is near their last price: ₹%d is %s', async (price, code) => {
      waiting = [{ ...nifty, positions: 1, strikesPaise: [], futuresPaise: [2_450_000] }];
      expect(await state({ price })).toBe(code);
    });

  it('of futures alone that nobody knows a price of has nothing to be far from', async () => {
    waiting = [{ ...nifty, positions: 1, strikesPaise: [], futuresPaise: [] }];
    expect(await state({ price: 2_451 })).toBe('done');
  });

  it('counts when it was stored though nobody heard', async () => {
    const { transaction } = database;
    const lost = async (work: (manager: EntityManager) => Promise<unknown>): Promise<never> => {
      await (transaction as unknown as typeof lost).call(database, work);
      throw new Error('the connection was lost');
    };
    database.transaction = lost as unknown as typeof transaction;
    expect(await state()).not.toBe('done');
    database.transaction = transaction;
    expect(await state({ price: 24_600 })).toBe('settlement_stated');
    expect(prices.of(nifty)).toBe(2_451_235);
    expect(acts).toHaveLength(1);
  });
});
