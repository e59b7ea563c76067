import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What estimates have taught of brokers' margins, and what is wanted of the exchanges' files. */
export class CreateMarginTables1795306000021 implements MigrationInterface {
  readonly name = 'CreateMarginTables1795306000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table margin_ratio (
        account text not null,
        shape text not null,
        ratios float8[] not null,
        is_outside boolean not null,
        updated_at timestamptz not null,
        primary key (account, shape)
      )`);
    await runner.query(`
      create table risk_file (
        exchange text primary key,
        business_date date not null,
        created text not null,
        imported_at timestamptz not null,
        imported_by text not null,
        underlyings integer not null,
        contracts integer not null,
        body bytea not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table risk_file');
    await runner.query('drop table margin_ratio');
  }
}
