import { openDatabase, type ActivityEntry } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { noCharges } from '../core/charges';
import { intendOrder } from '../core/order-life';
import { stepOrder } from '../core/order-state';
import { flatPosition } from '../core/positions';
import { killReleased, type FillRecord, type OrderRecord, type PositionRecord, type SentCall }
  from '../engine/order-journal';
import { CreateOrderTables1795306000011 } from './create-order-tables.migration';
import { PostgresJournal } from './postgres-journal';

let test: TestDatabase;
let database: DataSource;
let journal: PostgresJournal;
const entries: ActivityEntry[] = [];
let breaks = false;
const startMs = Date.parse('2026-11-25T10:00:00+05:30');
const key = 'NSE:NIFTY:2026-12-01:24500:CE';
const act = {
  by: null, action: 'orders.placed', subject: { kind: 'account', id: 'acc', name: 'acc' },
  before: null, after: null,
};

beforeAll(async () => {
  test = await createTestDatabase();
  const migrations = [CreateOrderTables1795306000011];
  database = await openDatabase({ url: test.url, entities: [], migrations, log: silentLog });
  journal = new PostgresJournal(database, {
    record: (_manager, _by, entry) => {
      if (breaks) return Promise.reject(new Error('the log is away'));
      entries.push(entry);
      return Promise.resolve();
    },
  });
});
afterAll(async () => {
  await database.destroy();
  await test.drop();
});
beforeEach(async () => {
  breaks = false;
  entries.length = 0;
  await database.query(`truncate order_intent, order_fill, order_position, order_call,
    order_kill_switch, order_live_account`);
});

function record(id: string, more: Partial<OrderRecord> = {}): OrderRecord {
  const request = {
    clientOrderId: id, token: { segment: 'FNO', id: '1' }, side: 'BUY', type: 'LIMIT',
    product: 'carry', validity: 'DAY', quantity: 65, limitPaise: 10_000, triggerPaise: null,
  } as const;
  return {
    state: intendOrder(request, 'acc', startMs).state,
    facts: {
      key, exchange: 'NSE', underlying: 'NIFTY', underlyingKind: 'index', expiry: '2026-12-01',
      kind: 'CE', strikePaise: 2_450_000, symbol: key, lotSize: 65, tickPaise: 5,
      freezeQuantity: null,
    },
    asked: 'LIMIT', placedBy: { userId: 'u1', name: 'asha' }, requestId: 'r1', leg: 0, slice: 0,
    lowersRisk: false, flattens: false, charges: noCharges, ...more,
  };
}

const fill: FillRecord = {
  account: 'acc', orderId: 'o1', tradeId: 't1', key, side: 'BUY', product: 'carry', quantity: 65,
  pricePaise: 10_000, chargesPaise: 2_400, tradedMs: startMs + 1,
};
const call: SentCall = {
  account: 'acc', callId: 'o1', orderId: 'o1', call: 'place', segment: 'FNO',
  sentMs: startMs + 0.25, answeredMs: null,
};

function position(netQuantity: number): PositionRecord {
  const { facts } = record('o1');
  return {
    account: 'acc', position: { ...flatPosition(key, 'carry'), netQuantity }, facts,
    updatedMs: startMs,
  };
}

