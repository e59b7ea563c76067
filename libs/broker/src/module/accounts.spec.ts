import { byPlatform } from '@strikewire/platform';
import { errorMessageOf } from '@strikewire/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

let bench: AccountsBench;

beforeAll(async () => {
  bench = await openAccountsBench();
});

beforeEach(() => bench.clear());

afterAll(() => bench?.stop());

const add = (client: string, more: Parameters<typeof newAccount>[1] = {}) =>
  bench.accounts.add(newAccount(client, more), byPlatform);
const primaries = (): string[] =>
  bench.accounts.list().filter(({ primary }) => primary).map(({ label }) => label);
const problemOf = (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'kept', (error: unknown) => errorMessageOf(error));
const storedPrimaries = async (): Promise<number> => {
  const sql = 'select count(*)::int as n from broker_account where is_primary';
  return ((await bench.database.query(sql)) as [{ n: number }])[0].n;
};

describe('the primary account', () => {
  it('is the first one, until another is made primary', async () => {
    await add('c1');
    const second = await add('c2');
    expect([primaries(), bench.pool.primary?.label]).toEqual([['Desk c1'], 'Desk c1']);
    await bench.accounts.makePrimary(second.id);
    expect([primaries(), bench.pool.primary?.label]).toEqual([['Desk c2'], 'Desk c2']);
    await bench.reopen();
    expect([primaries(), bench.pool.primary?.label]).toEqual([['Desk c2'], 'Desk c2']);
  });

  it('is one when several are the first at the same moment', async () => {
    const added = await Promise.all(['c1', 'c2', 'c3'].map((client) => problemOf(add(client))));
    expect(added).toEqual(['kept', 'kept', 'kept']);
    expect([primaries().length, await storedPrimaries()]).toEqual([1, 1]);
  });

  it('is one when several are made primary at the same moment', async () => {
    const ids = [];
    for (const client of ['c1', 'c2', 'c3', 'c4']) ids.push((await add(client)).id);
    await Promise.all(ids.slice(1).map((id) => bench.accounts.makePrimary(id)));
    expect([primaries().length, await storedPrimaries()]).toEqual([1, 1]);
    expect(bench.pool.primary?.label).toBe(primaries()[0]);
    const before = primaries();
    await bench.reopen();
    expect(primaries()).toEqual(before);
  });

  it('is not taken away while there are others, and may be as the last', async () => {
    const first = await add('c1');
    const second = await add('c2');
    expect(await problemOf(bench.accounts.remove(first.id, byPlatform))).toContain(
      'make another one primary first',
    );
    await bench.accounts.remove(second.id, byPlatform);
    await bench.accounts.remove(first.id, byPlatform);
    expect([bench.accounts.list(), bench.pool.primary]).toEqual([[], undefined]);
  });

  it('does nothing while it is switched off, and is itself again afterwards', async () => {
    const { id } = await add('c1');
    const off = await bench.accounts.change(id, { enabled: false }, byPlatform);
    expect([off.state, off.primary, bench.pool.primary]).toEqual(['off', true, undefined]);
    const before = bench.changes();
    await bench.accounts.change(id, { enabled: true }, byPlatform);
    expect(bench.pool.primary?.id).toBe(id);
    expect(bench.changes()).toBe(before + 1);
  });
});

describe('a twin', () => {
  it('is refused, also at the same moment, and by a change', async () => {
    const added = await Promise.all([
      problemOf(add('c1')), problemOf(add('c1', { label: 'Twin' })),
    ]);
    expect(added).toEqual([
      'kept', 'credentials: are of the account that Desk c1 is for already',
    ]);
    const other = await add('c2');
    const change = { credentials: { client: 'c1' } };
    expect(await problemOf(bench.accounts.change(other.id, change, byPlatform))).toContain(
      'are of the account that Desk c1 is for already',
    );
    expect(bench.accounts.list()).toHaveLength(2);
  });

  it('of a label is refused by name of the field', async () => {
    await add('c1');
    expect(await problemOf(add('c2', { label: 'Desk c1' }))).toBe(
      'label: needs another name: it is taken',
    );
    expect(bench.pool.all()).toHaveLength(1);
  });
});

