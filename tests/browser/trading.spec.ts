import type { Expiries, Instruments, Orders, Positions, Trading } from '@strikewire/contracts';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { admin, eventually } from '../support/real-platform';
import {
  barriersIn,
  overflowOf,
  pressBy,
  soon,
  stripOf,
  untilChain,
  type ConsolePage,
} from './console-page';
import { useConsole } from './console-run';
import { askForPassword, unexpected } from './signed-out';

const run = useConsole();
const dialogOf = (page: Page): Locator => page.getByRole('dialog');

/** A ticket on the option that is so many rows below the one at the money. */
async function openTicket(page: Page, key: 'b' | 's', rows = 0): Promise<Locator> {
  await untilChain(page, 'NIFTY');
  for (let at = 0; at <= rows; at++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press(key);
  const ticket = dialogOf(page);
  await ticket.locator('input[data-first]:focus').waitFor();
  return ticket;
}

/** At the market: a limit near the touch comes of it, and waits when the market moves away. */
async function takeMarket(ticket: Locator): Promise<void> {
  await pressBy(ticket.getByRole('radio', { name: 'Market' }), 'Space');
  await ticket.getByText('Limit sent').waitFor();
}

const priceOf = (ticket: Locator): Locator => ticket.getByLabel('Price', { exact: true });

/** The price that a new ticket proposes, so many times: rupees on the tick. */
async function touchTimes(ticket: Locator, factor: number): Promise<number> {
  const touch = await eventually(() => priceOf(ticket).inputValue(), (text) => Number(text) > 0);
  return Math.ceil(Number(touch) * factor * 20) / 20;
}

/** At a limit through the book: it is filled though the market moves away, and at the book. */
async function takeBook(ticket: Locator, price: number): Promise<void> {
  await pressBy(ticket.getByRole('radio', { name: 'Limit', exact: true }), 'Space');
  await priceOf(ticket).fill(price.toFixed(2));
}

async function place(leg: object): Promise<Response> {
  const body = { requestId: crypto.randomUUID(), account: 'paper', legs: [leg] };
  return run.platform.fetch('/api/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Readable for everybody, no wider than its window, and nothing has gone wrong on the way. */
async function isReadable({ page, problems }: ConsolePage): Promise<void> {
  expect([page.url(), await overflowOf(page), await barriersIn(page)])
    .toEqual([page.url(), 0, []]);
  expect(unexpected(problems)).toEqual([]);
}

describe('by keyboard', () => {
  it('an option is bought from the chain on paper, followed, and sold again', async () => {
    const opened = await run.visit('/');
    const { page } = opened;
    const ticket = await openTicket(page, 'b');
    const farPrice = await touchTimes(ticket, 2);
    await page.keyboard.type('2');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('10.03');
    await ticket.getByText('Needs steps of 0.05').waitFor();
    expect(await priceOf(ticket).getAttribute('aria-invalid')).toBe('true');
    const submit = ticket.getByRole('button', { name: 'Place paper order: Buy 2 lots' });
    expect(await submit.isDisabled()).toBe(true);
    await takeMarket(ticket);
    await isReadable(opened);
    await takeBook(ticket, farPrice);
    await pressBy(submit);
    await ticket.getByText('1 order filled').waitFor();

    await pressBy(ticket.getByRole('link', { name: 'See all orders' }));
    const rows = page.locator('table.rows tbody tr');
    await rows.getByText('130 of 130').waitFor();
    await isReadable(opened);
    const [order] = (await run.read<Orders>('/api/orders')).orders;
    const leg = { contract: order?.contract, side: 'BUY', product: 'intraday', quantity: 65 };
    const far = { type: 'LIMIT', price: farPrice };
    expect((await place({ ...leg, ...far })).status).toBe(200);
    await rows.first().getByText('65 of 65').waitFor();
    await rows.first().getByText('filled', { exact: true }).waitFor();

    await pressBy(page.getByRole('link', { name: 'Trades' }));
    const trades = /^([2-9]|\d\d+) trades, .* rupees of charges$/;
    await page.getByRole('heading', { name: trades }).waitFor();
    await isReadable(opened);
    await pressBy(page.getByRole('link', { name: 'Positions' }));
    await rows.getByText('+195', { exact: true }).waitFor();
    await isReadable(opened);
    await pressBy(page.getByRole('button', { name: /^Exit NIFTY/ }));
    const exit = dialogOf(page);
    await exit.locator('tbody tr').waitFor();
    await isReadable(opened);
    await pressBy(exit.getByRole('button', { name: 'Exit the position, paper' }));
    await exit.getByText('1 order filled').waitFor();
    await page.keyboard.press('Escape');
    await rows.getByText('flat').waitFor();
    const { positions } = await run.read<Positions>('/api/positions');
    expect(positions.map(({ netQuantity }) => netQuantity)).toEqual([0]);
    await rows.locator('[data-label="After charges"]').getByText(/^[+−]\d/).waitFor();
  });

  it('two legs are placed as one basket, with payoff and margin seen before', async () => {
    // Of the second expiry: what ends in a moment doubles and halves in a moment.
    const path = '/api/optionchain/expiries?underlying=NIFTY';
    const expiry = (await run.read<Expiries>(path)).chains[1]?.expiry ?? '';
    const opened = await run.visit(`/chain/NIFTY/${expiry}`);
    const { page } = opened;
    for (const [key, rows] of [['s', 0], ['b', 3]] as const) {
      const ticket = await openTicket(page, key, rows);
      await takeBook(ticket, await touchTimes(ticket, key === 'b' ? 1.05 : 0.95));
      await pressBy(ticket.getByRole('button', { name: 'Add to basket' }));
      if (key === 'b') break;
      await page.keyboard.press('Escape');
      await ticket.waitFor({ state: 'hidden' });
    }
    await pressBy(page.getByRole('link', { name: 'open it' }));
    const payoff = { name: /^Payoff at expiry: at most \+.* break-even at/ };
    await page.getByRole('img', payoff).waitFor();
    await page.getByText('Peak on the way').waitFor();
    // The bought leg goes first: it makes the sold one cheap.
    await page.locator('tbody tr').nth(1).locator('[data-label=Goes]').getByText(/^1/).waitFor();
    await isReadable(opened);
    await pressBy(page.getByRole('button', { name: 'Place paper basket of 2 legs' }));
    await page.getByRole('heading', { name: '2 orders filled' }).waitFor();
    await page.getByText('The basket is empty').waitFor();

    await pressBy(page.getByRole('link', { name: 'Risk' }));
    const funds = page.getByRole('region', { name: 'Funds' });
    await funds.getByRole('meter').waitFor();
    const blocked = funds.locator('dl div', { hasText: 'Blocked' }).locator('dd');
    await expect.poll(async () => Number((await blocked.innerText()).replaceAll(',', '')), soon)
      .toBeGreaterThan(10_000);
    const held = page.getByRole('region', { name: 'Margin of what is held' });
    await held.getByRole('rowheader', { name: /^NIFTY/ }).waitFor();
    await isReadable(opened);
  });
});

describe('the kill switch', () => {
  it('is pulled by its word, is told everywhere, and released with the password', async () => {
    const opened = await run.visit('/risk');
    const { page } = opened;
    await pressBy(page.getByRole('button', { name: 'Stop all orders' }));
    await dialogOf(page).getByLabel('Why, for the record').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('a test');
    const pull = dialogOf(page).getByRole('button', { name: 'Stop all orders' });
    expect(await pull.isDisabled()).toBe(true);
    await isReadable(opened);
    await dialogOf(page).getByLabel('Type STOP to confirm').focus();
    await page.keyboard.type('STOP');
    await page.keyboard.press('Enter');
    await page.getByText('Kill switch: pulled, no orders are taken').waitFor();
    await isReadable(opened);
    for (const [link, title] of [['Orders', 'Orders'], ['Accounts', 'Accounts']] as const) {
      await pressBy(page.getByRole('link', { name: link, exact: true }).first());
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await eventually(() => stripOf(page), (items) => items[0] === 'Orders stopped');
    }
    await pressBy(page.getByRole('link', { name: 'Chain', exact: true }));
    const ticket = await openTicket(page, 'b');
    await ticket.getByText('No orders are taken: the kill switch is pulled.').waitFor();
    const submit = ticket.getByRole('button', { name: 'Place paper order' });
    await expect.poll(() => submit.isDisabled(), soon).toBe(true);
    const [order] = (await run.read<Orders>('/api/orders')).orders;
    const leg = { contract: order?.contract, side: 'BUY', type: 'SMART', product: 'intraday' };
    const refused = await place({ ...leg, quantity: 65 });
    expect(await refused.text()).toContain('kill_switch');
    await page.keyboard.press('Escape');
    await ticket.waitFor({ state: 'hidden' });

    await askForPassword(page, '/api/kill-switch');
    await pressBy(page.getByRole('link', { name: 'Orders stopped' }));
    await pressBy(page.getByRole('button', { name: 'Release' }));
    await confirmBy(page, 'release');
    await page.getByText('Kill switch: not pulled').waitFor();
    await eventually(() => stripOf(page), (items) => !items.includes('Orders stopped'));
    expect((await place({ ...leg, quantity: 65 })).status).toBe(200);
    expect(unexpected(opened.problems)).toEqual([]);
  });
});

/** Types the wanted word, then the password. */
async function confirmBy(page: Page, word: string): Promise<void> {
  await page.getByLabel(`Type ${word} to confirm`).and(page.locator(':focus')).waitFor();
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  await givePassword(page);
}

async function givePassword(page: Page): Promise<void> {
  await page.locator('input[type=password]:focus').waitFor();
  await page.keyboard.type(admin.password);
  await page.keyboard.press('Enter');
}

describe('live orders', () => {
  it('are switched on by name and password, need their word, and are marked', async () => {
    const opened = await run.visit('/accounts');
    const { page } = opened;
    await askForPassword(page, '/live');
    await pressBy(page.getByRole('button', { name: 'Turn on live orders of Dhan' }));
    await confirmBy(page, 'Dhan');
    await page.getByText('Live orders: ON').waitFor();
    await isReadable(opened);
    const { accounts } = await run.read<Trading>('/api/trading');
    expect(accounts.find(({ mode }) => mode === 'live')).toMatchObject({ live: true, open: true });

    await pressBy(page.getByRole('link', { name: 'Chain', exact: true }));
    const ticket = await openTicket(page, 'b');
    await takeBook(ticket, await touchTimes(ticket, 2));
    await pressBy(ticket.getByRole('radio', { name: 'LIVE Dhan' }), 'Space');
    await ticket.getByText('Real money: orders go to Dhan').waitFor();
    const submit = ticket.getByRole('button', { name: 'Place LIVE order: Buy 1 lot' });
    expect(await submit.isDisabled()).toBe(true);
    await ticket.getByLabel('Type LIVE to confirm').focus();
    await page.keyboard.type('LIVE');
    await isReadable(opened);
    await pressBy(submit);
    await ticket.getByText('1 order filled').waitFor();
    await pressBy(ticket.getByRole('link', { name: 'See all orders' }));
    const row = page.locator('table.rows tbody tr').first();
    await expect.poll(() => row.getAttribute('data-mode'), soon).toBe('live');
    await row.getByText('LIVE', { exact: true }).waitFor();
    await isReadable(opened);
  });
});

describe('a position that is another at the broker', () => {
  it('is compared, told and adopted with its word and the password', async () => {
    const { platform } = run;
    const [owner] = (await platform.sim('accounts')) as { clientId: string }[];
    const account = owner?.clientId;
    const { instruments } = await run.read<Instruments>(
      '/api/optionchain/instruments?underlying=NIFTY');
    const securityId = Number(instruments.at(instruments.length / 2)?.token);
    await platform.sim('orders', {
      account, segment: 'NSE_FNO', securityId, side: 'BUY', type: 'MARKET', quantity: 65,
    });
    const opened = await run.visit('/orders/positions', { theme: 'light' });
    const { page } = opened;
    const row = page.locator('tr', { has: page.getByRole('button', { name: /^Adopt / }) });
    await eventually(async () => {
      await page.getByRole('button', { name: 'Compare Dhan' }).click();
      return row.count();
    }, (count) => count === 1);
    await row.getByText('+65').waitFor();
    await isReadable(opened);
    await askForPassword(page, '/adopt');
    await pressBy(row.getByRole('button', { name: /^Adopt / }));
    const dialog = dialogOf(page);
    await dialog.getByText('its average is the broker\'s').waitFor();
    await isReadable(opened);
    await dialog.getByLabel('Why, for the record').fill('traded by phone');
    await dialog.getByLabel('Type LIVE to confirm').fill('LIVE');
    await pressBy(dialog.getByRole('button', { name: 'Make it agree, LIVE' }));
    await givePassword(page);
    await page.getByText('No difference is known').waitFor();
    const { positions } = await run.read<Positions>('/api/positions');
    const isIt = (one: Positions['positions'][number]): boolean =>
      one.account.mode === 'live' && one.product === 'carry';
    expect(positions.filter(isIt).map(({ netQuantity }) => netQuantity)).toEqual([65]);
    await isReadable(opened);
  });
});

describe('on a phone', () => {
  it('a ticket is opened from the books, and every page fits', async () => {
    const opened = await run.visit('/', { size: 'phone', theme: 'light' });
    const { page } = opened;
    await untilChain(page, 'NIFTY');
    await page.locator('tr.atm').click();
    await page.getByRole('button', { name: /^Sell the .* put$/ }).click();
    const ticket = dialogOf(page);
    await ticket.getByText('Limit sent').waitFor();
    const submit = ticket.getByRole('button', { name: 'Place paper order: Sell 1 lot' });
    await isReadable(opened);
    await expect.poll(async () => (await submit.boundingBox())?.y, soon).toBeLessThan(844);
    for (const path of ['/orders', '/orders/trades', '/orders/positions', '/risk', '/basket']) {
      await page.goto(run.platform.url(path));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.page .card').first().waitFor();
      await isReadable(opened);
    }
  });
});