describe('the journal of orders', () => {
  it('gives back what it was given, of one step all or nothing', async () => {
    const one = record('o1');
    await journal.create([one], act);
    const state = stepOrder(one.state, { type: 'recorded' }, startMs).state;
    const sent = { ...one, state: { ...state, reason: 'a\0b \ud800' } };
    const save = {
      record: sent, storedVersion: 1, fills: [fill], positions: [position(65)], call,
    };
    await journal.save(save);
    // The answer was lost: it is written again.
    await journal.save(save);
    const found = await journal.load(startMs, startMs);
    expect(found.records).toEqual([
      { ...sent, state: { ...sent.state, reason: 'a b \ufffd' } },
    ]);
    expect(found.fills).toEqual([fill]);
    expect(found.positions).toEqual([position(65)]);
    expect(found.calls).toEqual([call]);
    expect(entries.map(({ action }) => action)).toEqual(['orders.placed']);
    // A version that is not the one that is stored: nothing of it is kept.
    const stale = { ...save, storedVersion: 5, positions: [position(130)] };
    await expect(journal.save({ ...stale, fills: [{ ...fill, tradeId: 't2' }] }))
      .rejects.toMatchObject({ code: 'order_journal_conflict' });
    expect((await journal.load(startMs, startMs)).fills).toEqual([fill]);
  });

  it('has what somebody did in the log once, with the order or the fill that it made', async () => {
    const one = record('o1');
    await journal.create([one], act);
    const { state } = stepOrder(one.state, { type: 'recorded' }, startMs);
    const settled = { ...act, action: 'order.settled' };
    const save = {
      record: { ...one, state }, storedVersion: 1, fills: [], positions: [], call: null,
      act: settled,
    };
    breaks = true;
    await expect(journal.save(save)).rejects.toThrow('away');
    expect((await journal.find('o1'))?.state.version).toBe(1);
    breaks = false;
    await journal.save(save);
    await journal.save(save);
    const adopted = { ...fill, orderId: 'adopted-1' };
    await journal.saveFills([adopted], [position(65)], { ...act, action: 'position.adopted' });
    await journal.saveFills([adopted], [position(65)], { ...act, action: 'position.adopted' });
    expect(entries.map(({ action }) => action))
      .toEqual(['orders.placed', 'order.settled', 'position.adopted']);
    // Late trades may be in it for days.
    expect((await journal.load(startMs + 86_400_000, startMs)).fills).toEqual([adopted]);
  });

  it('makes the orders of a request once, with their entry in the activity log', async () => {
    breaks = true;
    await expect(journal.create([record('o1')], act)).rejects.toThrow('away');
    expect(await journal.byRequest('u1', 'r1')).toEqual([]);
    breaks = false;
    await journal.create([record('o1'), record('o2', { leg: 1 })], act);
    await expect(journal.create([record('o3')], act)).rejects.toThrow('duplicate');
    const made = await journal.byRequest('u1', 'r1');
    expect(made.map(({ state }) => state.order.clientOrderId)).toEqual(['o1', 'o2']);
    expect(await journal.byRequest('u2', 'r1')).toEqual([]);
  });

  it('loads what is open however old it is, and of the ended the day\'s', async () => {
    const ended = (id: string, atMs: number, requestId: string): OrderRecord => {
      const made = record(id, { requestId });
      const { state } = stepOrder(
        { ...made.state, createdMs: atMs }, { type: 'withheld', code: 'x', reason: 'y' }, atMs,
      );
      return { ...made, state };
    };
    const old = record('open', { requestId: 'r2' });
    old.state = { ...old.state, createdMs: startMs - 9e8 };
    await journal.create([old, ended('old', startMs - 9e8, 'r3'), ended('new', startMs, 'r4')],
      act);
    const { records } = await journal.load(startMs, startMs);
    expect(records.map(({ state }) => state.order.clientOrderId)).toEqual(['open', 'new']);
    expect((await journal.find('old'))?.state.status).toBe('denied');
    expect((await journal.history(['acc'], startMs - 1e9)).length).toBe(3);
    expect(await journal.history(['other'], 0)).toEqual([]);
    expect(await journal.find('nothing')).toBeUndefined();
  });

  it('keeps what was sent for its windows, and modifications of open orders', async () => {
    await journal.create([record('o1')], act);
    await journal.called(call);
    await journal.called({ ...call, callId: 'm1', call: 'modify', sentMs: startMs - 2e8 });
    await journal.called({ ...call, callId: 'gone', orderId: 'o9', sentMs: startMs - 2e8 });
    await journal.called({ ...call, callId: 'not-left' });
    await journal.callEnded(call, startMs + 7.5);
    await journal.callEnded({ ...call, callId: 'not-left' }, null);
    const found = await journal.load(startMs, startMs - 1e8);
    expect(found.calls).toEqual([{ ...call, answeredMs: startMs + 7.5 }]);
    expect(found.modifications).toEqual(new Map([['o1', 1]]));
    expect(await database.query('select call_id from order_call order by 1'))
      .toEqual([{ call_id: 'm1' }, { call_id: 'o1' }]);
  });

  it('keeps settlements of two people apart that a venue gave the same ids', async () => {
    const own = { ...fill, orderId: 'settlement-squareoff-intraday-3', account: 'paper:u1' };
    const others = { ...own, account: 'paper:u2', quantity: 130 };
    await journal.saveFills([own], []);
    await journal.saveFills([others], []);
    expect((await journal.load(startMs, startMs)).fills).toEqual([own, others]);
  });

  it('keeps settlements, the kill switch and live accounts', async () => {
    await journal.saveFills([fill], [position(0)]);
    await journal.saveFills([fill], [position(0)]);
    expect(await journal.fillHistory(['acc'], startMs)).toEqual([fill]);
    const days = { ...fill, orderId: 'settlement-carry-1', tradedMs: startMs - 3 * 86_400_000 };
    await journal.saveFills([days, { ...days, orderId: 'o2' }], []);
    expect((await journal.load(startMs, startMs)).fills).toEqual([fill, days]);
    await journal.dropPositions('acc', [`carry:${key}`]);
    expect((await journal.load(startMs, startMs)).kill).toEqual(killReleased);
    const kill = { ...killReleased, active: true, reason: 'enough', by: 'asha', atMs: startMs };
    await journal.saveKill(kill, act);
    await journal.saveLive('acc', true, act);
    await journal.saveLive('other', true, act);
    await journal.saveLive('other', false, act);
    expect(await journal.load(startMs, startMs))
      .toMatchObject({ kill, liveAccounts: ['acc'], positions: [] });
  });
});
