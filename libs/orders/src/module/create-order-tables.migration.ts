import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders with their fills, positions, what was sent, the kill switch, and live accounts. */
export class CreateOrderTables1795306000011 implements MigrationInterface {
  readonly name = 'CreateOrderTables1795306000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table order_intent (
        id text primary key,
        account text not null,
        user_id text not null,
        request_id text not null,
        leg integer not null,
        slice integer not null,
        is_open boolean not null,
        version integer not null,
        created_at timestamptz not null,
        record jsonb not null,
        unique (user_id, request_id, leg, slice)
      )`);
    await runner.query('create index on order_intent (account, created_at)');
    await runner.query('create index on order_intent (created_at)');
    await runner.query('create index open_order_intent on order_intent (id) where is_open');
    await runner.query(`
      create table order_fill (
        account text not null,
        order_id text not null,
        trade_id text not null,
        contract text not null,
        side text not null check (side in ('BUY', 'SELL')),
        product text not null check (product in ('intraday', 'carry')),
        quantity bigint not null,
        price_paise bigint not null,
        charges_paise bigint not null,
        traded_at timestamptz not null,
        primary key (account, order_id, trade_id)
      )`);
    await runner.query('create index on order_fill (account, traded_at)');
    await runner.query('create index on order_fill (traded_at)');
    await runner.query(`
      create table order_position (
        account text not null,
        position_key text not null,
        updated_at timestamptz not null,
        record jsonb not null,
        primary key (account, position_key)
      )`);
    await runner.query(`
      create table order_call (
        account text not null,
        call_id text not null,
        order_id text not null,
        call text not null check (call in ('place', 'modify', 'cancel')),
        segment text not null,
        sent_ms double precision not null,
        answered_ms double precision,
        primary key (account, call_id)
      )`);
    await runner.query('create index on order_call (sent_ms)');
    await runner.query('create index on order_call (order_id)');
    await runner.query(`
      create table order_kill_switch (
        id integer primary key check (id = 1),
        state jsonb not null
      )`);
    await runner.query('create table order_live_account (account text primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table order_live_account, order_kill_switch, order_call, order_position, order_fill,
        order_intent`);
  }
}
