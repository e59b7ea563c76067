import { byPlatform } from '@strikewire/platform';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountShows, newlyHeld } from './account-shows';
import type { AccountRow } from './entities';
import { ServedBrokers } from './served-brokers';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

let bench: AccountsBench;
let end: () => number | null = () => null;

beforeAll(async () => {
  bench = await openAccountsBench({ expiresMs: () => end() }, createVirtualClock(0));
  await bench.accounts.add(newAccount('c1'), byPlatform);
});

afterAll(() => bench?.stop());

describe('the end of a token', () => {
  it.each([
    ['is told', () => 86_400_000, '1970-01-02T05:30:00.000+05:30'],
    ['is not known to a plugin that fails', () => { throw new Error('broken'); }, null],
    ['is not known to a plugin that tells no number', () => NaN, null],
  ])('%s', (_what, said, shown) => {
    end = said;
    expect(bench.accounts.list()[0]?.tokenExpiresAt).toBe(shown);
  });
});

describe('an account whose plugin is not there', () => {
  it('is off, and says which packages could not be used', () => {
    const deps = {
      pool: bench.pool, brokers: [], usernameOf: () => undefined, feedProblem: () => null,
    };
    const row = { broker: 'gone', enabled: true, createdAt: new Date(0), updatedAt: new Date(0) };
    const reasonOf = (leftOut?: string[]): unknown => {
      const shows = new AccountShows(
        { ...deps, ...(leftOut && { leftOut }) }, new ServedBrokers([], {} as never, {} as never));
      const { state, stateReason } = shows.account(newlyHeld(row as AccountRow, []));
      return [state, stateReason];
    };
    expect(reasonOf()).toEqual(['off', 'there is no broker plugin gone']);
    expect(reasonOf(['the package a hangs', 'the package b hangs'])).toEqual([
      'off', 'there is no broker plugin gone; the package a hangs; the package b hangs',
    ]);
  });
});
