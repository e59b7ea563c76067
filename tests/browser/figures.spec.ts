import { gzipSync } from 'node:zlib';
import type { Expiries, Leg, LiveChain, TermStructure } from '@strikewire/contracts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import { barriersIn, overflowOf, soon, untilChain } from './console-page';
import { useConsole } from './console-run';

const run = useConsole();
const { visit, read } = run;

/** Decimals of each column that the platform computes. */
const computed = { iv: 1, delta: 2, gamma: 5, theta: 2, vega: 2, rho: 2 } as const;
type Computed = keyof typeof computed;
const names = Object.keys(computed) as Computed[];

async function nearest(underlying: string): Promise<string> {
  const path = `/api/optionchain/expiries?underlying=${underlying}`;
  return (await read<Expiries>(path)).chains[0]?.expiry ?? '';
}

/**
 * The one after it. Of what expires within the hour half is worth what it ends with and has no
 * Greeks, and the rest has such as end in a moment.
 */
async function later(underlying: string): Promise<string> {
  const path = `/api/optionchain/expiries?underlying=${underlying}`;
  return (await read<Expiries>(path)).chains[1]?.expiry ?? '';
}

function live(underlying: string, expiry: string): Promise<LiveChain> {
  return read(`/api/optionchain/live?underlying=${underlying}&expiry=${expiry}`);
}

/** Whether a text is this figure, rounded; the answer itself is rounded too. */
function isShownAs(text: string, real: number | null, decimals: number): boolean {
  if (real === null) return text === '–';
  const shown = Number(text.replace('−', '-').replace(/[,+±%]/g, ''));
  return Math.abs(shown - real) <= 0.51 * 10 ** -decimals;
}

/** Texts of the computed columns, by leg. */
function shownFigures(page: Page): Promise<Record<string, string>[]> {
  return page.locator('table.chain tbody').evaluate(
    (body, columns) =>
      [...body.children].flatMap((row) =>
        ['ce', 'pe'].map((side) =>
          Object.fromEntries(
            columns.map((column) => [
              column,
              row.querySelector(`.${side}.${column}`)?.textContent?.trim() ?? '',
            ]),
          ),
        ),
      ),
    names,
  );
}

function realFigure(leg: Leg, name: Computed): number | null {
  return name === 'iv' ? leg.iv : (leg.greeks?.[name] ?? null);
}

/** Runs while the market stands still, so that screen and answers can be compared. */
async function whilePaused<T>(work: () => Promise<T>): Promise<T> {
  await run.platform.sim('pause', { paused: true });
  try {
    return await work();
  } finally {
    await run.platform.sim('pause', { paused: false });
  }
}

