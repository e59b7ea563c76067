import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables with everything that is easily lost on the way through a file. */
export class CreateOddTables1700000000000 implements MigrationInterface {
  readonly name = 'CreateOddTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create type mood as enum ('calm', 'it''s "fine"')`);
    await runner.query(`
      create table kinds (
        id bigint generated always as identity primary key,
        big bigint, exact numeric, short numeric(12, 4), float double precision, real real,
        at timestamptz, local timestamp, day date, took interval, bytes bytea,
        object jsonb, raw json, texts text[], grid bigint[][], mood mood, fixed char(6),
        flag boolean,
        doubled numeric generated always as (exact * 2) stored
      )`);
    await runner.query(`create table "Odd ""Name" ("select" text primary key, n serial)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kinds');
    await runner.query('drop table "Odd ""Name"');
    await runner.query('drop type mood');
  }
}

/** Tables that stand in a restore's way: rows that need each other, a log that only grows. */
export class CreateGuardedTables1700000001000 implements MigrationInterface {
  readonly name = 'CreateGuardedTables1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table person (id integer primary key, chief integer references person, desk integer)`);
    await runner.query(`
      create table desk (id integer primary key, owner integer not null references person)`);
    await runner.query(`
      alter table person add constraint at_desk foreign key (desk) references desk
        deferrable initially deferred`);
    await runner.query('create table journal (n serial primary key, said text not null)');
    await runner.query(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception 'the journal only grows'; end $$`);
    await runner.query(`
      create trigger only_grows before update or delete or truncate on journal
        execute function refuse_change()`);
    await runner.query('alter table journal enable always trigger only_grows');
    await runner.query(`insert into journal (said) values ('begun')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table journal');
    await runner.query('drop function refuse_change');
    await runner.query('alter table person drop constraint at_desk');
    await runner.query('drop table desk, person');
  }
}

/** What a newer version adds: it works on rows that are there. */
export class AddLoudness1700000002000 implements MigrationInterface {
  readonly name = 'AddLoudness1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table person add loud boolean not null default false');
    await runner.query('update person set loud = id > 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table person drop loud');
  }
}

/** Rows with values at the edges of their types. */
export async function fillOddTables(query: (sql: string) => Promise<unknown>): Promise<void> {
  await query(`
    insert into kinds (big, exact, short, float, real, at, local, day, took, bytes, object, raw,
      texts, grid, mood, fixed, flag)
    values
      (9223372036854775807, 12345678901234567890.123456789012345678901, -0.0001,
       0.1::float8 + 0.2::float8, 'NaN', '2026-11-21 09:15:00.123456+05:30',
       '0044-03-15 00:00:00.000001 BC', 'infinity', '1 mon -3 days 04:05:06.000007',
       '\\x00ff0a5c22', '{"n": 123456789012345678901234.5, "t": "a\\nb\\u2028", "z": null}',
       E'{ "a" : 1,\n "a": 2 }', array['a,b', null, '"', E'\\\\', E'new\nline', ''],
       '[2:3][1:2]={{1,2},{3,4}}', 'it''s "fine"', 'ab', true),
      (-9223372036854775808, 'NaN', null, '-Infinity', 1e-40, '-infinity', null, '4713-01-01 BC',
       '00:00:00', '', 'null', 'null', '{}', null, 'calm', '', false),
      (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
       null, null)`);
  await query(`
    insert into "Odd ""Name" ("select") select 'row ' || i from generate_series(1, 1200) i`);
  await query(`insert into "Odd ""Name" values (E'\\t["not", "a row"]\\r\\n{"end": {}}', 5000)`);
  await query(`select setval('"Odd ""Name_n_seq"', 7000)`);
  await query(`
    with people as (insert into person values (2, 1, null), (1, 2, 7), (3, 3, null)),
      desks as (insert into desk values (7, 2))
    select 1`);
  await query(`insert into journal (said) values ('more'), ('and more')`);
}
