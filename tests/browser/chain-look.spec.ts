import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import { barriersIn, overflowOf, soon, untilChain } from './console-page';
import { useConsole } from './console-run';

const run = useConsole();
const { visit } = run;

/** Names of the put's columns, from the strike outwards. */
function headsOf(page: Page): Promise<string[]> {
  return page
    .locator('table.chain thead th.pe')
    .evaluateAll((heads) => heads.map(({ className }) => className.replace('pe ', '')));
}

function queryOf(page: Page): Record<string, string> {
  return Object.fromEntries(new URL(page.url()).searchParams);
}

/**
 * Notes from now on which parts of the table, and of what lies below it, change their place. A
 * figure that grows to the left within its place has not.
 */
async function watchShifts(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = window as unknown as { moved: string[] };
    seen.moved = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources } = entry as unknown as {
          sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
        };
        for (const { node, previousRect: from, currentRect: to } of sources) {
          const part = node instanceof Element ? node : node?.parentElement;
          const isOurs = part?.closest('.chain-with-books :is(td, thead, .strip)');
          if (!isOurs || (from.x === to.x && from.y === to.y)) continue;
          seen.moved.push(`${part?.outerHTML.slice(0, 80)}: ${from.x},${from.y} ${to.x},${to.y}`);
        }
      }
    }).observe({ type: 'layout-shift' });
  });
  return () => page.evaluate(() => (window as unknown as { moved: string[] }).moved);
}

describe('the columns', () => {
  it('are put in order by keyboard and by mouse, and stay so', async () => {
    const { page, problems } = await visit('/chain/NIFTY');
    await untilChain(page, 'NIFTY');
    await expect.poll(async () => (await headsOf(page)).slice(0, 4), soon)
      .toEqual(['oi', 'ltp', 'change', 'oi-change']);
    await page.keyboard.press('c');
    const chooser = page.getByRole('dialog', { name: 'Columns' });
    await chooser.getByRole('button', { name: 'Move change up' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await eventually(() => headsOf(page), (heads) => heads[0] === 'change');

    const handle = chooser.locator('li', { hasText: 'implied volatility' }).locator('.handle');
    const target = chooser.locator('li').first();
    // Stands still by then.
    await handle.hover();
    const [from, to] = [await handle.boundingBox(), await target.boundingBox()];
    if (!from || !to) throw new Error('nothing to drag');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 10, to.y + 4, { steps: 5 });
    await page.mouse.up();
    const wanted = ['iv', 'change', 'oi', 'ltp', 'oi-change', 'build-up', 'volume', 'bid', 'ask'];
    await expect.poll(() => headsOf(page), soon).toEqual(wanted);
    await expect.poll(() => queryOf(page)['columns'], soon).toBe(wanted.join());
    expect(await barriersIn(page)).toEqual([]);

    await page.goto(run.platform.url('/chain/SENSEX'));
    await untilChain(page, 'SENSEX');
    await expect.poll(() => headsOf(page), soon).toEqual(wanted);
    expect(problems).toEqual([]);
  });
});

describe('saved layouts', () => {
  it('are saved, open the page, and are removed, by keyboard alone', async () => {
    const { page } = await visit('/chain/NIFTY');
    await untilChain(page, 'NIFTY');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.locator('.heat-legend').waitFor();
    await page.keyboard.press('v');
    const view = page.getByRole('dialog', { name: 'View' });
    await view.getByLabel('Name for this view').focus();
    await page.keyboard.type('Greeks and heat');
    await page.keyboard.press('Enter');
    await view.getByText('1 of 20').waitFor();
    await view.getByRole('button', { name: 'Open the page with' }).press('Enter');
    await view.getByRole('button', { name: 'Standard' }).press('Enter');
    await page.locator('.heat-legend').waitFor({ state: 'hidden' });
    await expect.poll(() => queryOf(page), soon).toEqual({});
    await page.keyboard.press('Escape');
    await view.waitFor({ state: 'hidden' });

    await page.goto(run.platform.url('/chain/BANKNIFTY'));
    await untilChain(page, 'BANKNIFTY');
    await page.locator('.heat-legend').waitFor();
    await expect.poll(() => headsOf(page), soon).toContain('vega');
    await expect.poll(() => queryOf(page), soon).toMatchObject({ heat: 'on' });

    await page.keyboard.press('v');
    await view.getByRole('button', { name: 'Remove Greeks and heat' }).press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await view.getByText('0 of 20').waitFor();
  });
});

describe('marks', () => {
  it('stand for large moves of the premium, as far and as fast as the address says', async () => {
    const { page } = await visit('/chain/NIFTY?moves=1-60');
    await untilChain(page, 'NIFTY');
    const marks = page.locator('td.rise i, td.fall i');
    // A mark goes when its time is over: the very ones that were seen are looked at.
    const seen = (): Promise<string[]> => marks.allTextContents();
    const texts = await eventually(seen, ({ length }) => length > 0, soon.timeout);
    expect(texts.join(' ')).toMatch(/^([+−]\d+(\.\d)?% ?)+$/);
    await page.goto(run.platform.url('/chain/NIFTY?moves=off'));
    await untilChain(page, 'NIFTY');
    await page.keyboard.press('v');
    const box = page.getByRole('checkbox', { name: 'Mark large moves of the premium' });
    expect(await box.isChecked()).toBe(false);
    await expect.poll(() => marks.count(), soon).toBe(0);
  });

  it('shade by liquidity, with a legend, for everybody', async () => {
    for (const theme of ['dark', 'light'] as const) {
      const { page, problems } = await visit('/chain/NIFTY?heat=on&moves=1-60', { theme });
      await untilChain(page, 'NIFTY');
      const shades = page.locator('tr.atm td.bid');
      await eventually(
        () => shades.evaluateAll((cells) => cells.map((it) => (it as HTMLElement).dataset['heat'])),
        (levels) => levels.length > 0 && levels.every((level) => /^[0-4]$/.test(level ?? '')),
        soon.timeout,
      );
      await expect.poll(() => page.locator('.heat-legend li').count(), soon).toBe(6);
      expect(await barriersIn(page)).toEqual([]);
      expect(problems).toEqual([]);
    }
  });

  it('move nothing on the page', async () => {
    const { page } = await visit('/chain/NIFTY?moves=1-60');
    await untilChain(page, 'NIFTY');
    await page.locator('.strip .bids b').first().waitFor();
    const shifts = await watchShifts(page);
    for (const key of ['h', 'ArrowDown', 'ArrowDown', 'h', 'ArrowUp']) {
      await page.keyboard.press(key);
    }
    await page.locator('tr.atm .ce.ltp').hover();
    await eventually(() => page.locator('td.rise, td.fall').count(), (count) => count > 0, 60_000);
    expect(await shifts()).toEqual([]);
  });
});

describe('the books below the table', () => {
  const subject = (page: Page): Promise<string> => page.locator('.subject b').innerText();

  it('are those of the row pointed at, else chosen, else at the money', async () => {
    const { page } = await visit('/chain/NIFTY');
    await untilChain(page, 'NIFTY');
    const strikeOf = (row: string): Promise<string> =>
      page.locator(`${row} .strike b`).innerText();
    await eventually(
      async () => [await subject(page), await strikeOf('tr.atm')],
      ([shown, money]) => shown === money,
      soon.timeout,
    );
    // By its strike: the money may move to another row meanwhile.
    const third = await strikeOf('tr.atm + tr + tr');
    const isThird = page.locator('.strike b', { hasText: new RegExp(`^${third}$`) });
    const leg = page.locator('table.chain tr', { has: isThird }).locator('td.ce.ltp');
    await leg.hover();
    await expect.poll(() => subject(page), soon).toBe(third);
    await expect.poll(() => page.locator('.strip .level-note').allInnerTexts(), soon).toEqual([
      'Top of book only',
      'Top of book only',
    ]);
    await leg.click();
    await expect.poll(() => queryOf(page)['strike'], soon).toBe(third.replace(/,/g, ''));
    await page.locator('.spot').hover();
    await expect.poll(() => subject(page), soon).toBe(third);

    await page.reload();
    await untilChain(page, 'NIFTY');
    await expect.poll(() => subject(page), soon).toBe(third);
    await page.locator('tr.picked').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('tr.picked').waitFor({ state: 'detached' });
    await expect.poll(() => queryOf(page), soon).toEqual({});
    // By keyboard: the row that the arrows reach.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const reached = await page.evaluate(
      () => document.activeElement?.querySelector('.strike b')?.textContent ?? '',
    );
    await expect.poll(() => subject(page), soon).toBe(reached);
    await page.keyboard.press('Enter');
    await expect.poll(() => queryOf(page)['strike'], soon).toBe(reached.replace(/,/g, ''));
  });
});

