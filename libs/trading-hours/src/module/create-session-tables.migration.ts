import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done because of the hours, and trading that stopped in the middle. */
export class CreateSessionTables1795305800000 implements MigrationInterface {
  readonly name = 'CreateSessionTables1795305800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table session_run (
        id uuid primary key,
        exchange text not null,
        segment text not null,
        job text not null,
        trading_date date not null,
        due_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        outcome text not null,
        cause text not null,
        detail text not null
      )`);
    await runner.query('create index session_run_due on session_run (due_at desc, id)');
    await runner.query(`
      create table trading_halt (
        id uuid primary key,
        exchange text not null,
        segment text not null,
        from_at timestamptz not null,
        to_at timestamptz,
        reason text not null,
        made_by text not null,
        check (to_at > from_at)
      )`);
    await runner.query(`
      create unique index one_open_halt
        on trading_halt (exchange, segment) where to_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trading_halt, session_run');
  }
}
