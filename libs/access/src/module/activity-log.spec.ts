import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byNobody, codeOf, openAccessBench, type AccessBench } from './testing/access-bench';

let bench: AccessBench;

beforeAll(async () => {
  bench = await openAccessBench();
});

afterAll(() => bench?.stop());

const verify = () => bench.access.activity.verify();

describe('the activity log', () => {
  it('has no gap when many write at the same moment', async () => {
    const notes = Array.from({ length: 30 }, (_, index) =>
      bench.access.activity.note(byNobody, 'test.noted', { index }),
    );
    await Promise.all(notes);
    const { intact, entries } = await verify();
    expect([intact, entries >= 30]).toEqual([true, true]);
  });

  it('has no entry of a change that was not kept', async () => {
    const before = (await verify()).entries;
    const write = bench.database.transaction(async (manager) => {
      const subject = { kind: 'test', id: '1', name: 'one' };
      const entry = { action: 'test.failed', subject, before: null, after: {} };
      await bench.access.activity.record(manager, byNobody, entry);
      throw Object.assign(new Error('no'), { code: 'no' });
    });
    expect(await codeOf(write)).toBe('no');
    expect(await verify()).toMatchObject({ intact: true, entries: before });
  });

  it('stays whole whatever texts are in it', async () => {
    const texts = ['', 'मीरा', '\ud83d\ude00', 'half \ud800 a', '\udc00', '"\\', 'a\nb', 'a\0b'];
    for (const text of texts) {
      await bench.database.transaction(async (manager) => {
        const subject = { kind: 'test', id: text, name: text };
        const entry = { action: 'test.text', subject, before: { [text]: text }, after: { text } };
        await bench.access.activity.record(manager, byNobody, entry);
      });
    }
    expect(await verify()).toMatchObject({ intact: true });
    const { entries } = await bench.access.activity.page({ action: 'test.text', limit: 50 });
    expect(entries.map(({ subject }) => subject.name)).toEqual(
      texts.map((text) => text.replace(/[\p{Cs}\0]/gu, '\ufffd')).reverse(),
    );
    const last = entries.find(({ subject }) => subject.name === 'मीरा');
    expect(last).toMatchObject({ before: { मीरा: 'मीरा' }, after: { text: 'मीरा' } });
  });

  it('has no secret in it that is named as one', async () => {
    const facts = { password: 'p-a-s-s', nested: { token: 't-o-k' }, url: 'ws://x?token=u-r-l' };
    await bench.access.activity.note(byNobody, 'test.secret', facts);
    const rows = JSON.stringify(await bench.database.query('select * from activity'));
    expect(rows).not.toMatch(/p-a-s-s|t-o-k|u-r-l/);
  });

  it.each([
    "update activity set action = 'x'",
    'delete from activity',
    'truncate activity',
  ])('is refused by the database to be changed: %s', async (sql) => {
    await expect(bench.database.query(sql)).rejects.toThrow('can only be added to');
    expect(await verify()).toMatchObject({ intact: true });
  });

  it('is checked in one state of the database while others write', async () => {
    const writing = Array.from({ length: 40 }, () =>
      bench.access.activity.note(byNobody, 'test.busy', {}),
    );
    const checks = await Promise.all(Array.from({ length: 5 }, verify));
    await Promise.all(writing);
    expect(checks.map(({ problem }) => problem)).toEqual(checks.map(() => null));
  });

  it('waits for whoever writes in another process', async () => {
    const other = bench.database.createQueryRunner();
    await other.startTransaction();
    await other.query('lock table activity_head in exclusive mode');
    let isWritten = false;
    const writing = bench.access.activity
      .note(byNobody, 'test.waiting', {})
      .then(() => (isWritten = true));
    for (let round = 0; round < 10; round++) await bench.database.query('select 1');
    expect(isWritten).toBe(false);
    await other.commitTransaction();
    await other.release();
    await writing;
    expect(await verify()).toMatchObject({ intact: true });
  });
});

describe('filters', () => {
  it('take a text for what it is', async () => {
    const { activity } = bench.access;
    for (const text of ["'; drop table activity; --", '%', '_', '\\', "' or '1'='1"]) {
      const found = await activity.page({ subject: text, actor: text, action: text, limit: 5 });
      expect([text, found.entries]).toEqual([text, []]);
    }
    expect(await verify()).toMatchObject({ intact: true });
  });

  it('page through without a gap or a double', async () => {
    const { activity } = bench.access;
    const all: number[] = [];
    for (let before: number | null | undefined = undefined; before !== null; ) {
      const page: Awaited<ReturnType<typeof activity.page>> = await activity.page({
        limit: 7, ...(before === undefined ? {} : { before }),
      });
      all.push(...page.entries.map(({ sequence }) => sequence));
      before = page.nextBefore;
    }
    expect(all).toEqual(Array.from({ length: all.length }, (_, index) => all.length - index));
    expect(all.length).toBe((await verify()).entries);
  });
});
