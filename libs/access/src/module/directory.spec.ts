import type { UserChange } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personEntity, sessionEntity } from './entities';
import { byNobody, codeOf, openAccessBench, type AccessBench } from './testing/access-bench';

let bench: AccessBench;

beforeAll(async () => {
  bench = await openAccessBench();
});

afterAll(() => bench?.stop());

const noSessions = (): Promise<void> => Promise.resolve();
const idOf = (username: string): string => bench.access.directory.byUsername(username)!.id;
const change = (username: string, to: UserChange) =>
  bench.access.directory.change(idOf(username), to, byNobody, noSessions);
const admins = (): number =>
  bench.access.directory.list().filter(({ role, enabled }) => role === 'admin' && enabled).length;
const activities = async (action: string): Promise<number> => {
  const { entries } = await bench.access.activity.page({ action, limit: 500 });
  return entries.length;
};

describe('usernames', () => {
  it('are each of one person, also when two are added at the same moment', async () => {
    const before = await activities('user.created');
    const tries = Array.from({ length: 6 }, () => codeOf(bench.add('twin', 'viewer')));
    expect((await Promise.all(tries)).sort()).toEqual([
      'kept', ...Array.from({ length: 5 }, () => 'username_taken'),
    ]);
    const rows = await bench.database.getRepository(personEntity).findBy({ username: 'twin' });
    expect(rows).toHaveLength(1);
    expect(await activities('user.created')).toBe(before + 1);
  });

  it('are refused by the database too when another process was first', async () => {
    const [{ ...row }] = await bench.database.getRepository(personEntity).findBy({
      username: 'twin',
    }) as [object];
    const id = '00000000-0000-4000-8000-000000000001';
    const elsewhere = { ...row, id, username: 'elsewhere', passwordHash: 'x' };
    await bench.database.getRepository(personEntity).insert(elsewhere);
    const before = await activities('user.created');
    expect(await codeOf(bench.add('elsewhere', 'viewer'))).toBe('username_taken');
    expect(bench.access.directory.byUsername('elsewhere')).toBeUndefined();
    expect(await activities('user.created')).toBe(before);
    await bench.database.getRepository(personEntity).delete({ id });
  });
});

describe('the last admin', () => {
  it.each([{ role: 'viewer' }, { enabled: false }] as const)('stays one: %o', async (to) => {
    expect(admins()).toBe(1);
    expect(await codeOf(change('admin', to))).toBe('last_admin');
    expect(admins()).toBe(1);
  });

  it('stays one when all are made less at the same moment', async () => {
    await bench.add('second', 'admin');
    await bench.add('third', 'admin');
    const all = ['admin', 'second', 'third'];
    const codes = await Promise.all(
      all.map((username, index) =>
        codeOf(change(username, index === 1 ? { enabled: false } : { role: 'viewer' })),
      ),
    );
    expect(codes.sort()).toEqual(['kept', 'kept', 'last_admin']);
    expect(admins()).toBe(1);
    await bench.reopen();
    expect(admins()).toBe(1);
    for (const username of all) await change(username, { role: 'admin', enabled: true });
  });

  it('does not count one that is switched off', async () => {
    await change('second', { enabled: false });
    await change('third', { enabled: false });
    expect(await codeOf(change('admin', { role: 'viewer' }))).toBe('last_admin');
  });
});

describe('changes of one person at the same moment', () => {
  it('are all kept', async () => {
    await bench.add('busy', 'viewer');
    await Promise.all([
      change('busy', { enabled: false }),
      change('busy', { name: 'Busy Bee' }),
      change('busy', { role: 'admin' }),
    ]);
    const wanted = { name: 'Busy Bee', role: 'admin', enabled: false };
    expect(bench.access.directory.byUsername('busy')).toMatchObject(wanted);
    await bench.reopen();
    expect(bench.access.directory.byUsername('busy')).toMatchObject(wanted);
  });
});

describe('somebody who is switched off', () => {
  const off = async (username: string): Promise<void> => {
    const { directory, sessions, keys } = bench.access;
    const id = idOf(username);
    let drop = (): void => undefined;
    await directory.change(id, { enabled: false }, byNobody, async (manager) => {
      drop = await sessions.endAll(manager, id);
    });
    drop();
    keys.dropOver();
  };

  it('is out at once, with sessions, sockets and keys, and can not come in', async () => {
    const personId = await bench.add('gone', 'trader');
    const token = await bench.signIn('gone');
    const person = bench.person(token);
    const wanted = { name: 'bot', scopes: ['chains:read' as const], expiresAt: null };
    const { secret } = await bench.access.keys.create(wanted, person, byNobody);
    const holder = bench.access.keys.identify(secret)!;
    await off('gone');
    expect(bench.access.sessions.identify(token)).toBeUndefined();
    expect(bench.access.keys.identify(secret)).toBeUndefined();
    expect([person.ended.aborted, holder.ended.aborted]).toEqual([true, true]);
    expect(await codeOf(bench.signIn('gone'))).toBe('sign_in_refused');
    const rows = await bench.database.getRepository(sessionEntity).findBy({ personId });
    expect(rows).toEqual([]);
  });

  it('has keys but no session of before when switched on again, also after a restart', async () => {
    await bench.add('back', 'trader');
    const token = await bench.signIn('back');
    const wanted = { name: 'bot', scopes: ['chains:read' as const], expiresAt: null };
    const { secret } = await bench.access.keys.create(wanted, bench.person(token), byNobody);
    await off('back');
    await change('back', { enabled: true });
    bench.access.keys.dropOver();
    expect(bench.access.keys.identify(secret)?.ended.aborted).toBe(false);
    expect(bench.access.sessions.identify(token)).toBeUndefined();
    await bench.reopen();
    expect(bench.access.sessions.identify(token)).toBeUndefined();
    expect(bench.access.keys.identify(secret)?.username).toBe('back');
  });
});

describe('the first start', () => {
  it('makes nobody when there is somebody', async () => {
    const before = bench.access.directory.list().length;
    await bench.reopen();
    expect(bench.access.firstAdmin).toBeUndefined();
    expect(bench.access.directory.list()).toHaveLength(before);
  });
});