describe('Greeks in the table', () => {
  it('are switched on by a key and are what the platform answers', async () => {
    const expiry = await later('NIFTY');
    const { page, problems } = await visit(`/chain/NIFTY/${expiry}`);
    await untilChain(page, 'NIFTY', expiry);
    expect(await page.locator('th.delta').count()).toBe(0);
    await page.keyboard.press('g');
    await page.locator('th.ce.delta').waitFor();
    await whilePaused(async () => {
      const wrong = async (): Promise<string[]> => {
        const shown = await shownFigures(page);
        const legs = (await live('NIFTY', expiry)).strikes.flatMap(({ CE, PE }) => [CE, PE]);
        return legs.flatMap((leg, row) =>
          names
            .filter((name) => {
              const text = shown[row]?.[name] ?? '';
              return !isShownAs(text, realFigure(leg, name), computed[name]);
            })
            .map((name) => `${leg.key} ${name}: ${shown[row]?.[name]}, ${realFigure(leg, name)}`),
        );
      };
      await expect.poll(wrong, soon).toEqual([]);
    });
    const deltas = (await shownFigures(page)).filter(({ delta }) => /\d/.test(delta ?? ''));
    expect(deltas.length).toBeGreaterThan(100);
    expect(problems).toEqual([]);
  });

  it('stand in the address, and are there again after a reload and behind a link', async () => {
    const { page } = await visit('/chain/NIFTY');
    await untilChain(page, 'NIFTY');
    await page.keyboard.press('c');
    const chooser = page.getByRole('dialog', { name: 'Columns' });
    await chooser.getByRole('checkbox', { name: 'vega' }).check();
    await chooser.getByRole('checkbox', { name: 'volume' }).uncheck();
    expect(await barriersIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await chooser.waitFor({ state: 'hidden' });
    const columns = 'oi,ltp,change,oi-change,build-up,iv,vega,bid,ask';
    const inAddress = (): string | null => new URL(page.url()).searchParams.get('columns');
    await expect.poll(inAddress, soon).toBe(columns);
    await page.goto(run.platform.url('/chain/SENSEX'));
    await untilChain(page, 'SENSEX');
    await expect.poll(() => page.locator('th.vega').count(), soon).toBe(2);
    expect(await page.locator('th.volume').count()).toBe(0);
    await expect.poll(inAddress, soon).toBe(columns);
    await page.goto(run.platform.url('/chain/NIFTY?columns=oi,ltp,rho'));
    await page.locator('th.ce.rho').waitFor();
    await expect.poll(() => page.locator('table.chain thead th').count(), soon).toBe(7);
  });

  it('leave a phone its OI and LTP in sight, and are a swipe away', async () => {
    const expiry = await later('NIFTY');
    const { page } = await visit(`/chain/NIFTY/${expiry}`, { size: 'phone' });
    await untilChain(page, 'NIFTY', expiry);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'delta' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    const heads = page.locator('table.chain thead th');
    const inSight = (): Promise<string[]> => heads.evaluateAll((all) =>
      all
        .filter((head) => {
          const { left, right } = head.getBoundingClientRect();
          return left > -1 && right < window.innerWidth + 1;
        })
        .map((head) => head.className),
    );
    const wanted = ['ce ltp', 'ce oi', 'strike', 'pe oi', 'pe ltp'];
    await expect.poll(inSight, soon).toEqual(wanted);
    expect(await overflowOf(page)).toBe(0);
    await page.locator('th.pe.delta').scrollIntoViewIfNeeded();
    const delta = page.locator('tr.atm .pe.delta');
    await expect.poll(() => delta.innerText(), soon).toMatch(/^−0\.\d\d$/);
  });
});

describe('figures above the table', () => {
  it('are what the platform answers, each explained', async () => {
    const expiry = await nearest('BANKNIFTY');
    const { page } = await visit(`/chain/BANKNIFTY/${expiry}`);
    await untilChain(page, 'BANKNIFTY', expiry);
    const shown = (): Promise<string[]> =>
      page.locator('.head dd').evaluateAll((cells) =>
        cells.map((cell) => cell.firstChild?.textContent?.trim() ?? ''),
      );
    const wrong = async (): Promise<string[]> => {
      const { forward, metrics, lotSize } = await live('BANKNIFTY', expiry);
      const texts = await shown();
      const { atmIv, pcrOi, maxPain, straddle, expectedMove, skew } = metrics;
      const real = [forward?.value ?? null, atmIv, pcrOi, maxPain, straddle, expectedMove, skew];
      const decimals = [2, 2, 2, 0, 2, 2, 2, 0];
      return [...real, lotSize]
        .map((value, at) => ({ value, text: texts[at] ?? '', digits: decimals[at] ?? 0 }))
        .filter(({ value, text, digits }) => !isShownAs(text, value, digits))
        .map(({ value, text }) => `${text} is not ${value}`);
    };
    await whilePaused(() => expect.poll(wrong, soon).toEqual([]));
    const abouts = await page
      .locator('.head dd')
      .evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).title));
    expect(abouts).toHaveLength(8);
    expect(abouts.every((about) => about.length > 20)).toBe(true);
    expect(abouts[1]).toContain('Black-76');
  });
});

/** Pixels of a chart's canvas that something is drawn on. */
function inkOf(page: Page, title: string): Promise<number> {
  return page
    .locator('.panel', { hasText: title })
    .locator('canvas')
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext('2d');
      const pixels = context?.getImageData(0, 0, width, height).data ?? [];
      return pixels.filter((value, at) => at % 4 === 3 && value > 0).length;
    });
}

/** Rows of a chart's table, which is opened by its button. */
async function openTable(page: Page, title: string): Promise<() => Promise<string[][]>> {
  await page.getByRole('button', { name: `${title}: show as table` }).click();
  const rows = page.locator('.panel', { hasText: title }).locator('tbody tr');
  await rows.first().waitFor();
  return () =>
    rows.evaluateAll((all) => all.map((row) => [...row.children].map((it) => it.textContent)));
}

