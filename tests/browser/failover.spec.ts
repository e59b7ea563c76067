import type { Failover } from '@strikewire/contracts';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import {
  barriersIn, overflowOf, pressBy, soon, type Size, type Theme,
} from './console-page';
import { useConsole } from './console-run';
import { unexpected } from './signed-out';

const run = useConsole();
const failover = (): Promise<Failover> => run.read('/api/failover');
const namesOf = (page: Page): Promise<string[]> => page.locator('li.account h3').allInnerTexts();
const rowOf = (page: Page, label: string) => page.locator('li.account', { hasText: label });
const savedOrder = async (): Promise<string[]> =>
  (await failover()).accounts.map(({ label }) => label);

async function send(method: 'POST' | 'PUT', path: string, body: object): Promise<void> {
  const answer = await run.platform.fetch(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
}

beforeAll(async () => {
  const simulated = (await run.platform.sim('accounts')) as { clientId: string; token: string }[];
  for (const [index, label] of ['Second', 'Third'].entries()) {
    const { clientId, token: accessToken } = simulated[index + 1] ?? {};
    const credentials = { clientId, accessToken };
    await send('POST', '/api/accounts', { broker: 'dhan', label, credentials });
  }
  const isLive = ({ sockets }: Failover['accounts'][number]): boolean => sockets.live > 0;
  await eventually(failover, ({ accounts }) => accounts.length === 3 && accounts.every(isLive));
});

// By itself the order follows how well each account does, which on a busy machine is chance.
beforeEach(async () => {
  const { accounts } = await failover();
  const ids = accounts.toSorted((a, b) => Number(b.primary) - Number(a.primary) ||
    (a.label < b.label ? -1 : 1)).map(({ id }) => id);
  await send('PUT', '/api/failover/order', { accounts: ids });
});

async function visit(viewing: { size?: Size; theme?: Theme } = {}) {
  const opened = await run.visit('/failover', viewing);
  await rowOf(opened.page, 'Third').waitFor();
  return opened;
}

describe('failover', () => {
  it('is ordered by keyboard, told to those who hear it, and saved', async () => {
    const { page, problems } = await visit();
    const before = await namesOf(page);
    expect(before.slice(1)).toEqual(['Second', 'Third']);
    const handle = page.getByRole('button', { name: 'Move Third, place' });
    await handle.focus();
    await page.keyboard.press('Space');
    await page.getByText(/^Third is grabbed at place 3 of 3/).waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowUp');
    // The primary account stays first.
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => namesOf(page), soon).toEqual([before[0], 'Third', 'Second']);
    await page.keyboard.press('Escape');
    await expect.poll(() => namesOf(page), soon).toEqual(before);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    const focused = page.locator(':focus');
    await expect.poll(() => focused.getAttribute('aria-label'), soon)
      .toMatch(/^Move Third, place 2/);
    await page.keyboard.press('Space');
    await page.getByText('not saved').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await pressBy(page.getByRole('button', { name: 'Save the order' }));
    await page.getByText('not saved').waitFor({ state: 'detached' });
    await page.getByText('ordered by hand').waitFor();
    expect(await savedOrder()).toEqual([before[0], 'Third', 'Second']);

    await page.getByRole('button', { name: 'Order by itself' }).click();
    await page.getByText('ordered by itself').waitFor();
    expect((await failover()).isOrdered).toBe(false);
    expect(unexpected(problems)).toEqual([]);
  });

  it('is ordered with the mouse, and taken back', async () => {
    const { page } = await visit();
    const before = await namesOf(page);
    const boxOf = (label: string) => rowOf(page, label).locator('.handle').boundingBox();
    // Stands still by then.
    await rowOf(page, 'Second').locator('.handle').hover();
    const [from, to] = [await boxOf('Second'), await boxOf('Third')];
    await page.mouse.move(from!.x + 10, from!.y + 10);
    await page.mouse.down();
    await page.mouse.move(to!.x + 10, to!.y + to!.height + 30, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => namesOf(page), soon).toEqual([before[0], 'Third', 'Second']);
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect.poll(() => namesOf(page), soon).toEqual(before);
    expect(await savedOrder()).toEqual(before);
  });

  it('switches to an account after it is said what that does, and ends the switch', async () => {
    const { page, problems } = await visit();
    await rowOf(page, 'Second').getByRole('button', { name: 'Switch here' }).click();
    const dialog = page.getByRole('dialog', { name: 'Switch to Second' });
    await dialog.getByText('which carry together').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Switch', exact: true }).click();
    await page.getByText('Second is put first by hand').waitFor();
    const second = (await failover()).accounts.find(({ label }) => label === 'Second');
    expect((await failover()).forced).toBe(second?.id);
    await rowOf(page, 'Second').getByRole('button', { name: 'End the switch' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the switch' }).click();
    await page.getByText('Second is put first by hand').waitFor({ state: 'detached' });
    expect((await failover()).forced).toBeNull();
    expect(unexpected(problems)).toEqual([]);
  });

  it('drains an account, tells who carries since, and puts it back', async () => {
    const { page, problems } = await visit();
    await rowOf(page, 'Third').getByRole('button', { name: 'Drain' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain', exact: true }).click();
    await rowOf(page, 'Third').getByText('drained', { exact: true }).waitFor();
    const history = page.getByRole('region', { name: 'What changed hands' });
    await history.getByText('By hand').first().waitFor();
    await rowOf(page, 'Third').getByRole('button', { name: 'Put back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put back', exact: true }).click();
    await rowOf(page, 'Third').getByText('drained', { exact: true }).waitFor({ state: 'detached' });
    await rowOf(page, 'Third').getByText('observes', { exact: true }).waitFor();
    expect(unexpected(problems)).toEqual([]);
  });

  it.each<[Size, Theme]>([['desktop', 'light'], ['tablet', 'dark'], ['phone', 'light']])(
    'fits a %s and has no barrier (%s)',
    async (size, theme) => {
      const { page, problems } = await visit({ size, theme });
      await page.getByRole('button', { name: /that are ready$/ }).click();
      await page.getByText('Token of Third').waitFor();
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await barriersIn(page)).toEqual([]);
      expect(unexpected(problems)).toEqual([]);
    },
  );

  it('says in plain words what fails, who carries now, and what is done about it', async () => {
    const { page, problems } = await visit();
    const [primary] = (await run.platform.sim('accounts')) as { clientId: string }[];
    await run.platform.sim('faults', { kind: 'expireToken', clientId: primary?.clientId });
    await page.getByRole('heading', { name: 'Another account carries the data' }).waitFor();
    await page.getByText(/ is parked .*Second.* now\./).waitFor();
    await page.getByText('waits for an admin: test it under Accounts').waitFor();
    const history = page.getByRole('region', { name: 'What changed hands' });
    // How long it took is told once ticks have come again.
    const row = history.getByRole('row').filter({ hasText: 'Token refused' });
    await row.filter({ hasText: /\d (ms|s)/ }).first().waitFor();
    expect(await barriersIn(page)).toEqual([]);
    expect(unexpected(problems)).toEqual([]);
  });
});
