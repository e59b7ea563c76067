import type { RefreshJobs, Universe } from '@strikewire/contracts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  barriersIn, overflowOf, pressBy, soon, takeFound, type Size, type Theme,
} from './console-page';
import { useConsole } from './console-run';
import { unexpected } from './signed-out';

const run = useConsole();
const namesOf = (page: Page): Promise<string[]> => page.locator('li.rule .what b').allInnerTexts();
const fieldOf = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const universe = (): Promise<Universe> => run.read('/api/universe');

async function visitRules(size?: Size): Promise<Page> {
  const { page } = await run.visit('/universe', size ? { size } : {});
  await page.locator('li.rule').first().waitFor();
  return page;
}

describe('the universe', () => {
  it('is edited by keyboard: a rule is found, moved, changed and saved', async () => {
    const { page, problems } = await run.visit('/universe');
    await page.locator('li.rule').first().waitFor();
    await expect.poll(() => namesOf(page), soon).toEqual(['NIFTY', 'BANKNIFTY', 'SENSEX']);
    await page.getByText('All of it fits.').waitFor();

    await page.getByRole('combobox', { name: 'Add a rule for' }).focus();
    await page.keyboard.type('crudeoil');
    await takeFound(page, /^CRUDEOIL MCX/);
    await expect.poll(() => namesOf(page), soon).toHaveLength(4);
    await page.getByText('Comes', { exact: true }).waitFor();
    await expect.poll(() => page.locator('.cost').innerText(), soon).toMatch(/Comes\s+CRUDEOIL/);

    await pressBy(page.getByRole('button', { name: 'Move SENSEX up' }));
    await expect.poll(async () => (await namesOf(page)).slice(0, 3), soon)
      .toEqual(['NIFTY', 'SENSEX', 'BANKNIFTY']);
    const focused = page.locator(':focus');
    await expect.poll(() => focused.getAttribute('aria-label'), soon).toBe('Move SENSEX up');

    await fieldOf(page, 'NIFTY: strikes below').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('600');
    await page.getByText('NIFTY: strikes below needs 500 or less.').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('10');
    await page.getByText('not saved').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await pressBy(page.getByRole('button', { name: 'Save', exact: true }));
    await page.getByText('Saved as revision 1.').waitFor();
    await page.getByText('from the next build on').waitFor();

    const { revision, rules } = await universe();
    expect([revision, rules.map(({ symbol }) => symbol)]).toEqual([
      1, ['NIFTY', 'SENSEX', 'BANKNIFTY', 'CRUDEOIL'],
    ]);
    expect(rules[0]?.window.below).toBe(10);
    expect(unexpected(problems)).toEqual([]);
  });

  it('is put in order with the mouse, and a rule is taken out', async () => {
    const page = await visitRules();
    const first = (await namesOf(page))[0];
    // Nothing below comes or grows any more, and the rows stand still.
    await page.getByText('All of it fits.').waitFor();
    await page.locator('li.rule .handle').first().hover();
    const [from, to] = await Promise.all(
      [0, 2].map((row) => page.locator('li.rule .handle').nth(row).boundingBox()),
    );
    await page.mouse.move(from!.x + 10, from!.y + 10);
    await page.mouse.down();
    await page.mouse.move(to!.x + 10, to!.y + to!.height, { steps: 8 });
    await page.mouse.up();
    await expect.poll(async () => (await namesOf(page))[2], soon).toBe(first);
    await page.getByRole('button', { name: `Remove ${first}` }).click();
    await expect.poll(() => namesOf(page), soon).not.toContain(first);
    await page.getByText('Goes', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo all changes' }).click();
    await expect.poll(async () => (await namesOf(page))[0], soon).toBe(first);
    await page.getByRole('button', { name: `Remove ${first}` }).click();
    await page.getByRole('button', { name: 'Reset to defaults' }).click();
    await expect.poll(() => namesOf(page), soon).toEqual(['NIFTY', 'BANKNIFTY', 'SENSEX']);
  });

  it('says when somebody else has saved meanwhile, and loads that', async () => {
    const page = await visitRules();
    const { rules, revision } = await universe();
    await fieldOf(page, 'NIFTY: served').uncheck();
    // Those whose chains are looked at later, should they be built anew before that.
    const fewer = rules.filter(({ symbol }) => symbol === 'NIFTY' || symbol === 'BANKNIFTY');
    const saved = await run.platform.fetch('/api/universe', {
      method: 'PUT',
      body: JSON.stringify({ rules: fewer, revision }),
      headers: { 'content-type': 'application/json' },
    });
    expect(saved.status).toBe(200);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody has saved other rules meanwhile').waitFor();
    expect((await universe()).rules).toHaveLength(2);
    await page.getByRole('button', { name: 'Drop mine and load again' }).click();
    await expect.poll(() => namesOf(page), soon).toHaveLength(2);
    await expect.poll(() => fieldOf(page, 'NIFTY: served').isChecked(), soon).toBe(true);
  });

  it('is refreshed by hand after it is said what that costs, and followed to the end', async () => {
    const { page, problems } = await run.visit('/universe/refresh');
    await page.getByText('Nothing of the build is left.').waitFor();
    await page.getByRole('combobox', { name: 'Underlying to refresh' }).focus();
    await page.keyboard.type('bankn');
    await takeFound(page, 'BANKNIFTY');
    await pressBy(page.getByRole('button', { name: 'Refresh…' }));
    const dialog = page.getByRole('dialog', { name: 'Refresh all chains of BANKNIFTY' });
    await dialog.filter({ hasText: /\d+ requests to the broker\s*and about \d+ s/ }).waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Refresh', exact: true }).click();
    await page.locator('.jobs li .tag', { hasText: 'done' }).first().waitFor();
    const { jobs } = await run.read<RefreshJobs>('/api/optionchain/refresh');
    expect(jobs[0]).toMatchObject({ state: 'done', by: 'admin', failed: [] });
    expect(unexpected(problems)).toEqual([]);
  });

  it('has one chain refreshed from the chain itself', async () => {
    const { page, problems } = await run.visit('/chain/NIFTY');
    await page.locator('tr.atm').waitFor();
    await page.getByRole('button', { name: 'Refresh' }).click();
    const dialog = page.getByRole('dialog', { name: /^Refresh NIFTY \d{4}-\d\d-\d\d$/ });
    await dialog.getByText('1 request').waitFor();
    await dialog.getByRole('button', { name: 'Refresh', exact: true }).click();
    await page.getByText('Refreshed', { exact: true }).waitFor();
    const { jobs } = await run.read<RefreshJobs>('/api/optionchain/refresh');
    expect(jobs[0]).toMatchObject({ state: 'done', chains: 1, failed: [] });
    expect(unexpected(problems)).toEqual([]);
  });

  it.each<[Size, Theme]>([['desktop', 'light'], ['tablet', 'dark'], ['phone', 'light']])(
    'fits a %s and has no barrier (%s)',
    async (size, theme) => {
      const { page, problems } = await run.visit('/universe', { size, theme });
      await page.locator('li.rule').first().waitFor();
      for (const [part, told] of [
        ['Rules', 'What is served'],
        ['Capacity', 'Accounts and their sockets'],
        ['Refresh', 'Refreshes that were asked for'],
      ] as const) {
        await page.getByRole('link', { name: part, exact: true }).click();
        await page.getByRole('heading', { name: told }).waitFor();
        const current = page.getByRole('navigation', { name: 'Parts of the universe' });
        await expect.poll(() => current.locator('[aria-current]').innerText(), soon).toBe(part);
        expect(await overflowOf(page)).toBeLessThanOrEqual(0);
        expect(await barriersIn(page)).toEqual([]);
      }
      expect(unexpected(problems)).toEqual([]);
    },
  );
});
