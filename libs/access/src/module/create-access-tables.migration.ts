import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their sessions and keys, and what everybody did. */
export class CreateAccessTables1795305500000 implements MigrationInterface {
  readonly name = 'CreateAccessTables1795305500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table person (
        id uuid primary key,
        username text not null unique,
        name text not null,
        role text not null check (role in ('viewer', 'trader', 'admin')),
        enabled boolean not null,
        password_hash text not null,
        must_change_password boolean not null,
        created_at timestamptz not null,
        last_sign_in_at timestamptz
      )`);
    await runner.query(`
      create table person_session (
        id uuid primary key,
        person_id uuid not null references person,
        token_hash text not null unique,
        signed_in_at timestamptz not null,
        last_seen_at timestamptz not null,
        stepped_up_at timestamptz,
        address text not null,
        agent text not null
      )`);
    await runner.query(`
      create table api_key (
        id uuid primary key,
        person_id uuid not null references person,
        name text not null,
        token_hash text not null unique,
        hint text not null,
        scopes text[] not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz
      )`);
    await createActivity(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table activity_head, activity, api_key, person_session, person');
    await runner.query('drop function refuse_activity_change()');
  }
}

/** Entries are added and never changed: the database itself refuses it. */
async function createActivity(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table activity (
      sequence bigint primary key check (sequence > 0),
      at timestamptz not null check (date_trunc('milliseconds', at) = at),
      actor_kind text not null check (actor_kind in ('person', 'key', 'platform', 'nobody')),
      actor_user_id text,
      actor_name text not null,
      action text not null,
      subject_kind text not null,
      subject_id text not null,
      subject_name text not null,
      before text,
      after text,
      address text,
      request_id text,
      hash text not null
    )`);
  await runner.query('create index activity_at on activity (at)');
  await runner.query(`
    create table activity_head (
      is_only boolean primary key check (is_only),
      sequence bigint not null,
      hash text not null,
      seal text not null
    )`);
  await runner.query(`
    create function refuse_activity_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the activity log can only be added to';
    end $$`);
  await runner.query(`
    create trigger activity_is_append_only
      before update or delete or truncate on activity
      for each statement execute function refuse_activity_change()`);
}
