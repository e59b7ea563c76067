import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { noCharges } from '../core/charges';
import { paperOrder, type PaperOrder, type PaperStage } from '../core/paper-order';
import { fillPosition, flatPosition } from '../core/positions';
import { futureProtection } from '../core/price-protection';
import { CreatePaperTables1795306000031 } from './create-paper-tables.migration';
import { paperEntities } from './paper-entities';
import {
  createPaperTables,
  type PaperTables,
  type StoredPaperChange,
  type StoredPaperOrder,
  type StoredPaperPosition,
  type StoredPaperTrade,
} from './paper-store';

type Change = StoredPaperChange<StoredPaperOrder, StoredPaperTrade, StoredPaperPosition>;

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let tables: PaperTables<StoredPaperOrder, StoredPaperTrade, StoredPaperPosition>;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({
    url: test.url,
    entities: paperEntities,
    migrations: [CreatePaperTables1795306000031],
    log: silentLog,
  });
  tables = createPaperTables(database);
});

afterAll(async () => {
  await database.destroy();
  await test.drop();
});

const key = 'NSE:NIFTY:2026-11-24:24500:CE';
const token = { segment: 'NSE', id: key };
const nowMs = Date.parse('2026-11-24T05:00:00.123Z');

function orderOf(id: number, stage: PaperStage, updatedMs = nowMs): StoredPaperOrder {
  const order: PaperOrder = {
    ...paperOrder({
      clientOrderId: `c${id}`, token, side: 'BUY', type: 'LIMIT', product: 'carry',
      validity: 'DAY', quantity: 65, limitPaise: 10_000, triggerPaise: null,
    }, { tickPaise: 5, lowerCircuitPaise: null, upperCircuitPaise: null }, updatedMs, {
      latencyMs: 60, protection: futureProtection, bookAgeMaxMs: 2_000,
    }),
    stage,
    takenVersion: 4_503_599_627_370_495,
    taken: [{ pricePaise: 10_000, quantity: 65 }],
  };
  const extra = { valuePaise: 650_000, charges: noCharges };
  return { orderId: `p${id}`, clientOrderId: `c${id}`, order, updatedMs, ...extra };
}

function tradeOf(id: number, tradedMs = nowMs): StoredPaperTrade {
  return {
    tradeId: `t${id}`, brokerOrderId: 'p1', token, side: 'BUY', quantity: 65, pricePaise: 10_000,
    tradedMs, key, product: 'carry',
  };
}

const fill = {
  key, product: 'carry', side: 'BUY', quantity: 65, pricePaise: 10_000, chargesPaise: 2_400,
} as const;
const held = fillPosition(flatPosition(key, 'carry'), fill);
const totals = { openingPaise: 100_000_000, cashPaise: 99_347_600, sequence: 3 };

const changeOf = (userId: string, change: Partial<Change> = {}): Change => ({
  userId,
  totals,
  orders: [orderOf(1, 'filled')],
  trades: [tradeOf(1)],
  positions: [{ position: held }],
  ...change,
});
const of = (all: readonly Change[], userId: string): Change | undefined =>
  all.find((one) => one.userId === userId);

describe('paper accounts in Postgres', () => {
  it('come back as they were, and the same change twice is one', async () => {
    const change = changeOf('u1');
    await tables.save(change);
    await tables.save(structuredClone(change));
    expect(of(await tables.load(nowMs), 'u1')).toEqual(change);
  });

  it('keep what is live or open, and leave what is over and older', async () => {
    const later = nowMs + 86_400_000;
    const flat = fillPosition(held, { ...fill, side: 'SELL', chargesPaise: 0 });
    const [live, over] = [orderOf(2, 'resting'), orderOf(3, 'cancelled')];
    await tables.save(changeOf('u2', { orders: [live, over] }));
    expect(of(await tables.load(later), 'u2')).toMatchObject({
      orders: [{ orderId: 'p2' }], trades: [], positions: [{ position: held }],
    });
    await tables.save(changeOf('u2', { orders: [], trades: [], positions: [{ position: flat }] }));
    expect(of(await tables.load(later), 'u2')?.positions).toEqual([]);
    expect(of(await tables.load(nowMs), 'u2')?.positions).toEqual([{ position: flat }]);
  });

  it('are written whole or not at all', async () => {
    const twice = { ...orderOf(9, 'resting'), clientOrderId: 'c8' };
    await tables.save(changeOf('u3', { orders: [orderOf(8, 'resting')] }));
    const wrong = changeOf('u3', {
      totals: { ...totals, cashPaise: 1 }, orders: [twice], trades: [tradeOf(7)],
    });
    await expect(tables.save(wrong)).rejects.toThrow();
    const stored = of(await tables.load(nowMs), 'u3');
    expect(stored?.totals).toEqual(totals);
    expect(stored?.trades.map(({ tradeId }) => tradeId)).toEqual(['t1']);
    const badTotals = changeOf('u3', { totals: { ...totals, sequence: -1 } });
    await expect(tables.save(badTotals)).rejects.toThrow();
  });

  it('can be taken away and made again', async () => {
    await database.undoLastMigration();
    await expect(tables.load(0)).rejects.toThrow();
    await database.runMigrations();
    expect(await tables.load(0)).toEqual([]);
  });
});
