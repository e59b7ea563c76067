import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates of trading hours with all their versions; one counts per exchange and segment. */
export class CreateHoursTables1795305750000 implements MigrationInterface {
  readonly name = 'CreateHoursTables1795305750000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trading_hours_template (
        id uuid primary key,
        exchange text not null,
        segment text not null,
        name text not null,
        is_active boolean not null,
        version integer not null check (version > 0),
        created_at timestamptz not null,
        updated_at timestamptz not null,
        unique (exchange, segment, name)
      )`);
    await runner.query(`
      create unique index one_active_template
        on trading_hours_template (exchange, segment) where is_active`);
    await runner.query(`
      create table trading_hours_version (
        template_id uuid not null references trading_hours_template on delete cascade,
        version integer not null,
        body jsonb not null,
        at timestamptz not null,
        made_by text not null,
        note text not null,
        primary key (template_id, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trading_hours_version, trading_hours_template');
  }
}
