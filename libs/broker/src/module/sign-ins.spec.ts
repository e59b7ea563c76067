import type { Role } from '@strikewire/contracts';
import { byPlatform, nobody, type ActedBy, type Person } from '@strikewire/platform';
import { silentLog, StrikewireError } from '@strikewire/runtime';
import { createNodeSecureRandom } from '@strikewire/runtime/node';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenGrant } from '../core/auth-port';
import { SignIns } from './sign-ins';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

const console = 'http://desk.test';
const redirect = `${console}/api/accounts/sign-in/callback`;
const clock = createVirtualClock(0);
const asked: string[] = [];
let bench: AccountsBench;
let signIns: SignIns;
/** Answers what hangs. */
let comes: (grant: TokenGrant) => void;
let accountId: string;

beforeAll(async () => {
  bench = await openAccountsBench({
    signIn: {
      url: (redirectUri, state) => `http://broker.test/?to=${redirectUri}&state=${state}`,
      complete(redirectUri, answer) {
        const code = answer.get('code') ?? '';
        asked.push(`${redirectUri} ${code}`);
        if (code === 'hanging') return new Promise((come) => (comes = come));
        if (code === 'broken') return Promise.reject(new TypeError('SECRET of a bug'));
        if (code !== 'good') {
          const message = 'the broker does not take this code';
          const refused = { kind: 'unauthenticated', code: 'refused', message } as const;
          return Promise.reject(new StrikewireError(refused));
        }
        return Promise.resolve({ credentials: { token: 'token-granted' }, expiresMs: null });
      },
    },
  });
});

beforeEach(async () => {
  await bench.clear();
  asked.length = 0;
  const random = createNodeSecureRandom();
  signIns = new SignIns({ clock, random, log: silentLog, accounts: bench.accounts });
  accountId = (await bench.accounts.add(newAccount('c1'), byPlatform)).id;
  bench.entries.length = 0;
});

afterAll(() => bench?.stop());

function person(userId: string, role: Role = 'admin'): ActedBy {
  const caller = { kind: 'person', userId, username: userId, role } as Person;
  return { caller, address: null, requestId: null };
}

/** The state of a sign-in that one person begins. */
function begin(userId = 'one'): string {
  const { url } = signIns.begin(accountId, { userId }, console);
  expect(url.startsWith(`http://broker.test/?to=${redirect}&state=`)).toBe(true);
  return url.split('state=')[1] as string;
}

const complete = (state: string, by = person('one'), code = 'good') =>
  signIns.complete(new URLSearchParams({ state, code }), by);

describe('signing in at a broker\'s page', () => {
  it('replaces the token, and logs that without it', async () => {
    expect(await complete(begin())).toEqual({
      isDone: true, message: 'Desk c1 is signed in at Desk Broker.',
    });
    await bench.accounts.test(accountId);
    expect(bench.behaviour.asked.at(-1)).toBe('token-granted');
    expect(asked).toEqual([`${redirect} good`]);
    expect(bench.entries).toMatchObject([{
      action: 'account.signed_in',
      after: { credentials: { token: '***' }, credentialsReplaced: true },
    }]);
  });

  it('is good for once', async () => {
    const state = begin();
    await complete(state, person('one'), 'bad');
    expect(await complete(state)).toMatchObject({ isDone: false });
    expect(asked).toEqual([`${redirect} bad`]);
  });

  it('is over after ten minutes', async () => {
    const state = begin();
    await clock.advance(10 * 60_000);
    expect((await complete(state)).message).toContain('is over');
    expect(asked).toEqual([]);
  });

  it.each([
    ['another person', person('two')],
    ['nobody', { ...byPlatform, caller: nobody }],
  ])('is not ended by %s, and not by its own person after that', async (_who, by) => {
    const state = begin();
    expect((await complete(state, by)).message).toContain('by somebody else');
    expect((await complete(state)).isDone).toBe(false);
    expect(asked).toEqual([]);
  });

  it('is not ended by somebody who is no admin any more', async () => {
    expect((await complete(begin(), person('one', 'trader'))).message).toContain('role admin');
    expect(asked).toEqual([]);
  });

  it('does not take a state that was never given', async () => {
    begin();
    for (const state of ['', 'x', 'constructor']) {
      expect((await complete(state)).isDone).toBe(false);
    }
    expect(asked).toEqual([]);
  });

  it('says why it failed, but nothing of a bug', async () => {
    const refused = await complete(begin(), person('one'), 'bad');
    expect(refused).toEqual({ isDone: false, message: 'the broker does not take this code' });
    const broken = await complete(begin(), person('one'), 'broken');
    expect(broken).toEqual({ isDone: false, message: 'It failed: see the log.' });
  });

  it('lets the oldest go when too many have begun', async () => {
    const [first, second] = [begin(), begin()];
    for (let count = 0; count < 99; count++) begin();
    expect((await complete(first)).isDone).toBe(false);
    expect((await complete(second)).isDone).toBe(true);
  });

  it('does not overwrite credentials that were replaced meanwhile', async () => {
    const from = bench.accounts.connection(accountId);
    const credentials = { token: 'token-of-a-person' };
    await bench.accounts.change(accountId, { credentials }, byPlatform);
    const late = bench.accounts.grant(
      accountId, { credentials: { token: 'token-late' }, from, action: 'x' }, byPlatform,
    );
    await expect(late).rejects.toMatchObject({ kind: 'rejected', code: 'credentials_replaced' });
  });

  it('is not waited for without end; what comes late is kept', async () => {
    const ended = complete(begin(), person('one'), 'hanging');
    await clock.advance(30_000);
    expect(await ended).toEqual({
      isDone: false,
      message: 'the sign-in of Desk c1 at Desk Broker was not answered within 30 s: ' +
        'try again later',
    });
    comes({ credentials: { token: 'token-late' }, expiresMs: null });
    const kept = [{ action: 'account.signed_in' }];
    await vi.waitFor(() => expect(bench.entries).toMatchObject(kept), { timeout: 30_000 });
    await bench.accounts.test(accountId);
    expect(bench.behaviour.asked.at(-1)).toBe('token-late');
  });
});