describe('credentials', () => {
  const tokenOf = async (): Promise<string | undefined> => {
    const [account] = bench.accounts.list();
    await bench.accounts.test(account!.id);
    return bench.behaviour.asked.at(-1);
  };

  it('are sealed where they are secret, and never shown', async () => {
    const { credentials } = await add('c1', {
      credentials: { client: 'c1', token: 'token-in-clear', pin: 'pin-clear' },
    });
    expect(credentials).toEqual({
      client: 'c1', token: '***', pin: '***', segment: 'fo', live: true,
    });
    const told = [
      await bench.database.query('select * from broker_account'), bench.accounts.list(),
      bench.entries,
    ];
    expect(JSON.stringify(told)).not.toMatch(/token-in-clear|pin-clear/);
    await bench.reopen();
    expect(await tokenOf()).toBe('token-in-clear');
  });

  it('stay as they were where they are left out or ***', async () => {
    const { id } = await add('c1');
    const first = { credentials: { token: '***', lots: 5 } };
    await bench.accounts.change(id, first, byPlatform);
    expect(await tokenOf()).toBe('token-of-c1');
    await bench.accounts.change(id, { credentials: { token: 'another-token' } }, byPlatform);
    expect(await tokenOf()).toBe('another-token');
    expect(bench.accounts.list()[0]?.credentials).toMatchObject({ client: 'c1', lots: 5 });
    const [last] = bench.entries.slice(-1);
    expect(last?.after).toMatchObject({ credentialsReplaced: true });
  });

  it('are told in the log as replaced only when they are', async () => {
    const { id } = await add('c1');
    const before = bench.entries.length;
    await bench.accounts.change(id, { credentials: { token: 'token-of-c1' } }, byPlatform);
    expect(bench.entries).toHaveLength(before);
    await bench.accounts.change(id, { label: 'New' }, byPlatform);
    expect(bench.entries.at(-1)?.after).not.toHaveProperty('credentialsReplaced');
  });

  it.each([
    [{ client: 'c1' }, 'credentials.token: needs a value'],
    [{ client: 'c1', token: '***' }, 'credentials.token: needs a value'],
    [{ client: 'c1', token: 's3cr3t' }, 'credentials.token: needs 8 characters'],
    [{ client: 's3cr3t', token: 'token-of-c1' }, 'credentials.client: needs c and digits'],
    [{ client: 'c1', token: 'token-of-c1', segment: 's3cr3t' }, 'credentials.segment: '],
    [{ client: 'c1', token: 'token-of-c1', lots: 's3cr3t' }, 'credentials.lots: '],
    [{ client: 'c1', token: 'token-of-c1', s3: 's3cr3t' }, 'credentials.s3: is no field'],
    [{ client: 'c1', token: 'token-of-c1', constructor: 's3cr3t' }, 'credentials.constructor: '],
  ])('that are wrong are named and never told: %o', async (credentials, said) => {
    const given = { credentials: credentials as Record<string, string> };
    const problem = await problemOf(add('c1', given));
    expect(problem).toContain(said);
    expect(problem).not.toContain('s3cr3t');
    const trial = bench.accounts.try({ broker: 'desk', ...given });
    expect(await problemOf(trial)).toBe(problem);
    expect(bench.accounts.list()).toEqual([]);
  });

  it('that the broker refuses park the account until others are given', async () => {
    const { id } = await add('c1');
    bench.behaviour.dead.add('token-of-c1');
    expect(await bench.accounts.test(id)).toMatchObject({ ok: false });
    expect(bench.accounts.list()[0]).toMatchObject({
      state: 'parked', stateReason: expect.stringContaining('the broker refused the token'),
    });
    await bench.accounts.change(id, { credentials: { token: 'another-token' } }, byPlatform);
    await vi.waitFor(
      () =>
        expect(bench.accounts.list()[0]).toMatchObject({
          state: 'in_use', lastCheck: { ok: true },
        }),
      { timeout: 30_000 },
    );
  });

  it('are tried over those that are stored, and are not kept', async () => {
    const { id } = await add('c1');
    const trial = { id, broker: 'desk', credentials: { token: '***' } };
    expect(await bench.accounts.try(trial)).toMatchObject({ ok: true });
    expect(bench.behaviour.asked.at(-1)).toBe('token-of-c1');
    const other = { ...trial, credentials: { token: 'only-tried' } };
    expect(await bench.accounts.try(other)).toMatchObject({ ok: true });
    expect(await tokenOf()).toBe('token-of-c1');
  });
});

