import { byPlatform } from '@strikewire/platform';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
