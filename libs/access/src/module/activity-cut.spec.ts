import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byNobody, codeOf, openAccessBench, type AccessBench } from './testing/access-bench';

let dir: string;
let file: string;
let bench: AccessBench;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strikewire-activity-'));
  file = join(dir, 'activity.head');
});

afterAll(() => rm(dir, { recursive: true, force: true }));

beforeEach(async () => {
  await rm(file, { force: true });
  bench = await openAccessBench(file);
  await note(5);
});

afterEach(() => bench.stop());

async function note(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await bench.access.activity.note(byNobody, 'test.noted', { index });
  }
}

/** What the owner of the database can do: nothing refuses it any more. */
async function asOwner(...statements: string[]): Promise<void> {
  await bench.database.query('alter table activity disable trigger all');
  for (const sql of statements) await bench.database.query(sql);
  await bench.database.query('alter table activity enable trigger all');
}

const headNow = async (): Promise<string> => {
  const [head] = await bench.database.query<{ sequence: string; hash: string; seal: string }[]>(
    'select * from activity_head',
  );
  if (!head) throw new Error('no head');
  const { sequence, hash, seal } = head;
  return `update activity_head set sequence = ${sequence}, hash = '${hash}', seal = '${seal}'`;
};

const problem = async (): Promise<string | null> => (await bench.access.activity.verify()).problem;
const remembered = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

describe('a log that was cut', () => {
  const wiped = ['delete from activity', 'delete from activity_head'];

  it.each([
    ['whole', wiped],
    ['whole, with a head of its own', [...wiped, `insert into activity_head
      values (true, 0, repeat('0', 64), 'made up')`]],
    ['of its head alone', ['delete from activity_head']],
  ])('%s is not intact, now, after the next entry, and after a restart', async (_, statements) => {
    for (const isRemembered of [true, false]) {
      await asOwner(...statements);
      expect(await problem()).toMatch(/missing|altered/);
      await note(1);
      expect(await problem()).toMatch(/is missing/);
      // Also when it was the process that remembered, and it has ended.
      if (!isRemembered) await rm(file, { force: true });
      await bench.reopen();
      expect(await problem()).toMatch(/is missing/);
      await note(3);
      expect(await problem()).toMatch(/is missing/);
    }
  });

  it('is noticed without anything that remembers, once somebody has been there', async () => {
    await bench.access.stop();
    await rm(file);
    await asOwner(...wiped);
    await bench.reopen();
    expect(await problem()).toMatch(/record of the last entry is missing/);
    await note(1);
    expect(await problem()).toBe('entry 1 is missing: after 0 comes 2');
  });

  it('back to an earlier head with its own seal is not intact, nor later', async () => {
    const earlier = await headNow();
    await note(4);
    await asOwner('delete from activity where sequence > 6', earlier);
    expect(await problem()).toBe(
      'entries 7 to 10 are missing at the end: an earlier state was put back',
    );
    await bench.reopen();
    expect(await problem()).toMatch(/entries 7 to 10 are missing/);
    await note(10);
    expect(await problem()).toBe('entry 7 is missing: after 6 comes 12');
    await bench.reopen();
    expect(await problem()).toBe('entry 7 is missing: after 6 comes 12');
  });
});

describe('the newest entry', () => {
  it('is remembered a second after it is kept, for nobody else to read', async () => {
    await bench.clock.advance(1_000);
    await expect.poll(remembered).toMatchObject({ sequence: 6 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await note(20);
    expect(await remembered()).toMatchObject({ sequence: 6 });
    await bench.clock.advance(1_000);
    await expect.poll(remembered).toMatchObject({ sequence: 26 });
  });

  it('is remembered by a stop, and holds after it', async () => {
    await bench.access.stop();
    expect(await remembered()).toMatchObject({ sequence: 6 });
    await bench.reopen();
    expect(bench.access.activity.isCompared).toBe(true);
    expect(await problem()).toBeNull();
  });

  it('is none of a change that was not kept', async () => {
    const runner = bench.database.createQueryRunner();
    const write = (manager = runner.manager): Promise<void> =>
      bench.access.activity.record(manager, byNobody, {
        action: 'test', subject: { kind: 'test', id: '', name: '' }, before: null, after: null,
      });
    await runner.startTransaction();
    await write();
    await runner.rollbackTransaction();
    // The same connection does something else, and keeps that.
    await runner.startTransaction();
    await runner.commitTransaction();
    await runner.startTransaction();
    const inner = runner.manager.transaction(async (manager) => {
      await write(manager);
      throw Object.assign(new Error('no'), { code: 'no' });
    });
    expect(await codeOf(inner)).toBe('no');
    await runner.commitTransaction();
    await runner.release();
    expect(await problem()).toBeNull();
    await bench.access.stop();
    expect(await remembered()).toMatchObject({ sequence: 6 });
  });

  it('of another log, or none, is nothing to compare with, and is replaced', async () => {
    const seal = 'f'.repeat(64);
    const strange = JSON.stringify({ sequence: 900, hash: seal, seal });
    for (const text of [strange, '', '{', 'null', '[]']) {
      await bench.access.stop();
      await writeFile(file, text);
      await bench.reopen();
      expect(await problem()).toBeNull();
      await bench.access.stop();
      expect(await remembered()).toMatchObject({ sequence: 6 });
    }
  });
});
