import type { Page } from 'playwright-core';
import type { ConsolePage, Viewing } from './console-page';
import type { ConsoleRun } from './console-run';

/** Opens a page as a browser that nobody is signed in with. */
export async function visitSignedOut(
  { visit, platform }: ConsoleRun,
  path: string,
  viewing: Pick<Viewing, 'size' | 'theme'> = {},
): Promise<ConsolePage> {
  const opened = await visit('/favicon.svg', viewing);
  await opened.page.context().clearCookies();
  await opened.page.goto(platform.url(path));
  await opened.page.locator('input[name=username]').waitFor();
  return opened;
}

/** Fills the sign-in page by keyboard alone. */
export async function signInByKeys(page: Page, username: string, password: string): Promise<void> {
  await page.locator('input[name=username]:focus').waitFor();
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

/** Problems beside answers that a test asks for: refusals are told in the browser's console. */
export function unexpected(problems: readonly string[]): string[] {
  return problems.filter((problem) => !/status of (400|401|403|429)/.test(problem));
}

/** Lets the platform ask for the password before the next act of this page. */
export async function askForPassword(page: Page, path: string): Promise<void> {
  const body = {
    error: { code: 'step_up_needed', message: 'confirm it first', requestId: 'r-0' },
  };
  const answer = { status: 403, contentType: 'application/json', body: JSON.stringify(body) };
  let isAsked = false;
  await page.route(`**${path}`, (route) => {
    if (isAsked || route.request().method() === 'GET') return route.fallback();
    isAsked = true;
    return route.fulfill(answer);
  });
}
