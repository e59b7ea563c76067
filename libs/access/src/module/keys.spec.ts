import { keysPerOwnerMax, type KeyScope } from '@strikewire/contracts';
import { accessRules, refusalOf, type Person } from '@strikewire/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyEntity } from './entities';
import { resetPassword } from './reset-password';
import { byNobody, codeOf, openAccessBench, type AccessBench } from './testing/access-bench';

const day = 24 * 3_600_000;
let bench: AccessBench;
let admin: Person;

beforeAll(async () => {
  bench = await openAccessBench();
  admin = bench.person(await bench.signIn('admin'));
});

afterAll(() => bench?.stop());

async function signedIn(username: string, role: 'viewer' | 'trader' | 'admin'): Promise<Person> {
  await bench.add(username, role);
  return bench.person(await bench.signIn(username));
}

function make(
  person: Person,
  scopes: KeyScope[] = ['chains:read'],
  lastsMs?: number,
): ReturnType<AccessBench['access']['keys']['create']> {
  const endsMs = bench.clock.wallMs() + (lastsMs ?? 0);
  const expiresAt = lastsMs === undefined ? null : new Date(endsMs).toISOString();
  return bench.access.keys.create({ name: 'bot', scopes, expiresAt }, person, byNobody);
}

const stateOf = (id: string): string | undefined =>
  bench.access.keys.list().find((key) => key.id === id)?.state;

describe('a key', () => {
  it('is random, and only its hash is stored', async () => {
    const { key, secret } = await make(admin);
    expect(secret).toMatch(/^swk_[\w-]{43}$/);
    expect(secret.startsWith(key.hint)).toBe(true);
    expect(key.hint).toHaveLength(12);
    const stored = JSON.stringify(await bench.database.getRepository(keyEntity).find());
    expect(stored).not.toContain(secret.slice(4));
    expect(JSON.stringify(bench.access.keys.list())).not.toContain(secret);
    const { entries } = await bench.access.activity.page({ action: 'key', limit: 5 });
    expect(JSON.stringify(entries)).not.toContain(secret.slice(4));
  });

  it('works after a restart, and no other text does', async () => {
    const { secret } = await make(admin);
    await bench.reopen();
    const { keys } = bench.access;
    expect(keys.identify(secret)?.username).toBe('admin');
    for (const other of ['', secret.slice(0, -1), `${secret}x`, secret.toUpperCase()]) {
      expect(keys.identify(other)).toBeUndefined();
    }
    admin = bench.person(await bench.signIn('admin'));
  });

  it('has no scope above the role of its owner', async () => {
    const viewer = await signedIn('viewer', 'viewer');
    const trader = await signedIn('trader', 'trader');
    expect(await codeOf(make(viewer, ['orders:read']))).toBe('scope_above_role');
    expect(await codeOf(make(viewer, ['chains:read', 'trade']))).toBe('scope_above_role');
    expect(await codeOf(make(trader, ['admin']))).toBe('scope_above_role');
    expect(await codeOf(make(trader, ['orders:read', 'trade']))).toBe('kept');
  });

  it('is bounded by the role of its owner from the moment that it is less', async () => {
    const owner = await signedIn('demoted', 'admin');
    const { secret } = await make(owner, ['admin']);
    const holder = bench.access.keys.identify(secret)!;
    const refusal = () => refusalOf(holder, accessRules.admins, bench.clock.wallMs())?.code;
    expect(refusal()).toBeUndefined();
    const noSessions = (): Promise<void> => Promise.resolve();
    await bench.access.directory.change(owner.userId, { role: 'viewer' }, byNobody, noSessions);
    expect(refusal()).toBe('access_denied');
  });

  it('that is revoked is dead at once, and once and for all', async () => {
    const { key, secret } = await make(admin);
    const holder = bench.access.keys.identify(secret)!;
    await bench.access.keys.revoke(key.id, byNobody);
    expect(holder.ended.aborted).toBe(true);
    expect(bench.access.keys.identify(secret)).toBeUndefined();
    bench.access.keys.dropOver();
    await bench.access.keys.revoke(key.id, byNobody);
    await bench.reopen();
    expect(bench.access.keys.identify(secret)).toBeUndefined();
    expect(stateOf(key.id)).toBe('revoked');
    const { entries } = await bench.access.activity.page({
      action: 'key.revoked', subject: key.id, limit: 5,
    });
    expect(entries).toHaveLength(1);
    admin = bench.person(await bench.signIn('admin'));
  });

  it('is revoked with all of its owner when an admin resets the password', async () => {
    const owner = await signedIn('forgetful', 'trader');
    const [first, second] = [await make(owner), await make(owner)];
    const gone = await make(owner);
    await bench.access.keys.revoke(gone.key.id, byNobody);
    const others = await make(admin);
    const holder = bench.access.keys.identify(first.secret)!;
    const person = bench.access.directory.byId(owner.userId);
    await resetPassword(bench.access, person, 'a made-up password', byNobody);
    expect([holder.ended.aborted, owner.ended.aborted]).toEqual([true, true]);
    for (const isReopened of [false, true]) {
      if (isReopened) await bench.reopen();
      const { keys } = bench.access;
      const work = [first, second, others].map(({ secret }) => keys.identify(secret) !== undefined);
      expect(work).toEqual([false, false, true]);
    }
    const { entries } = await bench.access.activity.page({ limit: 3 });
    expect(entries.map(({ action, subject }) => [action, subject.id])).toEqual([
      ['user.password_reset', owner.userId],
      ['key.revoked', expect.any(String)],
      ['key.revoked', expect.any(String)],
    ]);
    expect(await bench.access.activity.verify()).toMatchObject({ intact: true });
    admin = bench.person(await bench.signIn('admin'));
  });

  it('is only revoked by whose it is', async () => {
    const { key, secret } = await make(admin);
    const other = await signedIn('stranger', 'viewer');
    const tried = bench.access.keys.revoke(key.id, byNobody, other.userId);
    expect(await codeOf(tried)).toBe('key_unknown');
    expect(bench.access.keys.identify(secret)).toBeDefined();
    expect(bench.access.keys.list(other.userId)).toEqual([]);
  });

  it('that has expired is dead, its sockets within half a minute', async () => {
    const { key, secret } = await make(admin, ['chains:read'], 3 * 3_600_000);
    const holder = bench.access.keys.identify(secret)!;
    await bench.clock.advance(3 * 3_600_000 - 1);
    expect(bench.access.keys.identify(secret)).toBe(holder);
    await bench.clock.advance(1);
    expect(bench.access.keys.identify(secret)).toBeUndefined();
    expect(stateOf(key.id)).toBe('expired');
    await bench.clock.advance(31_000);
    expect(holder.ended.aborted).toBe(true);
  });

  it('is not made to be over already', async () => {
    expect(await codeOf(make(admin, ['chains:read'], 0))).toBe('expiry_past');
    expect(await codeOf(make(admin, ['chains:read'], -day))).toBe('expiry_past');
  });

  it('is one of fifty of a person at most, also when many are made at once', async () => {
    const owner = await signedIn('collector', 'viewer');
    const tries = Array.from({ length: keysPerOwnerMax + 10 }, () => codeOf(make(owner)));
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'kept')).toHaveLength(keysPerOwnerMax);
    expect(codes.filter((code) => code === 'keys_full')).toHaveLength(10);
    const [first] = bench.access.keys.list(owner.userId);
    await bench.access.keys.revoke(first!.id, byNobody);
    expect(await codeOf(make(owner))).toBe('kept');
    expect(await codeOf(make(owner))).toBe('keys_full');
  });
});
