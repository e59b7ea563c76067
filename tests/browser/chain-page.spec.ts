import type { Expiries, LiveChain, PlatformStatus } from '@strikewire/contracts';
import type { TrueChain, TrueContract } from '@strikewire/simulator';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import {
  atmOffset,
  barriersIn,
  overflowOf,
  shownRows,
  sizes,
  soon,
  stripOf,
  takeFound,
  untilChain,
  type ShownLeg,
  type Size,
} from './console-page';
import { useConsole } from './console-run';

const run = useConsole();
const { visit, read } = run;

/** Expiries of the chains that are kept, nearest first. */
async function expiriesOf(underlying: string): Promise<string[]> {
  const path = `/api/optionchain/expiries?underlying=${underlying}`;
  return (await read<Expiries>(path)).chains.map(({ expiry }) => expiry);
}

/** How many chains are kept: by the day, an expiry is of one class or of two. */
async function keptChains(): Promise<number> {
  const { underlyings } = await read<PlatformStatus>('/api/optionchain/status');
  const count = underlyings.reduce((sum, { chains }) => sum + chains.length, 0);
  expect(count).toBeGreaterThan(9);
  return count;
}

function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}

async function ageOf(page: Page): Promise<string> {
  return (await page.locator('.head .age').innerText()).trim();
}

const screens = (Object.keys(sizes) as Size[]).flatMap((size) =>
  (['dark', 'light'] as const).map((theme) => ({ size, theme })),
);

