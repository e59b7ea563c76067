import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The registries of a day's expiries and ATMs, and its skeletons. */
export class CreateChainTables1795219200000 implements MigrationInterface {
  readonly name = 'CreateChainTables1795219200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table expiry_registry (
        trading_day date not null,
        exchange text not null,
        symbol text not null,
        expiry date not null,
        class text not null check (class in ('weekly', 'monthly', 'quarterly')),
        is_selected boolean not null,
        source text not null,
        fetched_at timestamptz not null,
        primary key (trading_day, exchange, symbol, expiry)
      )`);
    await runner.query(`
      create table atm_registry (
        exchange text not null,
        symbol text not null,
        expiry date not null,
        ltp_paise integer not null check (ltp_paise > 0),
        ltp_at timestamptz not null,
        atm_paise integer not null,
        anchor_paise integer not null,
        primary key (exchange, symbol, expiry)
      )`);
    await runner.query(`
      create table chain_skeleton (
        trading_day date not null,
        exchange text not null,
        symbol text not null,
        expiry date not null,
        body jsonb not null,
        primary key (trading_day, exchange, symbol, expiry)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table chain_skeleton');
    await runner.query('drop table atm_registry');
    await runner.query('drop table expiry_registry');
  }
}
