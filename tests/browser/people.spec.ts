import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { admin, eventually } from '../support/real-platform';
import { barriersIn, overflowOf, soon } from './console-page';
import { useConsole } from './console-run';
import { askForPassword, signInByKeys, unexpected, visitSignedOut } from './signed-out';

const run = useConsole({ hasChains: false });
const pages = [
  ['/users', 'Users'],
  ['/sessions', 'Users'],
  ['/profile', 'Profile'],
  ['/keys', 'API keys'],
  ['/activity', 'Activity'],
  ['/accounts', 'Accounts'],
  ['/notifications', 'Notification channels'],
] as const;

/** Adds a user in the console; resolves with the password that is shown once. */
async function addUser(page: Page, username: string, role: string): Promise<string> {
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByRole('radio', { name: new RegExp(`^${role}`) }).check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByLabel('Made-up password');
  await shown.waitFor();
  const password = await shown.innerText();
  await page.getByRole('button', { name: 'I have handed it over' }).click();
  await page.getByRole('row', { name: username }).waitFor();
  return password;
}

describe.each([
  ['desktop', 'dark'],
  ['desktop', 'light'],
  ['phone', 'dark'],
  ['phone', 'light'],
] as const)('on a %s screen, %s', (size, theme) => {
  it('every page is readable for everybody and fits', async () => {
    const { page, problems } = await run.visit('/users', { size, theme });
    for (const [path, heading] of pages) {
      await page.goto(run.platform.url(path));
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.locator('.page table, .page .cards, .page .empty').first().waitFor();
      expect([path, await overflowOf(page), await barriersIn(page)]).toEqual([path, 0, []]);
    }
    expect(unexpected(problems)).toEqual([]);
  });
});

describe('a new user', () => {
  it('has to replace the made-up password, and sees what the role sees', async () => {
    const { page } = await run.visit('/users');
    const password = await addUser(page, 'meera', 'Viewer');

    const hers = (await visitSignedOut(run, '/keys')).page;
    await signInByKeys(hers, 'meera', password);
    await hers.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();
    expect(await barriersIn(hers)).toEqual([]);
    await hers.goto(run.platform.url('/chain'));
    await hers.getByRole('heading', { name: 'Choose a password of your own' }).waitFor();

    const fields = ['Password that you were given', 'New password', 'New password again'];
    const replace = async (...texts: string[]): Promise<void> => {
      for (const [at, text] of texts.entries()) {
        await hers.getByLabel(fields[at] ?? '', { exact: true }).fill(text);
      }
      await hers.keyboard.press('Enter');
    };
    await replace('not it', 'short', 'shorter');
    await hers.getByText('Needs at least 12 characters').waitFor();
    await hers.getByText('Is not the same as the new password').waitFor();
    await replace('not it', 'a longer password', 'a longer password');
    await hers.getByText('Needs to be your present password').waitFor();
    await replace(password, 'a longer password', 'a longer password');
    await hers.locator('.shell').waitFor();

    const rail = hers.getByRole('navigation', { name: 'Pages' });
    const links = async (): Promise<string[]> =>
      (await rail.locator('a').allInnerTexts()).map((link) => link.trim());
    await expect.poll(links, soon).toEqual([
      'Chain', 'Analytics', 'Status', 'Hours', 'Failover', 'Universe', 'API keys',
    ]);
    await hers.goto(run.platform.url('/users'));
    await hers.getByText('This page needs the role admin').waitFor();
    expect(await barriersIn(hers)).toEqual([]);

    await page.getByRole('button', { name: 'Disable meera' }).click();
    await page.getByLabel('Type meera to confirm').fill('meera');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'meera' }).getByText('disabled').waitFor();
    await hers.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('is added once the password was given, and not before', async () => {
    const { page } = await run.visit('/users');
    await askForPassword(page, '/api/users');
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.locator('.el-dialog input:focus').waitFor();
    await page.keyboard.type('ravi');
    await page.keyboard.press('Enter');
    const password = page.getByRole('dialog', { name: 'Your password' }).getByLabel('Password', {
      exact: true,
    });
    // Once it has the focus, it has faded in as well.
    await eventually(
      () => password.evaluate((field) => field === document.activeElement),
      (isFocused) => isFocused,
    );
    expect(await barriersIn(page)).toEqual([]);
    await password.fill('not it');
    await page.keyboard.press('Enter');
    await page.getByText('Needs to be your present password').waitFor();
    await password.fill(admin.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Made-up password').waitFor();
  });
});

describe('API keys', () => {
  it('work from when their secret is shown until they are revoked', async () => {
    const { page } = await run.visit('/keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('charts');
    await page.keyboard.press('Enter');
    await page.locator('.el-dialog code:focus').waitFor();
    const secret = await page.getByLabel('Secret of the key').innerText();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have saved it' }).click();
    const status = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await fetch(run.platform.url('/api/optionchain/underlyings'), { headers })).status;
    };
    // Whoever has no chains yet says so, and not that the key is none.
    expect(await eventually(status, (code) => code !== 503)).toBe(200);
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke charts' }).click();
    await page.getByLabel('Type revoke to confirm').fill('revoke');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'charts' }).getByText('revoked').waitFor();
    expect(await status()).toBe(401);
  });
});

describe('one\'s own sessions', () => {
  it('can be ended, all but the one in use', async () => {
    const signedIn = await fetch(run.platform.url('/api/auth/sign-in'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'forgotten/1.0' },
      body: JSON.stringify(admin),
    });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { page } = await visitSignedOut(run, '/profile');
    await signInByKeys(page, admin.username, admin.password);
    await page.getByText('this one').waitFor();
    const rows = page.getByRole('group', { name: 'Table of sessions' }).locator('tbody tr');
    const before = await rows.count();
    await rows.filter({ hasText: 'forgotten' }).getByRole('button').click();
    await eventually(() => rows.count(), (count) => count === before - 1);
    const me = await fetch(run.platform.url('/api/auth/me'), { headers: { cookie } });
    expect(me.status).toBe(401);
  });
});

describe('the activity log', () => {
  it('is searched by its address, opened, verified and taken along', async () => {
    const { page } = await run.visit('/activity');
    await page.getByLabel('Did').fill('key');
    await page.keyboard.press('Enter');
    await eventually(() => page.url(), (url) => url.endsWith('?action=key'));
    // What was there before the search goes when its answer comes.
    await page.getByText('User created').first().waitFor({ state: 'detached' });
    await page.getByText('Key revoked').waitFor();
    expect(await page.getByText('User created').count()).toBe(0);
    await page.getByRole('button', { name: /^\d+: details/ }).last().click();
    await page.locator('.details').getByText('chains:read').waitFor();
    await page.goBack();
    await page.getByText('User created').first().waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/All \d+ entries are as they were written/).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('activity.csv');
  });
});