describe.each(screens)('on a $size screen, $theme', ({ size, theme }) => {
  // The middle size has nothing that the others have not, and an examination takes its second.
  const isExamined = size !== 'tablet';

  it('shows a whole chain that lives, centred at the money, readable for everybody', async () => {
    const { page, problems } = await visit('/', { size, theme });
    await untilChain(page, 'NIFTY');
    expect(await page.locator('html').getAttribute('class')).toBe(theme === 'dark' ? 'dark' : '');
    // Where the money was when it came: it goes on.
    expect(await atmOffset(page)).toBeLessThan(40);
    const rows = await shownRows(page);
    const [expiry = ''] = await expiriesOf('NIFTY');
    const chain = `/api/optionchain/live?underlying=NIFTY&expiry=${expiry}`;
    const { strikes } = await read<LiveChain>(chain);
    expect(rows.map(({ strike }) => strike)).toEqual(
      strikes.map(({ strike }) => strike.toLocaleString('en-IN')),
    );
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter(({ tag }) => tag === 'ATM')).toHaveLength(1);
    expect(await page.locator('tr.atm').count()).toBe(1);
    await eventually(
      () => shownRows(page),
      (now) => now.some((row, at) => row.ce.ltp !== rows[at]?.ce.ltp),
      soon.timeout,
    );
    await expect.poll(() => ageOf(page), soon).toBe('live');
    expect(await overflowOf(page)).toBe(0);
    if (isExamined) expect(await barriersIn(page)).toEqual([]);

    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    const built = page.locator('.chains td .state.built');
    await expect.poll(() => built.count(), soon).toBe(await keptChains());
    expect(await overflowOf(page)).toBe(0);
    if (isExamined) expect(await barriersIn(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('figures', () => {
  const rupees = new Intl.NumberFormat('en-IN', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const shownAs = ({ ltp, bid, ask }: TrueContract): ShownLeg => ({
    ltp: rupees.format(ltp),
    bid: rupees.format(bid),
    ask: rupees.format(ask),
  });

  it('on screen are the true market', async () => {
    const [expiry = ''] = await expiriesOf('BANKNIFTY');
    const { page } = await visit(`/chain/BANKNIFTY/${expiry}`);
    await untilChain(page, 'BANKNIFTY', expiry);
    await run.platform.sim('pause', { paused: true });
    const path = `truth/chain?underlying=BANKNIFTY&expiry=${expiry}`;
    const truth = (await run.platform.sim(path)) as TrueChain;
    const trueRows = new Map(
      truth.strikes.map(({ strike, CE, PE }) => [
        strike.toLocaleString('en-IN'),
        { ce: shownAs(CE), pe: shownAs(PE) },
      ]),
    );
    const sample = async (): Promise<unknown[]> =>
      (await shownRows(page))
        .filter((_, at) => at % 7 === 0)
        .map(({ strike, ce, pe }) => ({ shown: { ce, pe }, real: trueRows.get(strike) }));
    const isTrue = (pairs: unknown): boolean =>
      (pairs as { shown: unknown; real: unknown }[]).every(
        ({ shown, real }) => JSON.stringify(shown) === JSON.stringify(real),
      );
    try {
      expect((await eventually(sample, isTrue)).length).toBeGreaterThan(11);
      const spot = page.locator('.spot strong');
      await expect.poll(() => spot.innerText(), soon).toBe(rupees.format(truth.spot.ltp));
    } finally {
      await run.platform.sim('pause', { paused: false });
    }
  });
});

describe('finding a way', () => {
  it('goes from chain to chain by tabs and picker, each with its address, and back', async () => {
    const [first = '', second = ''] = await expiriesOf('NIFTY');
    const { page, problems } = await visit(`/chain/NIFTY/${first}`);
    await untilChain(page, 'NIFTY', first);
    await page.locator(`nav a[href="/chain/NIFTY/${second}"]`).click();
    await untilChain(page, 'NIFTY', second);
    await expect.poll(() => pathOf(page), soon).toBe(`/chain/NIFTY/${second}`);

    await page.getByRole('combobox', { name: 'Underlying' }).click();
    await page.getByRole('option', { name: 'SENSEX' }).click();
    await untilChain(page, 'SENSEX');
    const [nearest = ''] = await expiriesOf('SENSEX');
    await expect.poll(() => pathOf(page), soon).toBe(`/chain/SENSEX/${nearest}`);

    await page.goBack();
    await untilChain(page, 'NIFTY', second);
    await page.goBack();
    await untilChain(page, 'NIFTY', first);
    await expect.poll(() => pathOf(page), soon).toBe(`/chain/NIFTY/${first}`);
    expect(problems).toEqual([]);
  });

  it('obeys its keys', async () => {
    const [first = '', second = ''] = await expiriesOf('NIFTY');
    const { page } = await visit(`/chain/NIFTY/${first}`);
    await untilChain(page, 'NIFTY', first);
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.querySelector('.strike b')?.textContent ?? '');
    await page.keyboard.press('ArrowDown');
    const start = await focused();
    expect(start).not.toBe('');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).not.toBe(start);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(start);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and marks' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await page.keyboard.press('e');
    await untilChain(page, 'NIFTY', second);

    await page.keyboard.press('/');
    await page.keyboard.type('bank');
    await takeFound(page, /BANKNIFTY/);
    await untilChain(page, 'BANKNIFTY');
  });

  it.each([
    ['/chain/NIFTY/2031-01-01', 'NIFTY has no chain for 1 Jan 31', 'Choose another expiry above.'],
    ['/chain/NOSUCH', 'There is no such underlying', 'Choose another one above.'],
  ])('says at %s that there is nothing, and what to do', async (path, title, next) => {
    const { page } = await visit(path, { size: 'phone' });
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.locator('.notice').innerText()).toContain(next);
    expect(await page.locator('table.chain').count()).toBe(0);
    expect(await overflowOf(page)).toBe(0);
  });
});

describe('chain health', () => {
  it.each(['desktop', 'phone'] as const)('is found, sorted, linked to on a %s', async (size) => {
    const { page, problems } = await visit('/status', { size, theme: 'light' });
    const rows = page.locator('.chains tbody tr');
    const kept = await keptChains();
    await expect.poll(() => rows.count(), soon).toBe(kept);
    await page.getByRole('searchbox', { name: 'Find a chain' }).focus();
    await page.keyboard.type('banknifty quarterly');
    await expect.poll(() => rows.count(), soon).toBeLessThan(4);
    await page.getByRole('button', { name: 'By REST' }).press('Enter');
    await page.locator('th[aria-sort=descending]').waitFor();
    await rows.first().filter({ hasText: 'of 60 s' }).waitFor();
    const query = (): object => Object.fromEntries(new URL(page.url()).searchParams);
    await expect.poll(query, soon).toEqual({ q: 'banknifty quarterly', sort: 'rest' });
    const before = await rows.count();
    await page.reload();
    await expect.poll(() => rows.count(), soon).toBe(before);
    await page.getByRole('button', { name: 'Not built' }).press('Enter');
    await page.getByText('No chain is like that.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).press('Enter');
    await expect.poll(() => rows.count(), soon).toBe(kept);
    expect(await overflowOf(page)).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('in trouble', () => {
  it('shows that the feed is lost, and recovers by itself', async () => {
    const { page, problems } = await visit('/chain');
    await untilChain(page, 'NIFTY');
    // Until all of it was seen, however late that is.
    await run.platform.sim('faults', { kind: 'handshakeStatus', status: 503 });
    await run.platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await page.locator('.chain-scroll.stale').waitFor();
    await expect.poll(() => ageOf(page), soon).not.toBe('live');
    await expect.poll(() => stripOf(page), soon).toContainEqual(expect.stringMatching('Feed down'));
    await run.platform.sim('faults', undefined, 'DELETE');
    await page.locator('.chain-scroll:not(.stale)').waitFor();
    await expect.poll(() => stripOf(page), soon).toContain('Feed live');
    await expect.poll(() => ageOf(page), soon).toBe('live');
    expect(problems).toEqual([]);
  });

  it('connects again by itself when the platform was restarted', async () => {
    const { page } = await visit('/chain');
    await untilChain(page, 'NIFTY');
    // It stays away until that was seen, and is begun again then.
    await run.platform.api.stop();
    await page.locator('.chain-scroll.stale').waitFor();
    await expect.poll(() => stripOf(page), soon).toContain('Reconnecting');
    await run.platform.restartApi();
    await page.locator('.chain-scroll:not(.stale)').waitFor();
    await expect.poll(() => ageOf(page), soon).toBe('live');
    const before = await shownRows(page);
    await eventually(
      () => shownRows(page),
      (now) => now.some((row, at) => row.ce.ltp !== before[at]?.ce.ltp),
      soon.timeout,
    );
    await expect.poll(() => stripOf(page), soon).not.toContain('Reconnecting');
  });
});
