import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionEntity } from './entities';
import {
  benchPassword,
  byNobody,
  codeOf,
  openAccessBench,
  type AccessBench,
} from './testing/access-bench';

const place = { address: '10.0.0.1', agent: 'x' };
const newPassword = 'another password for tests';
let bench: AccessBench;

beforeAll(async () => {
  bench = await openAccessBench();
});

afterAll(() => bench?.stop());

/** Somebody's password is made up anew, as an admin does it. */
async function reset(username: string): Promise<string> {
  const { directory, sessions } = bench.access;
  const person = directory.byUsername(username)!;
  const password = directory.madeUpPassword();
  let drop = (): void => undefined;
  await directory.setPassword(person, password, byNobody, {
    isMadeUp: true,
    endSessions: async (manager) => {
      drop = await sessions.endAll(manager, person.id);
    },
  });
  drop();
  return password;
}

const sessionsOf = (username: string): Promise<number> => {
  const { id } = bench.access.directory.byUsername(username)!;
  return bench.database.getRepository(sessionEntity).countBy({ personId: id });
};

describe('signing in', () => {
  it('refuses a wrong name or password and who is switched off in the same words', async () => {
    const id = await bench.add('off', 'viewer');
    const noSessions = (): Promise<void> => Promise.resolve();
    await bench.access.directory.change(id, { enabled: false }, byNobody, noSessions);
    const tries = [
      { username: 'nobody-here', password: benchPassword },
      { username: 'admin', password: 'wrong' },
      { username: 'off', password: benchPassword },
    ];
    const said = tries.map((tried) =>
      bench.access.signIn.signIn(tried, byNobody, place).catch((error: Error) => error.message),
    );
    expect(new Set(await Promise.all(said))).toEqual(
      new Set(['the username or the password is wrong']),
    );
  });

  it('writes down no name that does not exist, which may be a password', async () => {
    const typed = 'my password by mistake';
    await codeOf(bench.signIn(typed));
    const rows = await bench.database.query('select * from activity');
    expect(JSON.stringify(rows)).not.toContain(typed);
    expect(JSON.stringify(rows)).toContain('(an unknown name)');
  });

  it('with many wrong tries leaves the right password good from another address', async () => {
    await bench.add('target', 'viewer');
    const tries = Array.from({ length: 30 }, () =>
      codeOf(bench.signIn('target', { password: 'guess', address: '10.6.6.6' })),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'sign_in_refused')).toHaveLength(10);
    expect(codes.filter((code) => code === 'sign_in_throttled')).toHaveLength(20);
    expect(await codeOf(bench.signIn('target', { address: '10.6.6.6' }))).toBe('sign_in_throttled');
    expect(await codeOf(bench.signIn('target', { address: '10.7.7.7' }))).toBe('kept');
  });

  it('with the old password is too late once another one is set', async () => {
    for (let round = 0; round < 5; round++) {
      const name = `late${round}`;
      await bench.add(name, 'viewer');
      // The password is right when it is looked at, and replaced before the session is opened.
      const [signing, made] = await Promise.all([
        bench.signIn(name).catch((error: { code: string }) => error.code),
        reset(name),
      ]);
      const person = bench.access.sessions.identify(signing);
      expect([round, person]).toEqual([round, undefined]);
      expect(await sessionsOf(name)).toBe(0);
      expect(await codeOf(bench.signIn(name, { password: made }))).toBe('kept');
    }
  });

  it('goes on with one of two changes of a password at the same moment', async () => {
    await bench.add('twice', 'viewer');
    const { signIn, sessions } = bench.access;
    const people = [await bench.signIn('twice'), await bench.signIn('twice')].map((token) =>
      bench.person(token),
    );
    const ends = await Promise.allSettled(
      people.map((person, index) => {
        const change = { currentPassword: benchPassword, newPassword: `${newPassword} ${index}` };
        return signIn.changePassword(person, change, byNobody, place);
      }),
    );
    const kept = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.token] : []));
    expect(kept).toHaveLength(1);
    expect(people.map(({ ended }) => ended.aborted)).toEqual([true, true]);
    expect(sessions.identify(kept[0]!)?.username).toBe('twice');
    expect(await sessionsOf('twice')).toBe(1);
  });
});

describe('a change of one\'s password', () => {
  it('ends all other sessions, sockets included, and gives this browser a new one', async () => {
    await bench.add('changing', 'viewer');
    const tokens = [await bench.signIn('changing'), await bench.signIn('changing')];
    const people = tokens.map((token) => bench.person(token));
    const change = { currentPassword: benchPassword, newPassword };
    const { token } = await bench.access.signIn.changePassword(
      people[0]!, change, byNobody, place,
    );
    expect(people.map(({ ended }) => ended.aborted)).toEqual([true, true]);
    expect(tokens).not.toContain(token);
    expect(bench.person(token).username).toBe('changing');
    expect(await codeOf(bench.signIn('changing'))).toBe('sign_in_refused');
    await bench.reopen();
    expect(bench.access.sessions.identify(token)?.username).toBe('changing');
    expect(tokens.map((old) => bench.access.sessions.identify(old))).toEqual([
      undefined, undefined,
    ]);
  });

  it('needs the present one, another one, and a good one', async () => {
    await bench.add('careless', 'viewer');
    const person = bench.person(await bench.signIn('careless'));
    const code = (currentPassword: string, wanted: string): Promise<string> => {
      const change = { currentPassword, newPassword: wanted };
      return codeOf(bench.access.signIn.changePassword(person, change, byNobody, place));
    };
    expect(await code('wrong', newPassword)).toBe('password_wrong');
    expect(await code(benchPassword, benchPassword)).toBe('password_same');
    expect(await code(benchPassword, 'careless as ever')).toBe('password_weak');
    expect(person.ended.aborted).toBe(false);
  });
});
