import { Client } from 'pg';
import { activityReportSchema, type ActivityReport } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from '../support/api-server';

let server: ApiServer;
let owner: Client;
let headers: Record<string, string>;
/** The entry of the first viewer: some come before it and some after. */
let target: number;

beforeAll(async () => {
  server = await startApiServer();
  owner = new Client({ connectionString: server.databaseUrl });
  await owner.connect();
  headers = await server.person('admin');
  for (let index = 0; index < 4; index++) await server.person('viewer');
  const sql = `select min(sequence)::int as first from activity where after like '%"viewer"%'`;
  target = (await owner.query<{ first: number }>(sql)).rows[0]!.first;
});

afterAll(async () => {
  await owner?.end();
  await server?.stop();
});

async function verify(): Promise<ActivityReport> {
  const answer = await fetch(`${server.base}/api/activity/verify`, { method: 'POST', headers });
  return activityReportSchema.parse(await answer.json());
}

/** What the check finds after somebody who owns the database has done this; it is undone then. */
async function found(...statements: string[]): Promise<string | null> {
  const copies = ['activity', 'activity_head'];
  const run = async (lines: string[]): Promise<void> => {
    const sql = ['begin', 'set local session_replication_role = replica', ...lines, 'commit'];
    for (const line of sql) await owner.query(line);
  };
  await run(copies.map((name) => `create table kept_${name} as table ${name}`));
  try {
    await run(statements);
    return (await verify()).problem;
  } finally {
    await run(copies.flatMap((name) => [
      `delete from ${name}`, `insert into ${name} table kept_${name}`, `drop table kept_${name}`,
    ]));
    expect(await verify()).toMatchObject({ intact: true, problem: null });
  }
}

const last = '(select max(sequence) from activity)';

describe('a log that its owner has altered', () => {
  it.each<[column: string, value: string]>([
    ['sequence', '1000'],
    ['at', "at + interval '1 millisecond'"],
    ['at', "at - interval '1 day'"],
    ['actor_kind', "'nobody'"],
    ['actor_user_id', "coalesce(actor_user_id, '') || 'x'"],
    ['actor_name', "'somebody'"],
    ['action', "'user.changed'"],
    ['subject_kind', "'key'"],
    ['subject_id', "subject_id || ' '"],
    ['subject_name', "upper(subject_name)"],
    ['before', "coalesce(before, '') || ' '"],
    ['after', 'null'],
    ['after', "replace(after, 'viewer', 'admin')"],
    ['address', "'10.9.9.9'"],
    ['request_id', "'r-0'"],
    ['hash', "repeat('0', 64)"],
  ])('shows it: %s = %s', async (column, value) => {
    const altered = `update activity set ${column} = ${value} where sequence = ${target}`;
    expect(await found(altered)).toMatch(
      new RegExp(`^entry ${target} is (missing|not as it was written)`),
    );
  });

  it('shows a time made finer than the log writes it', async () => {
    const problem = await found(
      'alter table activity drop constraint activity_at_check',
      `update activity set at = at + interval '1 microsecond' where sequence = ${target}`,
    );
    expect(problem).toBe(`entry ${target} is not as it was written`);
  });

  it.each<[what: string, problem: RegExp, statements: string[]]>([
    ['an entry is gone', /^entry 3 is missing/, ['delete from activity where sequence = 3']],
    ['the first is gone', /^entry 1 is missing/, ['delete from activity where sequence = 1']],
    ['the rest moved up', /^entry 3 is not as/, [
      'delete from activity where sequence = 3',
      'update activity set sequence = sequence - 1 where sequence > 3',
    ]],
    ['two changed places', /^entry 3 is not as/, [
      'update activity set sequence = sequence + 1000 where sequence in (3, 4)',
      'update activity set sequence = 1007 - sequence where sequence > 1000',
    ]],
    ['the last is gone', /missing at the end$/, [`delete from activity where sequence = ${last}`]],
    ['the last is gone, and the head', /^the record of the last entry is missing/, [
      `delete from activity where sequence = ${last}`, 'delete from activity_head',
    ]],
    ['the last is gone, and the head moved back', /^the record of the last entry was altered/, [
      `delete from activity where sequence = ${last}`,
      `update activity_head set sequence = ${last},
       hash = (select hash from activity where sequence = ${last})`,
    ]],
    ['all is gone but the head', /missing at the end$/, ['delete from activity']],
    ['the head is gone', /^the record of the last entry is missing/, ['delete from activity_head']],
    ['the head says more', /was altered$/, ['update activity_head set sequence = sequence + 1']],
    ['the head says less', /was altered$/, ['update activity_head set sequence = sequence - 1']],
    ['the hash of the head', /was altered$/, ["update activity_head set hash = repeat('0', 64)"]],
    ['the seal of the head', /was altered$/, ["update activity_head set seal = repeat('0', 64)"]],
    ['one is put in', /^the log ends at entry|is not as it was written$/, [
      `insert into activity select ${last} + 1, at, actor_kind, actor_user_id, actor_name, action,
       subject_kind, subject_id, subject_name, before, after, address, request_id, hash
       from activity where sequence = 2`,
    ]],
    ['one is put in before all', /^entry 1 is missing/, [
      'alter table activity drop constraint activity_sequence_check',
      `insert into activity select 0, at, actor_kind, actor_user_id, actor_name, action,
       subject_kind, subject_id, subject_name, before, after, address, request_id, hash
       from activity where sequence = 2`,
    ]],
  ])('shows it: %s', async (_what, problem, statements) => {
    expect(await found(...statements)).toMatch(problem);
  });
});

describe('the check', () => {
  it('is for admins who are signed in themselves', async () => {
    const others = [{}, await server.person('trader'), await server.key(['admin'])];
    const tried = others.map((who) =>
      fetch(`${server.base}/api/activity/verify`, { method: 'POST', headers: who }),
    );
    expect((await Promise.all(tried)).map(({ status }) => status)).toEqual([401, 403, 403]);
  });
});
