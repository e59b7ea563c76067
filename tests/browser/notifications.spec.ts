import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/real-platform';
import { barriersIn, overflowOf } from './console-page';
import { useConsole } from './console-run';

interface Received {
  signature: string;
  body: string;
}

const run = useConsole({ hasChains: false });
const secret = 'a secret of the receiver';
const received: Received[] = [];
let receiver: Server;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ signature: String(request.headers['x-strikewire-signature']), body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => receiver.close());

describe('a channel', () => {
  it('is added, tested with a signed message, turned off and deleted', async () => {
    const { port } = receiver.address() as AddressInfo;
    const { page, problems } = await run.visit('/notifications');
    await page.getByText('No channels yet').waitFor();
    await page.getByRole('button', { name: 'Add a channel' }).click();
    await page.locator('.el-dialog input:focus').waitFor();
    expect(await barriersIn(page)).toEqual([]);
    await page.getByLabel('Name').fill('Desk chat');
    await page.getByLabel('Address').fill('chat.example');
    await page.getByRole('button', { name: 'Add the channel' }).click();
    await page.getByText('Needs to be an http or https address').waitFor();
    await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
    await page.getByLabel('Secret').fill(secret);
    await page.getByRole('button', { name: 'Add the channel' }).click();

    await page.getByRole('button', { name: 'Test Desk chat' }).click();
    await page.getByText('Desk chat: delivered').waitFor();
    const [{ signature, body } = { signature: '', body: '' }] = received;
    const [, at = '', digest = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(signature) ?? [];
    expect(digest).toBe(createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'));
    expect(await page.content()).not.toContain(secret);

    await page.getByRole('button', { name: 'Turn Desk chat off' }).click();
    await page.getByRole('row', { name: 'Desk chat' }).getByText('off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete Desk chat' }).click();
    await page.getByLabel('Type Desk chat to confirm').fill('Desk chat');
    await page.keyboard.press('Enter');
    await page.getByText('No channels yet').waitFor();
    expect(problems).toEqual([]);
  });
});

describe('the bell', () => {
  it('counts what is new and shows it once', async () => {
    const { page, problems } = await run.visit('/status', { size: 'phone' });
    let unread = 2;
    const told = (id: number) => ({
      id,
      at: '2026-11-24T09:15:00+05:30',
      severity: id === 2 ? 'critical' : 'warning',
      kind: 'feed.silent',
      title: `The feed is silent (${id})`,
      text: 'No tick for 8 s while the market is open.',
      count: id,
    });
    await page.route('**/api/notifications', (route) =>
      route.fulfill({ json: { notifications: [told(2), told(1)], unread } }),
    );
    await page.route('**/api/notifications/read', (route) => {
      expect(route.request().postDataJSON()).toEqual({ upTo: 2 });
      unread = 0;
      return route.fulfill({ status: 204 });
    });
    await page.reload();
    const bell = page.getByRole('button', { name: 'Notifications' });
    await page.getByRole('button', { name: 'Notifications, 2 new' }).click();
    await page.getByText('The feed is silent (2)').waitFor();
    await page.getByText('2 times').waitFor();
    expect([await overflowOf(page), await barriersIn(page)]).toEqual([0, []]);
    await page.keyboard.press('Escape');
    await eventually(() => bell.innerText(), (text) => text.trim() === 'Notifications');
    expect(await page.getByText('The feed is silent (2)').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
