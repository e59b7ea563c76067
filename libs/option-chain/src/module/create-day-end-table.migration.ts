import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Chains as they stood at the end of each trading day. */
export class CreateDayEndTable1795305850000 implements MigrationInterface {
  readonly name = 'CreateDayEndTable1795305850000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table chain_day_end (
        trading_day date not null,
        exchange text not null,
        symbol text not null,
        expiry date not null,
        taken_at timestamptz not null,
        body jsonb not null,
        primary key (trading_day, exchange, symbol, expiry)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table chain_day_end');
  }
}
