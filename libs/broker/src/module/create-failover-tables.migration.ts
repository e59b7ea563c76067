import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people wish of failover, in one row, and what has changed hands. */
export class CreateFailoverTables1795306000001 implements MigrationInterface {
  readonly name = 'CreateFailoverTables1795306000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table failover_settings (
        id smallint primary key check (id = 1),
        account_order jsonb not null,
        forced uuid,
        drained jsonb not null,
        revision integer not null check (revision > 0)
      )`);
    await runner.query(`
      create table failover_events (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        level smallint not null,
        cause text not null,
        reason text not null,
        from_accounts jsonb not null,
        to_accounts jsonb not null,
        duration_ms integer,
        contracts integer not null,
        without_feed integer not null
      )`);
    // Which settings an account was taken over from: what has replaced them since stays.
    await runner.query('alter table broker_account add column adopted text');
    await runner.query('create index failover_events_at on failover_events (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table broker_account drop column adopted');
    await runner.query('drop table failover_events');
    await runner.query('drop table failover_settings');
  }
}