describe('on a phone', () => {
  it.each(['dark', 'light'] as const)('all is in reach, %s', async (theme) => {
    const { page, problems } = await visit('/chain/NIFTY', { size: 'phone', theme });
    await untilChain(page, 'NIFTY');
    const leftOf = (): Promise<number> =>
      page.locator('.chain-scroll').evaluate(({ scrollLeft }) => scrollLeft);
    const middle = await leftOf();
    await page.getByRole('button', { name: 'Scroll to the puts' }).click();
    await expect.poll(leftOf, soon).toBeGreaterThan(middle);
    await page.getByRole('button', { name: 'Scroll to the calls' }).click();
    await page.getByRole('button', { name: 'Scroll to the calls' }).click();
    await expect.poll(leftOf, soon).toBeLessThan(middle);

    await page.getByRole('button', { name: 'Heat' }).click();
    await page.locator('.heat-legend').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'View' }).click();
    const view = page.getByRole('dialog', { name: 'View' });
    await view.getByLabel('Name for this view').fill('Phone');
    await view.getByRole('button', { name: 'Save' }).click();
    await view.getByText('1 of 20').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await view.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Move change up' }).click();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    // OI and LTP stay nearest, where there is room for no more.
    await expect.poll(async () => (await headsOf(page)).slice(0, 3), soon)
      .toEqual(['oi', 'ltp', 'change']);
    expect(await overflowOf(page)).toBe(0);
    expect(problems).toEqual([]);
  });
});