describe('changes of one account at the same moment', () => {
  it('are all kept', async () => {
    const { id } = await add('c1');
    await Promise.all([
      bench.accounts.change(id, { label: 'Renamed' }, byPlatform),
      bench.accounts.change(id, { credentials: { token: 'another-token' } }, byPlatform),
      bench.accounts.change(id, { enabled: false }, byPlatform),
    ]);
    for (const again of [false, true]) {
      if (again) await bench.reopen();
      expect(bench.accounts.list()[0]).toMatchObject({ label: 'Renamed', enabled: false });
      await bench.accounts.test(id);
      expect(bench.behaviour.asked.at(-1)).toBe('another-token');
    }
  });

  it('do not bring back one that was taken away', async () => {
    const { id } = await add('c1');
    const [, changed] = await Promise.all([
      bench.accounts.remove(id, byPlatform),
      problemOf(bench.accounts.change(id, { label: 'Back' }, byPlatform)),
    ]);
    expect(changed).toBe('there is no such account');
    await bench.reopen();
    expect(bench.accounts.list()).toEqual([]);
  });
});

describe('the account that settings name', () => {
  const adopt = (token: string) =>
    bench.accounts.adopt('desk', { client: 'c9', token });

  it('is made once, and follows the settings', async () => {
    await adopt('token-one');
    await bench.reopen();
    await adopt('token-two');
    expect(bench.accounts.list()).toMatchObject([{ label: 'Desk Broker', primary: true }]);
    await bench.accounts.test(bench.accounts.list()[0]!.id);
    expect(bench.behaviour.asked.at(-1)).toBe('token-two');
  });

  it('keeps what has replaced the settings since, until these are others', async () => {
    await adopt('token-one');
    const { id } = bench.accounts.list()[0]!;
    const from = bench.accounts.connection(id);
    const credentials = { token: 'token-renewed' };
    const action = 'account.token_renewed';
    await bench.accounts.grant(id, { credentials, from, action }, byPlatform);
    const asked = async (): Promise<string | undefined> => {
      await bench.accounts.test(id);
      return bench.behaviour.asked.at(-1);
    };
    await bench.reopen();
    await adopt('token-one');
    expect(await asked()).toBe('token-renewed');
    await bench.reopen();
    await adopt('token-two');
    expect(await asked()).toBe('token-two');
  });

  it('stores no field that nobody has filled', async () => {
    const empty = { client: 'c9', token: 'token-one', pin: undefined } as never;
    await bench.accounts.adopt('desk', empty);
    expect(bench.accounts.list()[0]?.credentials).not.toHaveProperty('pin');
  });

  it('is primary when it is the first of several; the others leave that as it is', async () => {
    await adopt('token-one');
    await bench.accounts.adopt('desk', { client: 'c8', token: 'token-two' }, { isFirst: false });
    expect(primaries()).toEqual(['Desk Broker']);
    expect(bench.accounts.list().map(({ label }) => label)).toEqual([
      'Desk Broker', 'Desk Broker of the settings',
    ]);
  });

  it('leaves the primary account that people have chosen', async () => {
    await add('c1');
    await adopt('token-one');
    expect(primaries()).toEqual(['Desk c1']);
  });
});

describe('a limit', () => {
  it('of fifty accounts holds, also when many are added at the same moment', async () => {
    const tries = Array.from({ length: 55 }, (_, index) => problemOf(add(`c${index}`)));
    const said = await Promise.all(tries);
    expect(said.filter((one) => one === 'kept')).toHaveLength(50);
    expect(new Set(said)).toEqual(
      new Set(['kept', 'there are 50 accounts, the most there may be']),
    );
  });

  it('of an unknown trader leaves nothing behind', async () => {
    const traders = ['00000000-0000-4000-8000-000000000001'];
    expect(await problemOf(add('c1', { traders }))).toBe('traders: needs ids of users');
    const { id } = await add('c2');
    expect(await problemOf(bench.accounts.change(id, { traders }, byPlatform))).toBe(
      'traders: needs ids of users',
    );
    expect(bench.accounts.list()).toMatchObject([{ label: 'Desk c2', traders: [] }]);
  });
});
