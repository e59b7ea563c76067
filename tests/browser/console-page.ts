import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { eventually } from '../support/real-platform';
import { witnessOf, type PageWitness } from './page-witness';

export const sizes = { desktop: [1440, 900], tablet: [1024, 768], phone: [390, 844] } as const;
export type Size = keyof typeof sizes;
export type Theme = 'dark' | 'light';

/** What one leg's cells say. */
export interface ShownLeg {
  ltp: string;
  bid: string;
  ask: string;
}

/** One row of the table as it is on screen, figures as text. */
export interface ShownRow {
  strike: string;
  tag: string;
  ce: ShownLeg;
  pe: ShownLeg;
}

export interface ConsolePage extends PageWitness {
  readonly page: Page;
}

/** How the console is looked at: the screen, and whose session the browser holds, if any. */
export interface Viewing {
  size?: Size;
  theme?: Theme;
  headers?: Record<string, string>;
}

/** Machines are small and shared: what is waited for may take its time. */
const withinMs = 60_000;
/** For `expect.poll`: what is there in a moment on a machine that has nothing else to do. */
export const soon = { timeout: withinMs, interval: 100 } as const;

/** Opens the console as somebody with this screen, theme and session would see it. */
export async function openConsole(
  browser: Browser,
  address: string,
  { size = 'desktop', theme = 'dark', headers = {} }: Viewing = {},
): Promise<ConsolePage> {
  const [width, height] = sizes[size];
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(withinMs);
  const [name = '', value = ''] = (headers['cookie'] ?? '').split('=');
  // For the whole site, not for the folder of the page that is opened.
  const { origin: url } = new URL(address);
  if (value !== '') await page.context().addCookies([{ name, value, url }]);
  const witness = witnessOf(page);
  await page.addInitScript((chosen) => localStorage.setItem('strikewire.theme', chosen), theme);
  await page.goto(address);
  return { page, ...witness };
}

/** Resolves once a chain with figures of this name is on screen. */
export async function untilChain(page: Page, underlying: string, expiry = ''): Promise<void> {
  const name = `${underlying}, expiry ${expiry}`;
  const caption = page.locator('table.chain caption', { hasText: name });
  await caption.waitFor({ state: 'attached' });
  await page.locator('tr.atm').waitFor();
}

export function shownRows(page: Page): Promise<ShownRow[]> {
  return page.locator('table.chain tbody').evaluate((body) => {
    const textOf = (row: Element, cell: string): string =>
      row.querySelector(cell)?.textContent?.trim() ?? '';
    const legOf = (row: Element, side: string): ShownLeg => ({
      ltp: textOf(row, `.${side}.ltp`),
      bid: textOf(row, `.${side}.bid`),
      ask: textOf(row, `.${side}.ask`),
    });
    return [...body.children].map((row) => ({
      strike: textOf(row, '.strike b'),
      tag: textOf(row, '.strike small'),
      ce: legOf(row, 'ce'),
      pe: legOf(row, 'pe'),
    }));
  });
}

/** Pixels from the middle of the visible rows to the middle of the row at the money. */
export function atmOffset(page: Page): Promise<number> {
  return page.locator('.chain-scroll').evaluate((scroller) => {
    const box = (selector: string): DOMRect | undefined =>
      scroller.querySelector(selector)?.getBoundingClientRect();
    const [row, head, view] = [box('tr.atm'), box('thead'), scroller.getBoundingClientRect()];
    if (!row || !head) return NaN;
    return Math.abs((row.top + row.bottom) / 2 - (head.bottom + view.bottom) / 2);
  });
}

/**
 * By keys alone: what is pressed has the focus first, and is waited for while it is disabled, for
 * then it would take none. A dialog that opens gives the focus to another of its parts as late as
 * it has faded in: the key is pressed once the focus has stayed for two frames.
 */
export async function pressBy(target: Locator, key = 'Enter'): Promise<void> {
  await target.and(target.page().locator(':not(:disabled)')).waitFor({ state: 'attached' });
  await untilStill(target.page());
  await eventually(async () => {
    await target.focus();
    return target.evaluate(async (element) => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return element.contains(document.activeElement);
    });
  }, (isFocused) => isFocused, withinMs);
  await target.page().keyboard.press(key);
}

/** Resolves when nothing fades or slides any more; what has just come begins in the next frame. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
      .map(({ finished }) => finished));
  });
}

/** Chooses what the focused combobox has found, once Enter would take it and nothing else. */
export async function takeFound(page: Page, name: string | RegExp): Promise<void> {
  const found = page.getByRole('option', { name });
  await found.and(page.locator('.is-hovering')).waitFor();
  await page.keyboard.press('Enter');
}

/** Pixels that the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** The strip at the top, item by item. */
export function stripOf(page: Page): Promise<string[]> {
  return page.locator('.strip li').allInnerTexts();
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe-core, one line each. */
export async function barriersIn(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page's content policy allows none but its own.
  await page.evaluate(await axeSource);
  // What is still fading in has no contrast yet.
  await untilStill(page);
  return page.evaluate(async () => {
    const loaded = window as unknown as { axe: typeof axe };
    const { violations } = await loaded.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}
