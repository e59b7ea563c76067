import { describe, expect, it } from 'vitest';
import { admin, eventually } from '../support/real-platform';
import { barriersIn, overflowOf, soon } from './console-page';
import { useConsole } from './console-run';
import { signInByKeys, unexpected, visitSignedOut } from './signed-out';

const run = useConsole({ hasChains: false });

describe('signing in', () => {
  it.each([
    ['desktop', 'dark'],
    ['phone', 'light'],
  ] as const)('goes by keyboard, back to where one was: %s, %s', async (size, theme) => {
    const path = '/activity?action=sign_in';
    const { page, problems } = await visitSignedOut(run, path, { size, theme });
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await barriersIn(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    await signInByKeys(page, admin.username, 'not the password');
    await page.getByText('The username or the password is wrong').waitFor();
    await page.locator('input[name=password]:focus').waitFor();
    await page.keyboard.type(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    expect(page.url()).toBe(run.platform.url(path));
    expect(unexpected(problems)).toEqual([]);
  });

  it('leads to no other site', async () => {
    const { page } = await visitSignedOut(run, '/sign-in?next=//evil.example/x');
    await signInByKeys(page, admin.username, admin.password);
    await page.locator('.shell').waitFor();
    expect(page.url()).toMatch(new RegExp(`^${run.platform.url('/chain')}`));
  });

  it('ends with signing out', async () => {
    const { page, problems } = await visitSignedOut(run, '/status');
    await signInByKeys(page, admin.username, admin.password);
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    await page.getByRole('button', { name: 'Administrator' }).click();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(async () => (await fetch('/api/auth/me')).status)).toBe(401);
    await page.goto(run.platform.url('/users'));
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(unexpected(problems)).toEqual([]);
  });

  it('is asked for again when the session was ended elsewhere', async () => {
    const { page } = await visitSignedOut(run, '/status');
    await signInByKeys(page, admin.username, admin.password);
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    const id = await page.evaluate(async () => {
      const me = (await (await fetch('/api/auth/me')).json()) as { session: { id: string } };
      return me.session.id;
    });
    const ended = await run.platform.fetch(`/api/sessions/${id}`, { method: 'DELETE' });
    expect(ended.status).toBe(204);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(page.url()).toBe(run.platform.url('/sign-in?next=/status'));
  });
});

describe('a platform that does not answer', () => {
  it('is told from being signed out, and waited for', async () => {
    const { page } = await run.visit('/favicon.svg');
    await page.route('**/api/auth/me', (route) => route.abort());
    await page.goto(run.platform.url('/status'));
    await page.getByText('The platform does not answer').waitFor();
    await page.unroute('**/api/auth/me');
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    await eventually(() => page.url(), (url) => url === run.platform.url('/status'));
  });
});

describe('a console whose first files do not come', () => {
  const entry = '**/assets/index-*.js';

  it.each([entry, '**/assets/services-*.js', '**/assets/index-*.css'])(
    'is opened anew once by itself: %s',
    async (file) => {
      const { page } = await run.visit('/favicon.svg');
      let asked = 0;
      await page.route(file, (route) => (++asked === 1 ? route.abort() : route.fallback()));
      await page.goto(run.platform.url('/profile'), { waitUntil: 'commit' });
      await expect.poll(() => asked, soon).toBeGreaterThan(1);
      await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
      // Its styles are there as well.
      const display = (): Promise<string> =>
        page.locator('.shell').evaluate((shell) => getComputedStyle(shell).display);
      await expect.poll(display, soon).toBe('grid');
    },
  );

  it('says so when that did not help, and begins when they come', async () => {
    const { page } = await run.visit('/favicon.svg');
    let asked = 0;
    await page.route(entry, (route) => {
      asked += 1;
      return route.abort();
    });
    await page.goto(run.platform.url('/profile'), { waitUntil: 'commit' });
    await expect.poll(() => asked, soon).toBe(2);
    await page.getByRole('heading', { name: 'The console could not be loaded' }).waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await page.unroute(entry);
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  });
});

describe('a page whose files do not come', () => {
  it('is opened anew once by itself', async () => {
    const { page } = await run.visit('/status');
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    await page.route('**/assets/profile-page*.js', (route) => route.abort(), { times: 1 });
    await page.goto(run.platform.url('/profile'));
    await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
    expect(page.url()).toBe(run.platform.url('/profile'));
  });

  it('is told when it fails again, and leaves the way to all others', async () => {
    const { page } = await run.visit('/status');
    await page.route('**/assets/keys-page*.js', (route) => route.abort());
    const rail = page.getByRole('navigation', { name: 'Pages' });
    await rail.getByRole('link', { name: 'API keys' }).click();
    await page.getByText('It was tried twice').waitFor();
    await expect.poll(() => rail.locator('a.on').count(), soon).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    await rail.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    await page.unroute('**/assets/keys-page*.js');
    await rail.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  });
});
