import { byPlatform } from '@strikewire/platform';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

const clock = createVirtualClock(Date.parse('2026-11-24T09:00:00+05:30'));
let bench: AccountsBench;
let id: string;

beforeAll(async () => {
  bench = await openAccountsBench(undefined, clock);
});

beforeEach(async () => {
  await bench.clear();
  id = (await bench.accounts.add(newAccount('c1'), byPlatform)).id;
  bench.entries.length = 0;
});

afterAll(() => bench?.stop());

const grant = (token: string) => {
  const from = bench.accounts.connection(id);
  const granted = { from, credentials: { token }, action: 'account.token_renewed' };
  return bench.accounts.grant(id, granted, byPlatform);
};

/** By which token the broker is asked now. */
async function tokenInUse(): Promise<string | undefined> {
  const tested = bench.accounts.test(id);
  await clock.advance(10);
  await tested;
  return bench.behaviour.asked.at(-1);
}

/** The same after a restart. */
async function tokenStored(): Promise<string | undefined> {
  await bench.reopen();
  return tokenInUse();
}

/** Lets the tries of so many seconds come to their end. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 30) {
    await clock.advance(30_000);
    await new Promise((resolve) => setImmediate(resolve));
    await bench.database.query('select 1');
  }
}

describe('a token that was granted', () => {
  it('is in use while the database is away, and stored when it is back', async () => {
    bench.isAway = true;
    const before = bench.changes();
    const granted = grant('token-anew');
    // At once: before anything was answered by anybody.
    expect(bench.changes()).toBe(before + 1);
    await granted;
    expect([await tokenInUse(), bench.entries]).toEqual(['token-anew', []]);
    bench.isAway = false;
    await pass(60);
    await vi.waitFor(() => expect(bench.entries).toMatchObject([{
      action: 'account.token_renewed', after: { credentialsReplaced: true },
    }]), { timeout: 30_000 });
    expect(await tokenStored()).toBe('token-anew');
  });

  it('is stored in the place of those before it, once', async () => {
    bench.isAway = true;
    await grant('token-one');
    await grant('token-two');
    bench.isAway = false;
    await pass(120);
    await vi.waitFor(() => expect(bench.entries).toHaveLength(1), { timeout: 30_000 });
    expect(await tokenStored()).toBe('token-two');
  });

  it('does not replace what a person has stored since', async () => {
    bench.isAway = true;
    await grant('token-anew');
    bench.isAway = false;
    await bench.accounts.change(id, { credentials: { token: 'of-a-person' } }, byPlatform);
    await pass(120);
    expect(bench.entries.map(({ action }) => action)).toEqual(['account.changed']);
    expect([await tokenInUse(), await tokenStored()]).toEqual(['of-a-person', 'of-a-person']);
  });

  it('outlives a change that was on its way when it came', async () => {
    const renamed = bench.accounts.change(id, { label: 'Renamed' }, byPlatform);
    await grant('token-anew');
    await renamed;
    await pass(30);
    expect(bench.accounts.list()[0]?.label).toBe('Renamed');
    expect([await tokenInUse(), await tokenStored()]).toEqual(['token-anew', 'token-anew']);
    expect(bench.accounts.list()[0]?.label).toBe('Renamed');
  });

  it('that was given up is in use, and stored with the next change of the account', async () => {
    bench.isAway = true;
    await grant('token-anew');
    while (bench.failedStores < 60) await pass(30);
    bench.isAway = false;
    await pass(600);
    expect([await tokenInUse(), bench.entries]).toEqual(['token-anew', []]);
    await bench.accounts.change(id, { label: 'Renamed' }, byPlatform);
    expect(await tokenStored()).toBe('token-anew');
  });

  it('is tried to be stored once more before the end', async () => {
    bench.isAway = true;
    await grant('token-anew');
    bench.isAway = false;
    await bench.accounts.stop();
    expect(await tokenStored()).toBe('token-anew');
  });

  it('is of no use to an account that is gone', async () => {
    bench.isAway = true;
    await grant('token-anew');
    bench.isAway = false;
    await bench.accounts.remove(id, byPlatform);
    await pass(120);
    expect(bench.entries.map(({ action }) => action)).toEqual(['account.deleted']);
    await bench.reopen();
    expect(bench.accounts.list()).toEqual([]);
  });
});
