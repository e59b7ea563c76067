import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionEntity } from './entities';
import {
  benchPassword,
  byNobody,
  codeOf,
  openAccessBench,
  type AccessBench,
} from './testing/access-bench';

const hour = 3_600_000;
let bench: AccessBench;

beforeAll(async () => {
  bench = await openAccessBench();
});

afterAll(() => bench?.stop());

const rowsOf = (username: string): Promise<number> => {
  const { id } = bench.access.directory.byUsername(username)!;
  return bench.database.getRepository(sessionEntity).countBy({ personId: id });
};
const alive = (token: string): boolean => bench.access.sessions.identify(token) !== undefined;

/** The sweep runs by the clock, which waits for what it does in the database. */
const swept = (): Promise<void> => bench.clock.advance(31_000);

describe('a session', () => {
  it('is another one each time, and only its hash is stored', async () => {
    await bench.add('one', 'viewer');
    const [first, second] = [await bench.signIn('one'), await bench.signIn('one')];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
    const stored = JSON.stringify(await bench.database.getRepository(sessionEntity).find());
    expect(stored).not.toContain(first);
    expect([alive(first), alive(second)]).toEqual([true, true]);
  });

  it('takes the place of the one that the browser had', async () => {
    await bench.add('rotating', 'viewer');
    const first = await bench.signIn('rotating');
    const held = bench.person(first);
    const { signIn } = bench.access;
    const tried = { username: 'rotating', password: benchPassword };
    const place = { address: '10.0.0.1', agent: 'x' };
    const { token } = await signIn.signIn(tried, { ...byNobody, caller: held }, place);
    expect([alive(first), alive(token)]).toEqual([false, true]);
    expect(held.ended.aborted).toBe(true);
    expect(await rowsOf('rotating')).toBe(1);
  });

  it('is the one idle longest that makes room for a twenty-first', async () => {
    await bench.add('crowd', 'viewer');
    const tokens: string[] = [];
    for (let index = 0; index < 20; index++) {
      await bench.clock.advance(1_000);
      tokens.push(await bench.signIn('crowd'));
    }
    await bench.clock.advance(1_000);
    expect(alive(tokens[0]!)).toBe(true);
    const [victim] = [bench.person(tokens[1]!)];
    await bench.clock.advance(1_000);
    for (const token of [tokens[0]!, ...tokens.slice(2)]) expect(alive(token)).toBe(true);
    const last = await bench.signIn('crowd');
    expect(victim.ended.aborted).toBe(true);
    expect([...tokens, last].filter((token) => alive(token))).toHaveLength(20);
    expect(await rowsOf('crowd')).toBe(20);
    const { entries } = await bench.access.activity.page({
      action: 'session.crowded_out', subject: 'crowd', limit: 5,
    });
    expect(entries.map(({ actor, before }) => [actor.name, before])).toEqual([
      ['platform', { address: '10.0.0.1', agent: 'bench' }],
    ]);
  }, 240_000);

  it('outlives a restart, with its times', async () => {
    await bench.add('staying', 'viewer');
    const token = await bench.signIn('staying');
    await bench.clock.advance(hour);
    expect(alive(token)).toBe(true);
    await swept();
    await bench.reopen();
    await bench.clock.advance(7.5 * hour);
    expect(alive(token)).toBe(true);
  });

  it('that ended does not come back with a restart', async () => {
    await bench.add('leaving', 'viewer');
    const tokens = [await bench.signIn('leaving'), await bench.signIn('leaving')] as const;
    const [first, other] = tokens.map((token) => bench.person(token));
    await bench.access.sessions.endOthers(first!, byNobody);
    expect(other!.ended.aborted).toBe(true);
    await bench.access.sessions.end(first!.sessionId, byNobody);
    await bench.reopen();
    expect(tokens.map((token) => alive(token))).toEqual([false, false]);
    expect(await rowsOf('leaving')).toBe(0);
  });

  it('ends when idle for eight hours, its sockets within half a minute', async () => {
    await bench.add('idle', 'viewer');
    const token = await bench.signIn('idle');
    const { ended } = bench.person(token);
    await bench.clock.advance(8 * hour - 60_000);
    expect(ended.aborted).toBe(false);
    await bench.clock.advance(60_000);
    expect(alive(token)).toBe(false);
    await swept();
    expect(ended.aborted).toBe(true);
    expect(await rowsOf('idle')).toBe(0);
  });

  it('ends after a day, however much it is used', async () => {
    await bench.add('always', 'viewer');
    const token = await bench.signIn('always');
    const { ended } = bench.person(token);
    for (let count = 0; count < 23; count++) {
      await bench.clock.advance(hour);
      expect(alive(token)).toBe(true);
    }
    await bench.clock.advance(hour);
    expect(alive(token)).toBe(false);
    await swept();
    expect(ended.aborted).toBe(true);
  });

  it('lasts when the clock is set back, and does not grow longer by it', async () => {
    await bench.add('back', 'viewer');
    const token = await bench.signIn('back');
    bench.clock.jumpWall(-6 * hour);
    expect(alive(token)).toBe(true);
    bench.clock.jumpWall(6 * hour);
    await bench.clock.advance(8 * hour);
    expect(alive(token)).toBe(false);
  });

  it('is only ended by whose it is', async () => {
    await bench.add('mine', 'viewer');
    await bench.add('other', 'viewer');
    const mine = bench.person(await bench.signIn('mine'));
    const other = bench.person(await bench.signIn('other'));
    const { sessions } = bench.access;
    const tried = sessions.end(mine.sessionId, byNobody, other.userId);
    expect(await codeOf(tried)).toBe('session_unknown');
    expect(mine.ended.aborted).toBe(false);
    expect(sessions.list(other.sessionId, other.userId)).toHaveLength(1);
  });
});

describe('a confirmation', () => {
  it('lasts ten minutes and is not there after a restart that lasts longer', async () => {
    await bench.add('confirming', 'admin');
    const token = await bench.signIn('confirming');
    const until = (): number => bench.person(token).steppedUpUntilMs - bench.clock.wallMs();
    expect(until()).toBe(600_000);
    await bench.clock.advance(601_000);
    await bench.reopen();
    expect(until()).toBe(-1_000);
    const { signIn } = bench.access;
    expect(await codeOf(signIn.stepUp(bench.person(token), 'wrong', byNobody))).toBe(
      'password_wrong',
    );
    expect(until()).toBe(-1_000);
    await signIn.stepUp(bench.person(token), benchPassword, byNobody);
    expect(until()).toBe(600_000);
  });
});
