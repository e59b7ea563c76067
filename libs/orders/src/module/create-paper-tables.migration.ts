import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Paper accounts: their cash, orders, trades and positions. */
export class CreatePaperTables1795306000031 implements MigrationInterface {
  readonly name = 'CreatePaperTables1795306000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table paper_account (
        user_id text primary key,
        opening_paise bigint not null,
        cash_paise bigint not null,
        sequence bigint not null check (sequence >= 0)
      )`);
    await runner.query(`
      create table paper_order (
        user_id text not null references paper_account,
        order_id text not null,
        client_order_id text,
        is_live boolean not null,
        updated_at timestamptz not null,
        body jsonb not null,
        primary key (user_id, order_id),
        unique (user_id, client_order_id)
      )`);
    await runner.query('create index paper_order_live on paper_order (user_id) where is_live');
    await runner.query('create index paper_order_updated on paper_order (updated_at)');
    await runner.query(`
      create table paper_trade (
        user_id text not null references paper_account,
        trade_id text not null,
        traded_at timestamptz not null,
        body jsonb not null,
        primary key (user_id, trade_id)
      )`);
    await runner.query('create index paper_trade_traded on paper_trade (traded_at)');
    await runner.query(`
      create table paper_position (
        user_id text not null references paper_account,
        contract text not null,
        product text not null check (product in ('intraday', 'carry')),
        net_quantity bigint not null,
        body jsonb not null,
        primary key (user_id, contract, product)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table if exists paper_position, paper_trade, paper_order, paper_account',
    );
  }
}
