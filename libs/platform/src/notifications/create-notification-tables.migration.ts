import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people are told, what each has seen, and the ways by which it leaves the platform. */
export class CreateNotificationTables1795305700000 implements MigrationInterface {
  readonly name = 'CreateNotificationTables1795305700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table notification (
        id bigserial primary key,
        ref uuid not null unique,
        at timestamptz not null,
        last_at timestamptz not null,
        severity text not null check (severity in ('info', 'warning', 'critical')),
        kind text not null,
        key text,
        title text not null,
        text text not null,
        count integer not null check (count > 0),
        details jsonb not null
      )`);
    await runner.query('create index notification_key on notification (key, at)');
    await runner.query(`
      create table notification_channel (
        id uuid primary key,
        name text not null,
        kind text not null check (kind in ('webhook', 'email')),
        settings text not null check (settings like 'sw1.%'),
        min_severity text not null check (min_severity in ('info', 'warning', 'critical')),
        enabled boolean not null,
        last_ok boolean,
        last_at timestamptz,
        last_message text,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await runner.query(`
      create unique index notification_channel_name on notification_channel (lower(name))`);
    await runner.query(`
      create table notification_read (
        user_id uuid primary key,
        read_up_to bigint not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table notification_read');
    await runner.query('drop table notification_channel');
    await runner.query('drop table notification');
  }
}