function areShownAs(
  shown: readonly string[],
  real: readonly (number | null)[],
  decimals: number,
): boolean {
  return real.every((value, at) => isShownAs(shown[at] ?? '', value, decimals));
}

const titles = ['IV smile', 'Term structure', 'Open interest'];

describe('analytics', () => {
  it('cost the first page nothing: charts come when they are asked for', async () => {
    const { page } = await visit('/chain');
    await untilChain(page, 'NIFTY');
    const loaded = (): Promise<string[]> =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => /\.(js|css)$/.test(name)),
      );
    const first = await loaded();
    const files = await Promise.all(
      first.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
    );
    const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250_000);
    await page.getByRole('link', { name: 'Analytics' }).click();
    await page.locator('canvas').first().waitFor();
    expect((await loaded()).filter((name) => !first.includes(name)).join()).toContain('chart');
  });

  it.each([
    ['desktop', 'dark'],
    ['tablet', 'dark'],
    ['phone', 'light'],
  ] as const)('draw three charts on a %s, %s, for everybody', async (size, theme) => {
    const { page, problems } = await visit('/chain', { size, theme });
    await untilChain(page, 'NIFTY');
    await page.getByRole('link', { name: 'Analytics' }).click();
    for (const title of titles) {
      await page.locator('.panel', { hasText: title }).locator('canvas').waitFor();
      await expect.poll(() => inkOf(page, title), soon).toBeGreaterThan(2_000);
      await openTable(page, title);
    }
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/analytics');
    expect(searchParams.get('underlying')).toBe('NIFTY');
    expect(searchParams.get('expiry')).toBe(await nearest('NIFTY'));
    expect(await overflowOf(page)).toBe(0);
    expect(await barriersIn(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('say in their tables what the platform answers, and go on by themselves', async () => {
    const expiry = await later('NIFTY');
    const { page } = await visit(`/analytics?underlying=NIFTY&expiry=${expiry}`);
    const smile = await openTable(page, 'IV smile');
    const interest = await openTable(page, 'Open interest');
    const terms = await openTable(page, 'Term structure');
    await whilePaused(async () => {
      const wrong = async (): Promise<unknown[]> => {
        const { strikes } = await live('NIFTY', expiry);
        const { points } = await read<TermStructure>(
          '/api/optionchain/term-structure?underlying=NIFTY',
        );
        const [ivRows, oiRows, termRows] = await Promise.all([smile(), interest(), terms()]);
        return [
          ...ivRows.filter(([, ...cells], at) => {
            const { CE, PE, iv } = strikes[at] ?? {};
            return !areShownAs(cells, [CE?.iv ?? null, PE?.iv ?? null, iv ?? null], 2);
          }),
          ...oiRows.filter(([, ...cells], at) => {
            const { CE, PE } = strikes[at] ?? {};
            const real = [CE?.oi, CE?.oiChange, PE?.oi, PE?.oiChange];
            return !areShownAs(cells, real.map((value) => value ?? null), 0);
          }),
          ...termRows.filter(([, , , ...cells], at) => {
            const { atmIv, forward, skew, expectedMove } = points[at] ?? {};
            const real = [atmIv, forward?.value, skew, expectedMove];
            return !areShownAs(cells, real.map((value) => value ?? null), 2);
          }),
        ];
      };
      await expect.poll(wrong, soon).toEqual([]);
      expect(await smile()).toHaveLength((await live('NIFTY', expiry)).strikes.length);
      expect((await terms()).length).toBeGreaterThan(2);
    });
    const before = JSON.stringify(await smile());
    await eventually(smile, (rows) => JSON.stringify(rows) !== before);
  });

  it('go from chain to chain by tab and picker, and back', async () => {
    const { page } = await visit('/analytics?underlying=NIFTY');
    const second = page.locator('nav[aria-label="Expiries"] a').nth(1);
    await second.click();
    await page.locator('nav[aria-label="Expiries"] a[aria-current="page"]:nth-child(2)').waitFor();
    await page.getByRole('combobox', { name: 'Underlying' }).click();
    await page.getByRole('option', { name: 'SENSEX' }).click();
    await eventually(
      () => new URL(page.url()).searchParams,
      (query) => query.get('underlying') === 'SENSEX' && query.get('expiry') !== null,
    );
    await page.goBack();
    await eventually(
      () => new URL(page.url()).searchParams.get('underlying'),
      (underlying) => underlying === 'NIFTY',
    );
  });
});
