import { byPlatform } from '@strikewire/platform';
import { errorMessageOf } from '@strikewire/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newAccount, openAccountsBench, type AccountsBench } from './testing/accounts-bench';

let bench: AccountsBench;

beforeAll(async () => {
  // As where a token tells its user, and an app's key stands for the user until there is one.
  bench = await openAccountsBench({ accountOf: ({ client, pin }) => pin ?? client ?? '' });
});

beforeEach(() => bench.clear());
afterAll(() => bench?.stop());

const settings = { client: 'c9', token: 'secret-one' };
const labels = () => bench.accounts.list().map(({ label }) => label);
const add = (label: string, credentials: Record<string, string>) =>
  bench.accounts.add(newAccount('', { label, credentials }), byPlatform).then(
    () => 'kept', (error: unknown) => errorMessageOf(error));

/** Signs in at the broker's page: from then on the account is named by its user. */
async function signIn(pin: string): Promise<void> {
  const { id } = bench.accounts.list()[0]!;
  const from = bench.accounts.connection(id);
  const granted = { from, credentials: { pin }, action: 'account.signed_in' };
  await bench.accounts.grant(id, granted, byPlatform);
}

async function restart(given = settings): Promise<void> {
  await bench.reopen();
  await bench.accounts.adopt('desk', given);
}

describe('an account of the settings that was signed in', () => {
  it('is the same one after a restart, and signed in', async () => {
    await bench.accounts.adopt('desk', settings);
    await signIn('user-7');
    await restart();
    await restart();
    expect(bench.accounts.list()).toMatchObject([
      { label: 'Desk Broker', primary: true, credentials: { client: 'c9', pin: '***' } },
    ]);
  });

  it('follows the settings when these are others, and stays signed in', async () => {
    await bench.accounts.adopt('desk', settings);
    await signIn('user-7');
    await restart({ ...settings, token: 'secret-two' });
    const [account] = bench.accounts.list();
    expect([labels(), account?.credentials['pin']]).toEqual([['Desk Broker'], '***']);
    await bench.accounts.test(account!.id);
    expect(bench.behaviour.asked.at(-1)).toBe('secret-two');
  });

  it('is another one when the settings name another', async () => {
    await bench.accounts.adopt('desk', settings);
    await signIn('user-7');
    await restart({ ...settings, client: 'c8' });
    expect(labels()).toEqual(['Desk Broker of the settings', 'Desk Broker']);
  });
});

describe('two entries', () => {
  it('are twins by the user, and by the app where one knows no user', async () => {
    expect(await add('One', { ...settings, pin: 'user-7' })).toBe('kept');
    const twin = 'credentials: are of the account that One is for already';
    expect(await add('By the user', { ...settings, client: 'c1', pin: 'user-7' })).toBe(twin);
    expect(await add('By the app', settings)).toBe(twin);
    expect(await add('Another user', { ...settings, pin: 'user-8' })).toBe('kept');
    expect(await add('Another app', { ...settings, client: 'c1' })).toBe('kept');
  });

  it('are not of one user after a sign-in either', async () => {
    await add('One', { ...settings, client: 'c1' });
    await add('Two', { ...settings, client: 'c2', pin: 'user-7' });
    await expect(signIn('user-7')).rejects.toThrow('are of the account that Two is for already');
  });
});
