import type { Expiries } from '@strikewire/contracts';
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
  stripOf,
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
    const rows = await shownRows(page);
    expect(rows).toHaveLength(100);
    expect(rows.filter(({ tag }) => tag === 'ATM')).toHaveLength(1);
    expect(await page.locator('tr.atm').count()).toBe(1);
    expect(await atmOffset(page)).toBeLessThan(40);
    await eventually(
      () => shownRows(page),
      (now) => now.some((row, at) => row.ce.ltp !== rows[at]?.ce.ltp),
    );
    expect(await ageOf(page)).toBe('live');
    expect(await overflowOf(page)).toBe(0);
    if (isExamined) expect(await barriersIn(page)).toEqual([]);

    await page.getByRole('link', { name: 'Status' }).click();
    await page.getByRole('heading', { name: 'Chains' }).waitFor();
    expect(await page.locator('.chains td .state.built').count()).toBe(16);
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
    expect(await eventually(sample, isTrue, 5_000)).toHaveLength(15);
    expect(await page.locator('.spot strong').innerText()).toBe(rupees.format(truth.spot.ltp));
    await run.platform.sim('pause', { paused: false });
  });
});

describe('finding a way', () => {
  it('goes from chain to chain by tabs and picker, each with its address, and back', async () => {
    const [first = '', second = ''] = await expiriesOf('NIFTY');
    const { page, problems } = await visit(`/chain/NIFTY/${first}`);
    await untilChain(page, 'NIFTY', first);
    await page.locator(`nav a[href="/chain/NIFTY/${second}"]`).click();
    await untilChain(page, 'NIFTY', second);
    expect(pathOf(page)).toBe(`/chain/NIFTY/${second}`);

    await page.getByRole('combobox', { name: 'Underlying' }).click();
    await page.getByRole('option', { name: 'SENSEX' }).click();
    await untilChain(page, 'SENSEX');
    expect(pathOf(page)).toBe(`/chain/SENSEX/${(await expiriesOf('SENSEX'))[0]}`);

    await page.goBack();
    await untilChain(page, 'NIFTY', second);
    await page.goBack();
    await untilChain(page, 'NIFTY', first);
    expect(pathOf(page)).toBe(`/chain/NIFTY/${first}`);
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
    await page.keyboard.press('Enter');
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
    await eventually(() => rows.count(), (count) => count === 16);
    await page.getByRole('searchbox', { name: 'Find a chain' }).focus();
    await page.keyboard.type('banknifty quarterly');
    await eventually(() => rows.count(), (count) => count < 4);
    await page.getByRole('button', { name: 'By REST' }).press('Enter');
    await page.locator('th[aria-sort=descending]').waitFor();
    expect(await rows.first().innerText()).toMatch(/of 60 s/);
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toEqual({ q: 'banknifty quarterly', sort: 'rest' });
    const before = await rows.count();
    await page.reload();
    await eventually(() => rows.count(), (count) => count === before);
    await page.getByRole('button', { name: 'Not built' }).press('Enter');
    await page.getByText('No chain is like that.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).press('Enter');
    await eventually(() => rows.count(), (count) => count === 16);
    expect(await overflowOf(page)).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('in trouble', () => {
  it('shows that the feed is lost, and recovers by itself', async () => {
    const { page, problems } = await visit('/chain');
    await untilChain(page, 'NIFTY');
    // Long enough for the strip, which asks every 2 s; short enough for a short pause after it.
    await run.platform.sim('faults', { kind: 'handshakeStatus', status: 503, forMs: 4_000 });
    await run.platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await page.locator('.chain-scroll.stale').waitFor();
    expect(await ageOf(page)).not.toBe('live');
    await eventually(() => stripOf(page), (items) => items.some((item) => /Feed down/.test(item)));
    await page.locator('.chain-scroll:not(.stale)').waitFor();
    await eventually(() => stripOf(page), (items) => items.includes('Feed live'));
    expect(await ageOf(page)).toBe('live');
    expect(problems).toEqual([]);
  });

  it('connects again by itself when the platform was restarted', async () => {
    const { page } = await visit('/chain');
    await untilChain(page, 'NIFTY');
    const restarted = run.platform.restartApi();
    await page.locator('.chain-scroll.stale').waitFor();
    await eventually(() => stripOf(page), (items) => items.includes('Reconnecting'));
    await restarted;
    await page.locator('.chain-scroll:not(.stale)').waitFor();
    await eventually(() => ageOf(page), (age) => age === 'live');
    const before = await shownRows(page);
    await eventually(
      () => shownRows(page),
      (now) => now.some((row, at) => row.ce.ltp !== before[at]?.ce.ltp),
    );
    await eventually(() => stripOf(page), (items) => !items.includes('Reconnecting'));
  });
});
