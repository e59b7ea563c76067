import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The open interest of each chain as its last daily build had it: one row a chain. */
export class CreateBuildTable1795305900000 implements MigrationInterface {
  readonly name = 'CreateBuildTable1795305900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table chain_build (
        exchange text not null,
        symbol text not null,
        expiry date not null,
        trading_day date not null,
        built_at timestamptz not null,
        tick_paise integer check (tick_paise > 0),
        freeze_quantity integer check (freeze_quantity > 0),
        open_interest jsonb not null,
        primary key (exchange, symbol, expiry)
      )`);
    await runner.query('create index chain_build_by_expiry on chain_build (expiry)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table chain_build');
  }
}
