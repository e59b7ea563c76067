import { byPlatform, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { DataSource, EntityManager } from 'typeorm';
import { isComplete } from '../core/order-look-up';
import { positionKey } from '../core/positions';
import {
  killReleased,
  type FillRecord,
  type JournalContents,
  type KillState,
  type OrderAct,
  type OrderJournal,
  type OrderRecord,
  type OrderSave,
  type PositionRecord,
  type SentCall,
} from '../engine/order-journal';
import {
  callOf,
  fillOf,
  jsonOf,
  type CallRow,
  type FillRow,
  type RecordRow,
} from './journal-rows';

/** Rows of one answer of a list. */
const rowsMax = 10_000;
/** Longer than any venue tells of a settlement. */
const settlementsMs = 14 * 86_400_000;

/** Orders in Postgres; what people did is in the activity log by the same transaction. */
export class PostgresJournal implements OrderJournal {
  private readonly database: DataSource;
  private readonly activity: ActivityRecorder;

  constructor(database: DataSource, activity: ActivityRecorder) {
    this.database = database;
    this.activity = activity;
  }

  async load(sinceMs: number, callsSinceMs: number): Promise<JournalContents> {
    const since = new Date(sinceMs);
    // What no window reaches back to is of no use any more; what orders still open were changed
    // by is counted for each of them.
    await this.database.query(
      `delete from order_call where sent_ms < $1
         and not exists (select from order_intent o where o.id = order_id and o.is_open)`,
      [callsSinceMs],
    );
    const records = await this.query<RecordRow>(
      `select record from order_intent where is_open or created_at >= $1
       order by created_at, leg, slice`,
      [since],
    );
    // Settlements are told for days, and are known by their ids alone; what was adopted has late
    // trades in it.
    const fills = await this.query<FillRow>(
      `select * from order_fill where traded_at >= $1
         or (traded_at >= $2
             and (order_id like 'settlement-%' or order_id like 'adopted-%'))`,
      [since, new Date(sinceMs - settlementsMs)],
    );
    const positions = await this.query<{ record: PositionRecord }>(
      'select record from order_position', [],
    );
    const calls = await this.query<CallRow>('select * from order_call', []);
    const kills = await this.query<{ state: KillState }>(
      'select state from order_kill_switch', [],
    );
    const live = await this.query<{ account: string }>(
      'select account from order_live_account', [],
    );
    const modifications = new Map<string, number>();
    for (const { call, order_id: id } of calls) {
      if (call === 'modify') modifications.set(id, (modifications.get(id) ?? 0) + 1);
    }
    return {
      records: records.map(({ record }) => record),
      fills: fills.map(fillOf),
      positions: positions.map(({ record }) => record),
      calls: calls.map(callOf).filter(({ sentMs }) => sentMs >= callsSinceMs),
      modifications,
      kill: kills[0]?.state ?? killReleased,
      liveAccounts: live.map(({ account }) => account),
    };
  }

  async byRequest(userId: string, requestId: string): Promise<OrderRecord[]> {
    const rows = await this.query<RecordRow>(
      `select record from order_intent where user_id = $1 and request_id = $2
       order by leg, slice`,
      [userId, requestId],
    );
    return rows.map(({ record }) => record);
  }

  create(records: readonly OrderRecord[], act: OrderAct): Promise<void> {
    return this.database.transaction(async (manager) => {
      for (const record of records) {
        const { state, placedBy, requestId, leg, slice } = record;
        await manager.query(
          `insert into order_intent
             (id, account, user_id, request_id, leg, slice, is_open, version, created_at, record)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [
            state.order.clientOrderId, state.account, placedBy.userId, requestId, leg, slice,
            !isComplete(state), state.version, new Date(state.createdMs), jsonOf(record),
          ],
        );
      }
      await this.record(manager, act);
    });
  }

  save({ record, storedVersion, fills, positions, call, act }: OrderSave): Promise<void> {
    const { state } = record;
    const id = state.order.clientOrderId;
    return this.database.transaction(async (manager) => {
      // A write whose answer was lost is written again: the version may be there already, and with
      // it what somebody did.
      const isNoted = !act || await hasVersion(manager, id, state.version);
      const found: [unknown[], number] = await manager.query(
        `update order_intent set version = $3, is_open = $4, record = $5
         where id = $1 and version between $2 and $3`,
        [id, storedVersion, state.version, !isComplete(state), jsonOf(record)],
      );
      if (found[1] !== 1) throw conflict(id, storedVersion);
      await this.keep(manager, fills, positions);
      if (call) await insertCall(manager, call);
      if (act && !isNoted) await this.record(manager, act);
    });
  }

  saveFills(
    fills: readonly FillRecord[],
    positions: readonly PositionRecord[],
    act?: OrderAct,
  ): Promise<void> {
    return this.database.transaction(async (manager) => {
      const added = await this.keep(manager, fills, positions);
      if (act && added > 0) await this.record(manager, act);
    });
  }

  async dropPositions(account: string, keys: readonly string[]): Promise<void> {
    await this.database.query(
      'delete from order_position where account = $1 and position_key = any($2)',
      [account, keys],
    );
  }

  async called(call: SentCall): Promise<void> {
    await insertCall(this.database.manager, call);
  }

  async callEnded({ account, callId }: SentCall, answeredMs: number | null): Promise<void> {
    if (answeredMs === null) {
      await this.database.query(
        'delete from order_call where account = $1 and call_id = $2', [account, callId],
      );
      return;
    }
    await this.database.query(
      'update order_call set answered_ms = $3 where account = $1 and call_id = $2',
      [account, callId, answeredMs],
    );
  }

  saveKill(kill: KillState, act: OrderAct | null): Promise<void> {
    return this.database.transaction(async (manager) => {
      await manager.query(
        `insert into order_kill_switch (id, state) values (1, $1)
         on conflict (id) do update set state = excluded.state`,
        [jsonOf(kill)],
      );
      if (act) await this.record(manager, act);
    });
  }

  saveLive(account: string, live: boolean, act: OrderAct): Promise<void> {
    return this.database.transaction(async (manager) => {
      await manager.query(
        live
          ? 'insert into order_live_account (account) values ($1) on conflict do nothing'
          : 'delete from order_live_account where account = $1',
        [account],
      );
      await this.record(manager, act);
    });
  }

  note(act: OrderAct): Promise<void> {
    return this.database.transaction((manager) => this.record(manager, act));
  }

  async find(orderId: string): Promise<OrderRecord | undefined> {
    const rows = await this.query<RecordRow>(
      'select record from order_intent where id = $1', [orderId],
    );
    return rows[0]?.record;
  }

  async history(accounts: readonly string[], sinceMs: number): Promise<OrderRecord[]> {
    const rows = await this.query<RecordRow>(
      `select record from order_intent where account = any($1) and created_at >= $2
       order by created_at desc limit ${rowsMax}`,
      [accounts, new Date(sinceMs)],
    );
    return rows.map(({ record }) => record);
  }

  async fillHistory(accounts: readonly string[], sinceMs: number): Promise<FillRecord[]> {
    const rows = await this.query<FillRow>(
      `select * from order_fill where account = any($1) and traded_at >= $2
       order by traded_at desc limit ${rowsMax}`,
      [accounts, new Date(sinceMs)],
    );
    return rows.map(fillOf);
  }

  /** How many fills were new. */
  private async keep(
    manager: EntityManager,
    fills: readonly FillRecord[],
    positions: readonly PositionRecord[],
  ): Promise<number> {
    let added = 0;
    for (const one of fills) {
      const rows: unknown[] = await manager.query(
        `insert into order_fill (order_id, trade_id, account, contract, side, product, quantity,
           price_paise, charges_paise, traded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (account, order_id, trade_id) do nothing returning trade_id`,
        [
          one.orderId, one.tradeId, one.account, one.key, one.side, one.product, one.quantity,
          one.pricePaise, one.chargesPaise, new Date(one.tradedMs),
        ],
      );
      added += rows.length;
    }
    for (const one of positions) {
      const { key, product } = one.position;
      await manager.query(
        `insert into order_position (account, position_key, updated_at, record)
         values ($1, $2, $3, $4)
         on conflict (account, position_key)
         do update set updated_at = excluded.updated_at, record = excluded.record`,
        [one.account, positionKey(key, product), new Date(one.updatedMs), jsonOf(one)],
      );
    }
    return added;
  }

  private async record(manager: EntityManager, { by, ...entry }: OrderAct): Promise<void> {
    await this.activity.record(manager, (by as ActedBy | null) ?? byPlatform, entry);
  }

  private query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return this.database.query(sql, [...values]);
  }
}

async function hasVersion(
  manager: EntityManager,
  id: string,
  version: number,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    'select 1 from order_intent where id = $1 and version = $2 for update', [id, version],
  );
  return rows.length > 0;
}

async function insertCall(manager: EntityManager, call: SentCall): Promise<void> {
  await manager.query(
    `insert into order_call (account, call_id, order_id, call, segment, sent_ms, answered_ms)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      call.account, call.callId, call.orderId, call.call, call.segment, call.sentMs,
      call.answeredMs,
    ],
  );
}

function conflict(id: string, version: number): StrikewireError {
  const message = `order ${id} is not stored as version ${version}: somebody else has written it`;
  return new StrikewireError({ kind: 'assertion', code: 'order_journal_conflict', message });
}
