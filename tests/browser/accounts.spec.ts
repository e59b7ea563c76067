import type { Accounts } from '@strikewire/contracts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import { barriersIn, pressBy } from './console-page';
import { useConsole } from './console-run';
import { unexpected } from './signed-out';

interface SimulatedAccount {
  clientId: string;
  token: string;
}

const run = useConsole();

async function simulated(index: number): Promise<SimulatedAccount> {
  const account = ((await run.platform.sim('accounts')) as SimulatedAccount[])[index];
  if (!account) throw new Error(`the simulator has no account ${index}`);
  return account;
}

const cardOf = (page: Page, label: string) => page.getByRole('region', { name: label });

describe('an account', () => {
  it('is added by keyboard, tested before it is saved', async () => {
    const { clientId, token } = await simulated(1);
    const { page, problems } = await run.visit('/accounts');
    await page.locator('.cards .card').first().waitFor();
    const add = page.getByRole('button', { name: 'Add an account' });
    await pressBy(add);
    await page.locator('.el-dialog input:focus').waitFor();
    // Past the choice of the broker.
    await page.keyboard.press('Tab');
    await page.keyboard.type('Second');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12x');
    await page.keyboard.press('Enter');
    await page.getByText('Needs the 4 to 12 digits').waitFor();
    await page.getByText('Needs the access token').waitFor();
    expect(await barriersIn(page)).toEqual([]);

    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(clientId);
    await page.keyboard.press('Tab');
    await page.keyboard.type('x'.repeat(40));
    const test = page.getByRole('dialog').getByRole('button', { name: 'Test connection' });
    await pressBy(test);
    await page.getByRole('dialog').getByText('Refused', { exact: true }).waitFor();
    await page.getByLabel('Access token').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(token);
    await pressBy(test);
    await page.getByRole('dialog').getByText('Connection works').waitFor();
    await page.getByLabel('Label').focus();
    await page.keyboard.press('Enter');

    await cardOf(page, 'Second').getByText('ready').waitFor();
    expect(await page.content()).not.toContain(token);
    expect(await barriersIn(page)).toEqual([]);
    expect(unexpected(problems)).toEqual([]);
  });

  it('gets its new token of the day in two clicks', async () => {
    const { clientId } = await simulated(1);
    const renewed = (await run.platform.sim('accounts/renew', { clientId })) as SimulatedAccount;
    const { page } = await run.visit('/accounts');
    await cardOf(page, 'Second').getByRole('button', { name: 'New token' }).click();
    await page.locator('.el-dialog input:focus').waitFor();
    await page.keyboard.insertText(renewed.token);
    await page.getByRole('button', { name: 'Test and save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await cardOf(page, 'Second').getByRole('button', { name: 'Test connection' }).click();
    await cardOf(page, 'Second').getByText('Connection works').waitFor();
    await cardOf(page, 'Second').getByText(/token expires in (23 h|1 d|24 h)/).first().waitFor();
  });

  it('becomes primary, is disabled and deleted only when that is confirmed', async () => {
    const { page } = await run.visit('/accounts');
    const second = cardOf(page, 'Second');
    await second.getByRole('button', { name: 'Make primary' }).click();
    const submit = page.getByRole('button', { name: 'Make it primary' });
    expect(await submit.isDisabled()).toBe(true);
    await page.getByLabel('Type primary to confirm').fill('primary');
    await submit.click();
    await second.getByText('primary', { exact: true }).waitFor();
    await second.getByText('in use').waitFor();

    const first = page.locator('.cards .card').nth(1);
    await first.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await first.getByText('off', { exact: true }).waitFor();
    await first.getByRole('button', { name: 'Enable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click();
    await first.getByText('ready').waitFor();
    await first.getByRole('button', { name: 'Make primary' }).click();
    await page.getByLabel('Type primary to confirm').fill('primary');
    await submit.click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await second.getByRole('button', { name: 'Delete' }).click();
    await page.getByLabel('Type Second to confirm').fill('second');
    expect(await page.getByRole('button', { name: 'Delete the account' }).isDisabled()).toBe(true);
    await page.getByLabel('Type Second to confirm').fill('Second');
    await page.getByRole('button', { name: 'Delete the account' }).click();
    await second.waitFor({ state: 'detached' });
    const { accounts } = await run.read<Accounts>('/api/accounts');
    expect(accounts.map(({ primary }) => primary)).toEqual([true]);
    const status = (): Promise<{ phase: string }> => run.read('/api/optionchain/status');
    await eventually(status, ({ phase }) => phase === 'live');
  });
});
