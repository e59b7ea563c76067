import type { HoursStatus, HoursTemplates, TradingHalts } from '@strikewire/contracts';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import { barriersIn, overflowOf, pressBy, sizes } from './console-page';
import { useConsole } from './console-run';

const run = useConsole();
const reason = 'Outage at the exchange';

const panel = (page: Page, name: string): Locator =>
  page.getByRole('region', { name, exact: true });
const card = (page: Page): Locator =>
  page.locator('.segments > li').filter({ hasText: 'NSE F&O' });

async function post(path: string, body: unknown): Promise<number> {
  const { status } = await run.platform.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return status;
}

async function standing(): Promise<[string, boolean] | undefined> {
  const { segments } = await run.read<HoursStatus>('/api/trading-hours/status');
  const found = segments.find((one) => one.exchange === 'NSE' && one.segment === 'fno');
  return found && [found.phase, found.isOpen];
}

const halts = async (): Promise<TradingHalts['halts']> =>
  (await run.read<TradingHalts>('/api/trading-hours/halts')).halts;

// Hours that are open whenever the test runs.
beforeAll(async () => {
  const { templates } = await run.read<HoursTemplates>('/api/trading-hours/templates');
  const id = templates.find(({ name }) => name === '24x7')?.id;
  expect(await post('/api/trading-hours/apply', { id })).toBe(200);
});

describe('an admin', () => {
  it('sees the build that ran, and finds it by job and exchange', async () => {
    const { page, problems } = await run.visit('/hours');
    const history = panel(page, 'History');
    const builds = history.getByRole('row', { name: /Builds chains/ });
    // Another may be under way: at nine in the morning they are built anew.
    await builds.filter({ hasText: /done[\s\S]*\d+ of \d+ chains are built/ }).first().waitFor();
    const job = history.getByLabel('Job');
    await job.focus();
    await page.keyboard.type('Builds');
    await page.waitForURL(/job=build/);
    const exchange = history.getByLabel('Exchange');
    await exchange.focus();
    await page.keyboard.type('BSE');
    await page.waitForURL(/exchange=BSE/);
    const rows = history.locator('tbody').getByRole('row');
    await eventually(() => rows.allInnerTexts(), (texts) =>
      texts.length > 0 && texts.every((text) => /Builds chains\s+BSE F&O/.test(text)));
    await page.goto(run.platform.url('/hours?job=clean_up'));
    await history.getByText('No such job has run').waitFor();
    expect(problems).toEqual([]);
  });

  it('sees what follows, and that here feeds never rest', async () => {
    const { page } = await run.visit('/hours');
    const next = panel(page, 'Next');
    await next.getByText('Here the market is always open').waitFor();
    for (const text of ['Builds chains', 'Stores the day', 'Rolls expiries over']) {
      const row = next.getByRole('listitem').filter({ hasText: text });
      await row.filter({ hasText: /\d\d:\d\d\s*(in \d+|now)/ }).last().waitFor();
    }
    await next.getByText(/Feeds subscribed since \d\d:\d\d/).first().waitFor();
  });

  it('says by keys that trading has stopped, and that it goes on', async () => {
    const { page, problems } = await run.visit('/hours');
    await pressBy(page.getByRole('button', { name: 'Halt NSE F&O: trading has stopped' }));
    await page.locator('.el-dialog input:focus').waitFor();
    const dialog = page.getByRole('dialog', { name: 'Trading of NSE F&O has stopped' });
    await page.keyboard.press('Enter');
    await dialog.locator('.need').waitFor();
    expect([await barriersIn(page), await halts()]).toEqual([[], []]);
    await page.keyboard.type(reason);
    await page.keyboard.press('Enter');
    await card(page).getByText('Trading has stopped').waitFor();
    expect(await standing()).toEqual(['halt', false]);
    await card(page).getByText('trading halted').waitFor();
    const row = panel(page, 'Halts').getByRole('row', { name: 'NSE F&O' });
    await row.getByText('still halted').waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);

    await pressBy(card(page).getByRole('button', { name: 'Trading goes on: NSE F&O' }));
    const ending = page.getByRole('dialog', { name: 'Trading of NSE F&O goes on' });
    await ending.getByText(reason).waitFor();
    await pressBy(ending.getByRole('button', { name: 'Trading goes on', exact: true }));
    await card(page).getByText('open, closes in').waitFor();
    expect(await standing()).toEqual(['continuous', true]);
    expect(await halts()).toMatchObject([{ reason, by: 'admin', to: expect.any(String) }]);
    await eventually(() => row.innerText(), (text) => !text.includes('still halted'));
    expect(problems).toEqual([]);
  });
});

describe.each([
  ['desktop', 'dark'],
  ['desktop', 'light'],
  ['phone', 'dark'],
  ['phone', 'light'],
] as const)('on a %s screen, %s', (size, theme) => {
  it('what follows, what was and a halt are readable for everybody and fit', async () => {
    const [open] = (await halts()).filter(({ to }) => to === null);
    if (!open) await post('/api/trading-hours/halts', { exchange: 'NSE', segment: 'fno', reason });
    const { page, problems } = await run.visit('/hours', { size, theme });
    await card(page).getByText('Trading has stopped').waitFor();
    await panel(page, 'Next').getByText('Stores the day').first().waitFor();
    await panel(page, 'History').getByText('Builds chains').nth(1).waitFor();
    await panel(page, 'Halts').getByText('still halted').waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
    // What came of a run is read without scrolling sideways, also on a phone.
    const detail = panel(page, 'History').getByText(/chains are built/).first();
    await detail.scrollIntoViewIfNeeded();
    const box = await detail.boundingBox();
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(sizes[size][0]);
    expect(problems).toEqual([]);
  });
});
